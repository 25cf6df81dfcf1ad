package hmac

import (
	"bytes"
	stdhmac "crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"math/rand/v2"
	"testing"

	"colibri/tlscore/primitive/sha2"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var algorithms = []struct {
	name string
	alg  sha2.Algorithm
	std  func() hash.Hash
}{
	{"sha256", sha2.SHA256, sha256.New},
	{"sha384", sha2.SHA384, sha512.New384},
	{"sha512", sha2.SHA512, sha512.New},
}

// TestRFC4231 has test cases 1, 2 (a key shorter than the output) and 6 (a key longer than a block) of RFC
// 4231, section 4.
func TestRFC4231(t *testing.T) {
	long := bytes.Repeat([]byte{0xaa}, 131)
	for _, c := range []struct {
		alg  sha2.Algorithm
		key  []byte
		data string
		want string
	}{
		{sha2.SHA256, bytes.Repeat([]byte{0x0b}, 20), "Hi There",
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{sha2.SHA384, bytes.Repeat([]byte{0x0b}, 20), "Hi There",
			"afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6"},
		{sha2.SHA512, bytes.Repeat([]byte{0x0b}, 20), "Hi There",
			"87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4" +
				"be9d914eeb61f1702e696c203a126854"},
		{sha2.SHA256, []byte("Jefe"), "what do ya want for nothing?",
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{sha2.SHA384, []byte("Jefe"), "what do ya want for nothing?",
			"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"},
		{sha2.SHA512, []byte("Jefe"), "what do ya want for nothing?",
			"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd" +
				"caeab1a34d4a6b4b636e070a38bce737"},
		{sha2.SHA256, long, "Test Using Larger Than Block-Size Key - Hash Key First",
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
		{sha2.SHA384, long, "Test Using Larger Than Block-Size Key - Hash Key First",
			"4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952"},
		{sha2.SHA512, long, "Test Using Larger Than Block-Size Key - Hash Key First",
			"80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e52" +
				"95e64f73f63f0aec8b915a985d786598"},
	} {
		var h HMAC
		h.Init(c.alg, c.key)
		h.Write([]byte(c.data))
		var out [sha2.MaxSize]byte
		n := h.Sum(out[:])
		if !bytes.Equal(out[:n], unhex(t, c.want)) {
			t.Errorf("algorithm %d, %d-byte key: got %x", c.alg, len(c.key), out[:n])
		}
	}
}

func TestKeyOfEveryLength(t *testing.T) {
	key := make([]byte, 300)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range key {
		key[i] = byte(rng.Uint32())
	}
	for _, a := range algorithms {
		for n := range key {
			var h HMAC
			h.Init(a.alg, key[:n])
			h.Write(key[n:])
			var out [sha2.MaxSize]byte
			size := h.Sum(out[:])
			std := stdhmac.New(a.std, key[:n])
			std.Write(key[n:])
			if !bytes.Equal(out[:size], std.Sum(nil)) {
				t.Errorf("%s with a key of %d bytes differs from the standard library", a.name, n)
			}
		}
	}
}

// TestSumGoesOn: Sum leaves the state as it is, and a copy is an independent continuation.
func TestSumGoesOn(t *testing.T) {
	var h HMAC
	h.Init(sha2.SHA256, []byte("key"))
	h.Write([]byte("one"))
	fork := h
	fork.Write([]byte("another"))
	var out [32]byte
	h.Sum(out[:])
	h.Write([]byte(" two"))
	h.Sum(out[:])
	std := stdhmac.New(sha256.New, []byte("key"))
	std.Write([]byte("one two"))
	if !bytes.Equal(out[:], std.Sum(nil)) {
		t.Error("Sum changed the state")
	}
}

func TestWipeLeavesNothing(t *testing.T) {
	var h HMAC
	h.Init(sha2.SHA512, []byte("key"))
	h.Write([]byte("message"))
	h.Wipe()
	if h != (HMAC{}) {
		t.Error("state left after Wipe")
	}
}

func TestAllocatesNothing(t *testing.T) {
	key, message := make([]byte, 200), make([]byte, 1000)
	for _, a := range algorithms {
		if n := testing.AllocsPerRun(10, func() {
			var h HMAC
			var out [sha2.MaxSize]byte
			h.Init(a.alg, key)
			h.Write(message)
			h.Sum(out[:])
			h.Wipe()
		}); n != 0 {
			t.Errorf("%s: %v allocations", a.name, n)
		}
	}
}

// TestOneGo: Sum and both kinds of Key agree with the standard library for keys and messages of every length, in place, too, and leave nothing.
func TestOneGo(t *testing.T) {
	text := make([]byte, 500)
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range text {
		text[i] = byte(rng.Uint32())
	}
	for _, a := range algorithms {
		for n := range 300 {
			key, message := text[:n], text[n/2:]
			if n%3 == 0 {
				message = message[:n]
			}
			std := stdhmac.New(a.std, key)
			std.Write(message)
			want := std.Sum(nil)

			var here Key
			var there portable
			here.Init(a.alg, key)
			there.Init(a.alg, key)
			for what, sum := range map[string]func(out []byte) int{
				"Sum":               func(out []byte) int { return Sum(a.alg, out, key, message) },
				"portable":          func(out []byte) int { return sumPortable(a.alg, out, key, message) },
				"Key":               func(out []byte) int { return here.Sum(out, message) },
				"again":             func(out []byte) int { return here.Sum(out, message) },
				"its portable kind": func(out []byte) int { return there.Sum(out, message) },
				"in place, of the message": func(out []byte) int {
					own := append(bytes.Clone(message), make([]byte, sha2.MaxSize)...)
					n := here.Sum(own, own[:len(message)])
					copy(out, own)
					return n
				},
				"in place, of the key": func(out []byte) int {
					own := append(bytes.Clone(key), make([]byte, sha2.MaxSize)...)
					n := Sum(a.alg, own, own[:len(key)], message)
					copy(out, own)
					return n
				},
			} {
				var out [sha2.MaxSize]byte
				if size := sum(out[:]); !bytes.Equal(out[:size], want) {
					t.Fatalf("%s, %s, a key of %d bytes and a message of %d differ from the standard library", a.name, what, len(key), len(message))
				}
			}
			here.Wipe()
			there.Wipe()
			if here != (Key{}) || there != (portable{}) {
				t.Fatal("a key is left after Wipe")
			}
		}
	}
}

func TestOneGoAllocatesNothing(t *testing.T) {
	key, message := make([]byte, 48), make([]byte, 100)
	for _, a := range algorithms {
		if n := testing.AllocsPerRun(10, func() {
			var k Key
			var out [sha2.MaxSize]byte
			k.Init(a.alg, key)
			k.Sum(out[:], message)
			Sum(a.alg, out[:], key, message)
		}); n != 0 {
			t.Errorf("%s: %v allocations", a.name, n)
		}
	}
}
