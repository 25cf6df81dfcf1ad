package rsa

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"colibri/tlscore/primitive/cttest"
)

// shortKey returns the numbers of a key of 512 bits that the secret decides: the operations are the same for all lengths, and
// thousands of times as long ones would take minutes to count; on the emulated board (firmware/rv32) 2048 bits are counted. The
// factors are not prime, so that what is computed is no signature, for all secrets alike.
func shortKey(secret *[cttest.SecretSize]byte) *PrivateKey {
	rng := rand.NewChaCha8([32]byte(secret[:32]))
	number := func() []byte {
		b := make([]byte, 32)
		rng.Read(b)
		return b
	}
	k := &PrivateKey{P: number(), Q: number(), Dp: number(), Dq: number(), Qinv: number()}
	for _, p := range [][]byte{k.P, k.Q} {
		p[0] |= 0xc0
		p[31] |= 1
	}
	n := new(big.Int).Mul(new(big.Int).SetBytes(k.P), new(big.Int).SetBytes(k.Q))
	k.N, k.E = n.Bytes(), 65537
	return k
}

// The private operation, and looking at the numbers of a key, execute the same instructions for all keys, messages and
// blindings.
func TestConstantTime(t *testing.T) {
	cttest.Run(t,
		cttest.Op{Name: "sign", Setup: func(secret *[cttest.SecretSize]byte) func() {
			k, scratch := shortKey(secret), new(Scratch)
			sig := append([]byte(nil), secret[:]...)
			sig[0], sig[1] = 0, 1 // below N and not 0
			return func() {
				if k.sign(sig, secret[:], scratch) != ErrFault {
					panic("a signature without primes")
				}
			}
		}},
		cttest.Op{Name: "Check", Setup: func(secret *[cttest.SecretSize]byte) func() {
			k, scratch := shortKey(secret), new(Scratch)
			return func() {
				if k.belong(scratch.words[:]) {
					panic("a key without primes")
				}
			}
		}},
	)
}
