package kept

import "errors"

// Flash is two blocks or more of flash, with the methods that TinyGo's machine.Flash has.
type Flash interface {
	ReadAt(p []byte, off int64) (n int, err error)
	WriteAt(p []byte, off int64) (n int, err error) // at a multiple of 4, of a multiple of 4 bytes
	EraseBlockSize() int64
	EraseBlocks(start, length int64) error // numbers of blocks
}

// Errors of Keep. The text that was kept before is still there, unless the flash is broken altogether.
var (
	ErrTooLong = errors.New("kept: the text is longer than the store was made for")
	ErrFlash   = errors.New("kept: the flash does not hold what is written to it")
)

// Text is the store. It takes all its memory at the start.
type Text struct {
	flash  Flash
	block  int64  // the size of a block
	number uint32 // of the newest record, 0 if there is none
	in     int64  // the block that has it
	at     int64  // where in that block its text begins
	length int
	end    int64    // where in that block the next record may begin; block if nowhere
	size   int      // of the longest text
	pieces [64]byte // of what is read or written: a multiple of unit
}

const (
	magic  = 0x696c6f63
	header = 16
	unit   = 4
	erased = 0xff
)

// New opens the store in the first two blocks of flash, for texts of up to size bytes. It is nil if a block has no room for one.
func New(flash Flash, size int) *Text {
	t := &Text{flash: flash, block: flash.EraseBlockSize(), size: size}
	if space(size) > t.block {
		return nil
	}
	t.end = t.block
	for block := range int64(2) {
		t.walk(block)
	}
	return t
}

// space returns the bytes that the record of a text takes.
func space(length int) int64 { return header + int64(length+unit-1)/unit*unit }

// walk goes through the records of a block and takes note of the newest one of all.
func (t *Text) walk(block int64) {
	for at := int64(0); ; {
		number, length, ok := t.check(block, at)
		if !ok {
			if block == t.in {
				t.end = at
			}
			return
		}
		if number > t.number {
			t.number, t.in, t.at, t.length = number, block, at+header, length
		}
		at += space(length)
	}
}

// check reads the record at a place and reports whether it is one.
func (t *Text) check(block, at int64) (number uint32, length int, ok bool) {
	h := t.pieces[:header]
	if at+header > t.block || !t.read(h, block, at) || word(h) != magic {
		return 0, 0, false
	}
	number, length = word(h[4:]), int(word(h[8:]))
	if length < 0 || length > t.size || at+space(length) > t.block {
		return 0, 0, false
	}
	want, sum := word(h[12:]), crc(start, h[4:12])
	for done := 0; done < length; {
		p := t.pieces[:min(len(t.pieces), length-done)]
		if !t.read(p, block, at+header+int64(done)) {
			return 0, 0, false
		}
		sum = crc(sum, p)
		done += len(p)
	}
	return number, length, ^sum == want
}

// Load copies the text to p, as far as it fits, and returns how many bytes that are; 0 if none was ever kept.
func (t *Text) Load(p []byte) int {
	if t.number == 0 || !t.read(p[:min(len(p), t.length)], t.in, t.at) {
		return 0
	}
	return min(len(p), t.length)
}

// Keep keeps p in the place of what was kept before.
func (t *Text) Keep(p []byte) error {
	if len(p) > t.size {
		return ErrTooLong
	}
	if t.number > 0 && t.append(p, t.in, t.end) {
		return nil
	}
	// There is no room behind the newest record, or what was written does not stay.
	t.end = t.block
	other := int64(0)
	if t.number > 0 {
		other = 1 - t.in
	}
	if t.flash.EraseBlocks(other, 1) == nil && t.append(p, other, 0) {
		return nil
	}
	return ErrFlash
}

// append writes the record of a text where nothing is yet, and reads it back.
func (t *Text) append(p []byte, block, at int64) bool {
	if at+space(len(p)) > t.block || !t.blank(block, at, int(space(len(p)))) {
		return false
	}
	h := t.pieces[:header]
	putWord(h, magic)
	putWord(h[4:], t.number+1)
	putWord(h[8:], uint32(len(p)))
	putWord(h[12:], ^crc(crc(start, h[4:12]), p))
	if !t.write(h, block, at) {
		return false
	}
	for done := 0; done < len(p); done += len(t.pieces) {
		n := copy(t.pieces[:], p[done:])
		for ; n%unit != 0; n++ {
			t.pieces[n] = erased
		}
		if !t.write(t.pieces[:n], block, at+header+int64(done)) {
			return false
		}
	}
	number, n, ok := t.check(block, at)
	if !ok || number != t.number+1 || n != len(p) {
		return false
	}
	t.number, t.in, t.at, t.length, t.end = number, block, at+header, n, at+space(n)
	return true
}

// blank reports whether n bytes are as erasing leaves them.
func (t *Text) blank(block, at int64, n int) bool {
	for n > 0 {
		p := t.pieces[:min(len(t.pieces), n)]
		if !t.read(p, block, at) {
			return false
		}
		for _, b := range p {
			if b != erased {
				return false
			}
		}
		at, n = at+int64(len(p)), n-len(p)
	}
	return true
}

func (t *Text) read(p []byte, block, at int64) bool {
	n, err := t.flash.ReadAt(p, block*t.block+at)
	return err == nil && n == len(p)
}

func (t *Text) write(p []byte, block, at int64) bool {
	_, err := t.flash.WriteAt(p, block*t.block+at)
	return err == nil
}

func word(p []byte) uint32 {
	return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | uint32(p[3])<<24
}

func putWord(p []byte, n uint32) {
	p[0], p[1], p[2], p[3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
}
