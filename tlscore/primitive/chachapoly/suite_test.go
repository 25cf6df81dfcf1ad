package chachapoly

import (
	"crypto/cipher"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"colibri/tlscore/primitive/internal/aeadtest"
)

// portableKey is Key on the portable implementation, whatever the build selects.
type portableKey struct{ impl portable }

func (k *portableKey) Seal(buf []byte, nonce *[NonceSize]byte, ad []byte) {
	k.impl.seal(buf, nonce, ad)
}

func (k *portableKey) Open(buf []byte, nonce *[NonceSize]byte, ad []byte) bool {
	if len(buf) >= TagSize && k.impl.open(buf, nonce, ad) {
		return true
	}
	clear(buf)
	return false
}

var suite = aeadtest.Suite{
	KeySizes: []int{KeySize},
	TagSizes: []int{TagSize},
	Implementations: []aeadtest.Implementation{
		{Name: "colibri", New: func(key []byte, _ int) aeadtest.AEAD {
			k := new(Key)
			k.Init(key)
			return k
		}},
		{Name: "portable", New: func(key []byte, _ int) aeadtest.AEAD {
			k := new(portableKey)
			k.impl.init(key)
			return k
		}},
	},
	Reference: func(key []byte, _ int) cipher.AEAD {
		aead, err := chacha20poly1305.New(key)
		if err != nil {
			panic(err)
		}
		return aead
	},
}

func TestWycheproof(t *testing.T)        { suite.Wycheproof(t, "chacha20_poly1305_test.json.gz") }
func TestProperties(t *testing.T)        { suite.Properties(t) }
func TestAgreesWithXCrypto(t *testing.T) { suite.Agree(t) }
func FuzzAgainstXCrypto(f *testing.F)    { suite.Fuzz(f) }

func BenchmarkSeal(b *testing.B) {
	suite.Benchmark(b, func(int, int) string { return "chacha20poly1305" }, 64, 1024, 4096, 16384)
}

// TestAllocations pins what the package comment says: nothing in the portable implementation, one object for
// each Init in the other, never anything in Seal and Open.
func TestAllocations(t *testing.T) {
	var (
		k     = new(Key)
		p     = new(portable)
		key   = make([]byte, 32)
		buf   = make([]byte, 1000)
		ad    = make([]byte, 13)
		count = func(what string, want float64, f func()) {
			t.Helper()
			if n := testing.AllocsPerRun(20, f); n != want {
				t.Errorf("%s: %v allocations, want %v", what, n, want)
			}
		}
	)
	forInit := 1.0
	if _, ok := any(&k.impl).(*portable); ok {
		forInit = 0
	}
	count("Init", forInit, func() { k.Init(key) })
	count("Seal and Open", 0, func() {
		var nonce [NonceSize]byte
		k.Seal(buf, &nonce, ad)
		k.Open(buf, &nonce, ad)
	})
	count("portable", 0, func() {
		var nonce [NonceSize]byte
		var ad [13]byte
		var buf [100]byte
		p.init(key)
		p.seal(buf[:], &nonce, ad[:])
		p.open(buf[:], &nonce, ad[:])
		p.wipe()
	})
}

// TestRekey: a key that was used, wiped and initialised again is like a new one.
func TestRekey(t *testing.T) {
	var fresh, used Key
	var nonce [NonceSize]byte
	old, key := make([]byte, KeySize), []byte("0123456789abcdef0123456789abcdef")
	var want, got [50]byte
	fresh.Init(key)
	fresh.Seal(want[:], &nonce, nil)
	used.Init(old)
	used.Seal(got[:], &nonce, nil)
	used.Wipe()
	used.Init(key)
	got = [50]byte{}
	used.Seal(got[:], &nonce, nil)
	if got != want {
		t.Error("the former key shows")
	}
}

func TestWipeLeavesNothing(t *testing.T) {
	var p portable
	p.init(make([]byte, 32))
	p.wipe()
	if p != (portable{}) {
		t.Error("key left after wipe")
	}
}

func TestMisusePanics(t *testing.T) {
	var k Key
	k.Init(make([]byte, KeySize))
	aeadtest.Panics(t, map[string]func(){
		"31-byte key": func() { k.Init(make([]byte, 31)) },
		"no room":     func() { k.Seal(make([]byte, TagSize-1), new([NonceSize]byte), nil) },
	})
}

func TestConstantTime(t *testing.T) {
	k := new(Key)
	aeadtest.ConstantTime(t, k, k.Init, TagSize)
}
