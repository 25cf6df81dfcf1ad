package aesccm

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"unsafe"

	"colibri/tlscore/primitive/internal/aeadtest"
	portable "colibri/tlscore/primitive/internal/aes"
)

// reference is AES-CCM written after RFC 3610, section 2, on the standard library's AES; the standard library
// has no CCM.
type reference struct {
	block   cipher.Block
	tagSize int
}

func (r *reference) NonceSize() int { return NonceSize }
func (r *reference) Overhead() int  { return r.tagSize }

// tag returns the MAC of the message, not yet encrypted.
func (r *reference) tag(nonce, message, ad []byte) []byte {
	flags := byte((r.tagSize-2)/2*8 + 2)
	if len(ad) > 0 {
		flags |= 64
	}
	blocks := append([]byte{flags}, nonce...)
	blocks = append(blocks, byte(len(message)>>16), byte(len(message)>>8), byte(len(message)))
	pad := func() {
		for len(blocks)%16 != 0 {
			blocks = append(blocks, 0)
		}
	}
	if len(ad) >= 0xff00 {
		blocks = binary.BigEndian.AppendUint32(append(blocks, 0xff, 0xfe), uint32(len(ad)))
	} else if len(ad) > 0 {
		blocks = binary.BigEndian.AppendUint16(blocks, uint16(len(ad)))
	}
	blocks = append(blocks, ad...)
	pad()
	blocks = append(blocks, message...)
	pad()
	mac := make([]byte, len(blocks))
	cipher.NewCBCEncrypter(r.block, make([]byte, 16)).CryptBlocks(mac, blocks)
	return mac[len(mac)-16:][:r.tagSize]
}

// crypt encrypts or decrypts a tag and a text.
func (r *reference) crypt(nonce, tag, text []byte) ([]byte, []byte) {
	stream := cipher.NewCTR(r.block, append(append([]byte{2}, nonce...), 0, 0, 0))
	var first [16]byte
	copy(first[:], tag)
	stream.XORKeyStream(first[:], first[:])
	out := make([]byte, len(text))
	stream.XORKeyStream(out, text)
	return first[:len(tag)], out
}

func (r *reference) Seal(dst, nonce, plaintext, ad []byte) []byte {
	tag, ciphertext := r.crypt(nonce, r.tag(nonce, plaintext, ad), plaintext)
	return append(append(dst, ciphertext...), tag...)
}

func (r *reference) Open(dst, nonce, sealed, ad []byte) ([]byte, error) {
	n := len(sealed) - r.tagSize
	if n < 0 {
		return nil, errors.New("too short")
	}
	tag, plaintext := r.crypt(nonce, sealed[n:], sealed[:n])
	if !bytes.Equal(tag, r.tag(nonce, plaintext, ad)) {
		return nil, errors.New("wrong tag")
	}
	return append(dst, plaintext...), nil
}

var suite = aeadtest.Suite{
	KeySizes: []int{16, 32},
	TagSizes: []int{8, 16},
	// The portable code is not apart here: what the builds differ in is AES, which package internal/aes
	// compares.
	Implementations: []aeadtest.Implementation{
		{Name: "colibri", New: func(key []byte, tagSize int) aeadtest.AEAD {
			k := new(Key)
			k.Init(key, tagSize)
			return k
		}},
	},
	Reference: func(key []byte, tagSize int) cipher.AEAD {
		block, err := aes.NewCipher(key)
		if err != nil {
			panic(err)
		}
		return &reference{block, tagSize}
	},
}

func TestWycheproof(t *testing.T)          { suite.Wycheproof(t, "aes_ccm_test.json.gz") }
func TestProperties(t *testing.T)          { suite.Properties(t) }
func TestAgreesWithReference(t *testing.T) { suite.Agree(t) }
func FuzzAgainstReference(f *testing.F)    { suite.Fuzz(f) }

func BenchmarkSeal(b *testing.B) {
	name := func(keySize, tagSize int) string { return fmt.Sprintf("aes%dccm_%d", 8*keySize, tagSize) }
	suite.Benchmark(b, name, 64, 4096)
}

// TestAllocations pins what the package comment says: one object for each Init on hosts, otherwise nothing.
func TestAllocations(t *testing.T) {
	var (
		k   = new(Key)
		key = make([]byte, 32)
		buf = make([]byte, 1000)
		ad  = make([]byte, 13)
	)
	forInit := 1.0
	if _, ok := any(&k.cipher).(*portable.Key); ok {
		forInit = 0
	}
	if n := testing.AllocsPerRun(20, func() { k.Init(key, 16) }); n != forInit {
		t.Errorf("Init: %v allocations, want %v", n, forInit)
	}
	if n := testing.AllocsPerRun(20, func() {
		var nonce [NonceSize]byte
		k.Seal(buf, &nonce, ad)
		k.Open(buf, &nonce, ad)
	}); n != 0 {
		t.Errorf("Seal and Open: %v allocations", n)
	}
}

func TestSizeOfKey(t *testing.T) {
	if n := unsafe.Sizeof(Key{}); strconv.IntSize == 32 && n != 248 {
		t.Errorf("%d bytes, the package comment says 248", n)
	}
}

// TestWipeLeavesNothing: neither the key nor what it last worked on.
func TestWipeLeavesNothing(t *testing.T) {
	var k Key
	k.Init(make([]byte, 32), 8)
	k.Seal(make([]byte, 100), new([NonceSize]byte), nil)
	k.Wipe()
	if k.cipher != (blockCipher{}) {
		t.Error("key left after Wipe")
	}
}

func TestMisusePanics(t *testing.T) {
	var k Key
	k.Init(make([]byte, 16), 8)
	if k.Overhead() != 8 {
		t.Errorf("overhead of %d bytes", k.Overhead())
	}
	nonce := new([NonceSize]byte)
	aeadtest.Panics(t, map[string]func(){
		"24-byte key":  func() { new(Key).Init(make([]byte, 24), 8) },
		"12-byte tag":  func() { new(Key).Init(make([]byte, 16), 12) },
		"no room":      func() { k.Seal(make([]byte, 7), nonce, nil) },
		"beyond count": func() { k.Seal(make([]byte, MaxSize+1+8), nonce, nil) },
	})
	if k.Open(make([]byte, MaxSize+1+8), nonce, nil) {
		t.Error("a text opened that is longer than its counter reaches")
	}
}

func TestConstantTime(t *testing.T) {
	k := new(Key)
	aeadtest.ConstantTime(t, k, func(key []byte) { k.Init(key, 8) }, 8)
}
