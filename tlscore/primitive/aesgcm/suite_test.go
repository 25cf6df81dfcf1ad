package aesgcm

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"strconv"
	"testing"
	"unsafe"

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
	KeySizes: []int{16, 32},
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
		block, err := aes.NewCipher(key)
		if err != nil {
			panic(err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			panic(err)
		}
		return aead
	},
}

func TestWycheproof(t *testing.T)                { suite.Wycheproof(t, "aes_gcm_test.json.gz") }
func TestProperties(t *testing.T)                { suite.Properties(t) }
func TestAgreesWithStandardLibrary(t *testing.T) { suite.Agree(t) }
func FuzzAgainstStandardLibrary(f *testing.F)    { suite.Fuzz(f) }

func BenchmarkSeal(b *testing.B) {
	name := func(keySize, _ int) string { return fmt.Sprintf("aes%dgcm", 8*keySize) }
	suite.Benchmark(b, name, 64, 1024, 4096, 16384)
}

func BenchmarkInit(b *testing.B) {
	for _, keySize := range suite.KeySizes {
		key := make([]byte, keySize)
		b.Run(fmt.Sprintf("alg=aes%dgcm/impl=portable", 8*keySize), func(b *testing.B) {
			b.ReportAllocs()
			var k portable
			for b.Loop() {
				k.init(key)
			}
		})
		b.Run(fmt.Sprintf("alg=aes%dgcm/impl=colibri", 8*keySize), func(b *testing.B) {
			b.ReportAllocs()
			var k Key
			for b.Loop() {
				k.Init(key)
			}
		})
	}
}

// TestAllocations pins what the package comment says: nothing in the portable implementation, two objects for
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
	forInit := 2.0
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

func TestSizeOfKey(t *testing.T) {
	// Two of them stay with an idle connection.
	if n := unsafe.Sizeof(portable{}); strconv.IntSize == 32 && n != 276 {
		t.Errorf("%d bytes, the package comment says 276", n)
	}
}

// TestRekey: a key that was used, wiped and initialised again is like a new one.
func TestRekey(t *testing.T) {
	var fresh, used Key
	var nonce [NonceSize]byte
	old, key := make([]byte, 32), []byte("0123456789abcdef")
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
	k.Init(make([]byte, 16))
	aeadtest.Panics(t, map[string]func(){
		"24-byte key": func() { k.Init(make([]byte, 24)) },
		"no room":     func() { k.Seal(make([]byte, TagSize-1), new([NonceSize]byte), nil) },
	})
}

func TestConstantTime(t *testing.T) {
	k := new(Key)
	aeadtest.ConstantTime(t, k, k.Init, TagSize)
}
