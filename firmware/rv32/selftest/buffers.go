package selftest

// Inputs and outputs that the groups share. An operation's Setup fills what it reads.
var (
	message [4096]byte
	sealed  [len(message) + 16]byte // message and room for a tag
	key     [48]byte
	nonce   [12]byte
	digest  [64]byte

	header = []byte{23, 3, 3, 16, 17} // additional data: the header of a TLS record (RFC 8446, 5.2)

	accepted bool // what the operation returned
)

// fill writes 0, 1, 2 ... modulo 256.
func fill(p []byte) {
	for i := range p {
		p[i] = byte(i)
	}
}

// fillAll sets message, key and nonce to counting bytes.
func fillAll() {
	fill(message[:])
	fill(key[:])
	fill(nonce[:])
}

func yes() bool { return accepted }

// counting reports whether p holds what fill writes.
func counting(p []byte) bool {
	for i, b := range p {
		if b != byte(i) {
			return false
		}
	}
	return true
}
