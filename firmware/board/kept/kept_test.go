package kept

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"testing"
)

const (
	blockSize = 256
	textSize  = 100
)

var errCut = errors.New("no power")

// chip is flash in memory. When its power has gone, nothing works; what was under way stops in the middle of a byte.
type chip struct {
	bytes  [3 * blockSize]byte // the third block is not ours
	power  int                 // bytes that can still be written or erased; -1: no end
	erased int                 // blocks
	random *rand.Rand
	stuck  map[int64]bool // bytes that do not take what is written
}

func newChip(power int) *chip {
	c := &chip{power: power, random: rand.New(rand.NewPCG(1, uint64(power)))}
	for i := range c.bytes {
		c.bytes[i] = byte(c.random.Uint32()) // of who had the flash before
	}
	return c
}

func (c *chip) ReadAt(p []byte, off int64) (int, error) {
	if c.power == 0 {
		return 0, errCut
	}
	return copy(p, c.bytes[off:]), nil
}

func (c *chip) EraseBlockSize() int64 { return blockSize }

// spend takes note of a byte's work; false: the power goes.
func (c *chip) spend() bool {
	if c.power > 0 {
		c.power--
	}
	return c.power != 0
}

func (c *chip) WriteAt(p []byte, off int64) (int, error) {
	if c.power == 0 {
		return 0, errCut
	}
	if off%unit != 0 || len(p)%unit != 0 || off < 0 || off+int64(len(p)) > 2*blockSize {
		return 0, fmt.Errorf("%d bytes at %d", len(p), off)
	}
	for i, b := range p {
		at := &c.bytes[off+int64(i)]
		switch {
		case !c.spend():
			*at &= b | byte(c.random.Uint32()) // some bits of it
			return i, errCut
		case !c.stuck[off+int64(i)]:
			*at &= b
		}
	}
	return len(p), nil
}

// EraseBlocks erases in any order: cells of a block are erased together, some sooner than others.
func (c *chip) EraseBlocks(first, count int64) error {
	if c.power == 0 {
		return errCut
	}
	if first < 0 || first > 1 || count != 1 {
		return fmt.Errorf("erase %d blocks from %d", count, first)
	}
	c.erased++
	block := c.bytes[first*blockSize:][:blockSize]
	for _, i := range c.random.Perm(blockSize) {
		if !c.spend() {
			block[i] |= byte(c.random.Uint32())
			return errCut
		}
		block[i] = erased
	}
	return nil
}

// text returns the text of a number, of a length that varies.
func text(i int) []byte {
	return bytes.Repeat([]byte{byte(i)}, (i*37+textSize)%(textSize+1))
}

func load(t *Text) []byte {
	p := make([]byte, textSize)
	return p[:t.Load(p)]
}

func TestKeepAndLoad(t *testing.T) {
	c := newChip(-1)
	if p := load(New(c, textSize)); len(p) != 0 {
		t.Fatalf("flash of somebody else has %q", p)
	}
	before := bytes.Clone(c.bytes[2*blockSize:])
	s := New(c, textSize)
	for i := range 100 {
		if err := s.Keep(text(i)); err != nil {
			t.Fatal(err)
		}
		if again := New(c, textSize); !bytes.Equal(load(s), text(i)) || !bytes.Equal(load(again), text(i)) {
			t.Fatalf("text %d: %q, and after a restart %q", i, load(s), load(again))
		}
	}
	if c.erased > 100/2 { // two records fit into a block at least
		t.Errorf("%d blocks were erased", c.erased)
	}
	if !bytes.Equal(before, c.bytes[2*blockSize:]) {
		t.Error("it has written beyond its two blocks")
	}
	if p := make([]byte, 5); s.Load(p) > 5 {
		t.Error("more than there is room for")
	}
	if s.Keep(make([]byte, textSize+1)) != ErrTooLong {
		t.Error("too long a text")
	}
	if New(c, blockSize) != nil {
		t.Error("a text may be longer than a block")
	}
}

// TestPowerCuts lets the power go at every byte that is written or erased, in writes and erasures of all kinds, and then once
// more while the store mends itself.
func TestPowerCuts(t *testing.T) {
	const texts = 12
	all := newChip(1 << 20)
	s := New(all, textSize)
	for i := range texts {
		if err := s.Keep(text(i)); err != nil {
			t.Fatal(err)
		}
	}
	bytesInAll := 1<<20 - all.power
	if all.erased < 4 {
		t.Fatalf("only %d blocks are erased: the test is too short", all.erased)
	}
	for cut := 1; cut <= bytesInAll; cut++ {
		c := newChip(cut)
		s := New(c, textSize)
		kept := -1 // the last one that was kept for certain
		for i := range texts {
			if s.Keep(text(i)) != nil {
				break
			}
			kept = i
		}
		c.power = 1 + cut%300
		s = New(c, textSize)
		failed := s.Keep([]byte("meanwhile")) != nil
		c.power = -1
		s = New(c, textSize)
		got := load(s)
		sure := kept < 0 && len(got) == 0 || kept >= 0 && bytes.Equal(got, text(kept))
		late := kept+1 < texts && bytes.Equal(got, text(kept+1))
		meanwhile := string(got) == "meanwhile"
		if failed && !sure && !late && !meanwhile || !failed && !meanwhile {
			t.Fatalf("power lost after %d bytes, and again: %q; text %d was kept", cut, got, kept)
		}
		if err := s.Keep([]byte("after")); err != nil || string(load(New(c, textSize))) != "after" {
			t.Fatalf("power lost after %d bytes: then %v, %q", cut, err, load(New(c, textSize)))
		}
	}
}

// TestBrokenFlash: a byte that does not take what is written is noticed, and the other block used.
func TestBrokenFlash(t *testing.T) {
	c := newChip(-1)
	s := New(c, textSize)
	if err := s.Keep(text(1)); err != nil {
		t.Fatal(err)
	}
	c.stuck = map[int64]bool{s.end: true}
	if err := s.Keep(text(2)); err != nil || s.in != 1 || !bytes.Equal(load(New(c, textSize)), text(2)) {
		t.Errorf("%v; block %d", err, s.in)
	}
	c.stuck = map[int64]bool{blockSize + s.end: true, 0: true}
	if err := s.Keep(text(3)); err != ErrFlash || !bytes.Equal(load(s), text(2)) || !bytes.Equal(load(New(c, textSize)), text(2)) {
		t.Errorf("%v; %q", err, load(s))
	}
}

func TestCRC(t *testing.T) {
	for _, p := range []string{"", "123456789", "\x00\xff\x80"} {
		if got, want := ^crc(start, []byte(p)), crc32.ChecksumIEEE([]byte(p)); got != want {
			t.Errorf("crc of %q: %08x, not %08x", p, got, want)
		}
	}
}

func TestAllocations(t *testing.T) {
	s := New(newChip(-1), textSize)
	p := text(1)
	if n := testing.AllocsPerRun(1, func() { s.Keep(p); s.Load(p) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
