//go:build tinygo

package virtio

// RNG is the source of entropy (section 5.4): random bytes of the emulator's host. It is a drbg.Source.
type RNG struct{}

//go:align 16
var asked queue

var entropy [32]byte

// OpenRNG returns the source of entropy, or nil if there is none.
func OpenRNG() *RNG {
	r := find(kindEntropy)
	if r == nil || !r.begin(0) || !asked.open(r, 0) {
		return nil
	}
	r.run()
	asked.buffer(0, entropy[:], deviceWrites)
	return &RNG{}
}

// patience is how often the ring is looked at before the device counts as broken: seconds, where QEMU answers at once.
const patience = 1 << 28

// Sample implements drbg.Source.
func (*RNG) Sample(p []byte) bool {
	for len(p) > 0 {
		asked.offer(0, min(len(p), len(entropy)))
		n, ok := 0, false
		for i := 0; !ok && i < patience; i++ {
			_, n, ok = asked.first()
		}
		if !ok || n == 0 {
			return false
		}
		asked.drop()
		p = p[copy(p, entropy[:min(n, len(entropy))]):]
	}
	clear(entropy[:])
	return true
}
