package aeadtest

import (
	"testing"

	"colibri/tlscore/primitive/cttest"
)

// Panics checks that each of the calls, which are errors of whoever programs them, panics.
func Panics(t *testing.T, calls map[string]func()) {
	t.Helper()
	for name, f := range calls {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// ConstantTime checks that what a key takes of time depends on no secret. init gives k a key of 32 bytes.
func ConstantTime(t *testing.T, k AEAD, init func(key []byte), tagSize int) {
	const size = 100
	var nonce [NonceSize]byte
	ad := make([]byte, 13)
	buf := make([]byte, size+tagSize)
	cttest.Run(t,
		cttest.Op{Name: "Init", Setup: func(secret *[cttest.SecretSize]byte) func() {
			return func() { init(secret[:32]) }
		}},
		cttest.Op{Name: "Seal", Setup: func(secret *[cttest.SecretSize]byte) func() {
			init(secret[:32])
			copy(buf, secret[:])
			return func() { k.Seal(buf, &nonce, ad) }
		}},
		cttest.Op{Name: "Open", Setup: func(secret *[cttest.SecretSize]byte) func() {
			init(secret[:32])
			copy(buf, secret[:])
			k.Seal(buf, &nonce, ad)
			return func() { k.Open(buf, &nonce, ad) }
		}},
		// Where the tags begin to differ must not show.
		cttest.Op{Name: "Open of a forgery", Setup: func(secret *[cttest.SecretSize]byte) func() {
			init(make([]byte, 32))
			clear(buf)
			k.Seal(buf, &nonce, ad)
			buf[size+int(secret[0])%tagSize] ^= 1
			return func() { k.Open(buf, &nonce, ad) }
		}},
	)
}
