package log

import "colibri/firmware/device/calendar"

// Level says how much a line matters. The names and their order are those of Mongoose OS.
type Level uint8

// The levels; a logger writes the lines of its own level and of those before it.
const (
	Error Level = iota
	Warn
	Info
	Debug
)

// Sink takes finished lines, without line ends. It keeps no slice it was handed and blocks for as long as a
// line may stop the device.
type Sink interface {
	Line(level Level, line []byte)
}

// maxLine is the largest length of a line; what is longer is cut and ends in "...".
const maxLine = 240

// maxPiece bounds what one piece from the network adds to a line.
const maxPiece = 96

// sourceWidth is the width of the column of sources.
const sourceWidth = 12

// Logger makes lines and gives them to its sink. The zero value and nil drop them. It belongs to one goroutine.
type Logger struct {
	sink  Sink
	level Level
	mono  int64 // milliseconds since the start
	unix  int64 // milliseconds since 1970, 0 if unknown
	line  Line
}

// Line is a line in the making; the nil Line, of a level that is off, swallows everything.
type Line struct {
	logger *Logger
	level  Level
	cut    bool
	n      int
	buf    [maxLine]byte
}

// Init sets where lines go and up to which level.
func (l *Logger) Init(sink Sink, level Level) { l.sink, l.level = sink, level }

// SetTime sets the time of the lines to come, in milliseconds: since the start, and since 1970 or 0 if that
// is unknown.
func (l *Logger) SetTime(mono, unix int64) {
	if l != nil {
		l.mono, l.unix = mono, unix
	}
}

// At begins a line of a level and a source, or returns the nil Line if the level is off. One line can be in
// the making at a time.
func (l *Logger) At(level Level, source string) *Line {
	if l == nil || l.sink == nil || level > l.level {
		return nil
	}
	b := &l.line
	b.logger, b.level, b.cut, b.n = l, level, false, 0
	b.put('[')
	if l.unix != 0 {
		var stamp [calendar.StampLen]byte
		calendar.Of(l.unix/1000).Stamp(&stamp, int(l.unix%1000))
		for _, c := range stamp {
			b.put(c)
		}
	} else {
		b.put('+')
		b.Int(l.mono / 1000)
		b.put('.')
		b.put('0' + byte(l.mono/100%10))
		b.put('0' + byte(l.mono/10%10))
		b.put('0' + byte(l.mono%10))
	}
	b.Str("] ").Str(source)
	for range sourceWidth - len(source) {
		b.put(' ')
	}
	b.put(' ')
	return b
}

// Str adds a text of the program.
func (b *Line) Str(s string) *Line {
	if b != nil {
		for i := range len(s) {
			b.put(s[i])
		}
	}
	return b
}

// Bytes adds a text from elsewhere, escaped: control characters, backslashes and bytes beyond ASCII become
// \xhh.
func (b *Line) Bytes(p []byte) *Line {
	const hex = "0123456789abcdef"
	if b == nil {
		return nil
	}
	long := len(p) > maxPiece
	if long {
		p = p[:maxPiece]
	}
	for _, c := range p {
		if c < 0x20 || c > 0x7e || c == '\\' {
			b.put('\\')
			b.put('x')
			b.put(hex[c>>4])
			c = hex[c&15]
		}
		b.put(c)
	}
	if long {
		b.Str("...")
	}
	return b
}

// Int adds a number.
func (b *Line) Int(n int64) *Line {
	if b == nil {
		return nil
	}
	var digits [20]byte
	i := len(digits)
	u := uint64(n)
	if n < 0 {
		b.put('-')
		u = -u
	}
	for {
		i--
		digits[i] = '0' + byte(u%10)
		u /= 10
		if u == 0 {
			break
		}
	}
	for _, c := range digits[i:] {
		b.put(c)
	}
	return b
}

// Err adds the text of an error.
func (b *Line) Err(err error) *Line {
	if b == nil || err == nil {
		return b
	}
	return b.Str(err.Error())
}

// End gives the line to the sink.
func (b *Line) End() {
	if b == nil {
		return
	}
	if b.cut {
		copy(b.buf[maxLine-3:], "...")
	}
	b.logger.sink.Line(b.level, b.buf[:b.n])
}

func (b *Line) put(c byte) {
	if b.n == maxLine {
		b.cut = true
		return
	}
	b.buf[b.n] = c
	b.n++
}
