package subtle

import "testing"

func TestEqualComparesLengthAndContents(t *testing.T) {
	a := []byte("0123456789abcdef")
	for i := range a {
		for bit := range 8 {
			b := append([]byte(nil), a...)
			b[i] ^= 1 << bit
			if Equal(a, b) {
				t.Errorf("byte %d bit %d: difference not seen", i, bit)
			}
		}
	}
	if !Equal(a, append([]byte(nil), a...)) || !Equal(nil, []byte{}) {
		t.Error("equal slices reported as different")
	}
	if Equal(a, a[:15]) || Equal(a[:15], a) {
		t.Error("different lengths reported as equal")
	}
}

func TestMasks(t *testing.T) {
	words := []uint32{0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff}
	for _, a := range words {
		for _, b := range words {
			want := uint32(0)
			if a == b {
				want = 0xffffffff
			}
			if got := MaskEqual(a, b); got != want {
				t.Errorf("MaskEqual(%#x, %#x) = %#x", a, b, got)
			}
			if Select(MaskBit(1), a, b) != a || Select(MaskBit(0), a, b) != b {
				t.Errorf("Select between %#x and %#x", a, b)
			}
		}
	}
}

func TestWipe(t *testing.T) {
	b := []byte{1, 2, 3, 4}
	Wipe(b[1:3])
	if b[0] != 1 || b[1] != 0 || b[2] != 0 || b[3] != 4 {
		t.Errorf("Wipe of the middle: %v", b)
	}
	w := [3]uint64{1, 2, 3}
	Wipe(w[:])
	if w != [3]uint64{} {
		t.Errorf("Wipe of words: %v", w)
	}
	Wipe[byte](nil)
	if n := testing.AllocsPerRun(10, func() {
		var local [32]uint32
		Wipe(local[:])
	}); n != 0 {
		t.Errorf("Wipe made its argument escape: %v allocations", n)
	}
}
