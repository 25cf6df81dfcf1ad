package log

// Ring is a Sink that keeps the newest lines in memory, for boards whose console nobody watches.
type Ring struct {
	buf   []byte
	start int // offset of the oldest line
	used  int
}

// NewRing makes a ring of size bytes, at least one line.
func NewRing(size int) *Ring { return &Ring{buf: make([]byte, max(size, maxLine+1))} }

// Line implements Sink; the oldest lines make room.
func (r *Ring) Line(_ Level, line []byte) {
	for len(r.buf)-r.used < len(line)+1 {
		for r.drop() != '\n' {
		}
	}
	for _, c := range line {
		r.add(c)
	}
	r.add('\n')
}

func (r *Ring) add(c byte) {
	r.buf[(r.start+r.used)%len(r.buf)] = c
	r.used++
}

func (r *Ring) drop() byte {
	c := r.buf[r.start]
	r.start = (r.start + 1) % len(r.buf)
	r.used--
	return c
}

// Read copies lines from offset off on, counted from the oldest byte kept, to p and returns how many bytes
// that were; each line ends in '\n'.
func (r *Ring) Read(p []byte, off int) int {
	if off < 0 || off > r.used {
		return 0
	}
	n := min(len(p), r.used-off)
	for i := range n {
		p[i] = r.buf[(r.start+off+i)%len(r.buf)]
	}
	return n
}
