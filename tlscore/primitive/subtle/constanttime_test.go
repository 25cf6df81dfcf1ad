package subtle

import (
	"testing"

	"colibri/tlscore/primitive/cttest"
)

func TestConstantTime(t *testing.T) {
	reference := make([]byte, 32)
	var words [8]uint32
	cttest.Run(t,
		cttest.Op{Name: "Equal", Setup: func(secret *[cttest.SecretSize]byte) func() {
			return func() { Equal(reference, secret[:32]) }
		}},
		cttest.Op{Name: "masks", Setup: func(secret *[cttest.SecretSize]byte) func() {
			return func() {
				for i := range words {
					mask := MaskEqual(uint32(secret[i]), uint32(secret[i+8])) | MaskBit(uint32(secret[i+16]&1))
					words[i] = Select(mask, uint32(secret[i+24]), words[i])
				}
			}
		}},
	)
}
