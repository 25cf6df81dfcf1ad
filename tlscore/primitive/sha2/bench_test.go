package sha2

import (
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"testing"
)

func BenchmarkSum(b *testing.B) {
	for _, a := range algorithms {
		for _, size := range []int{64, 1024, 16384} {
			input := make([]byte, size)
			run := func(impl string, f func()) {
				b.Run(fmt.Sprintf("alg=%s/size=%d/impl=%s", a.name, size, impl), func(b *testing.B) {
					b.ReportAllocs()
					b.SetBytes(int64(size))
					for b.Loop() {
						f()
					}
				})
			}
			var out [MaxSize]byte
			var h256 [8]uint32
			var h512 [8]uint64
			// The portable compression function alone; the padding adds a block.
			padded := make([]byte, size+a.alg.BlockSize())
			run("portable", func() {
				if a.alg == SHA256 {
					portable256(&h256, padded)
				} else {
					portable512(&h512, padded)
				}
			})
			run("colibri", func() { Sum(a.alg, out[:], input) })
			run("std", func() {
				switch a.alg {
				case SHA256:
					sum := sha256.Sum256(input)
					copy(out[:], sum[:])
				case SHA384:
					sum := sha512.Sum384(input)
					copy(out[:], sum[:])
				case SHA512:
					sum := sha512.Sum512(input)
					copy(out[:], sum[:])
				}
			})
		}
	}
}
