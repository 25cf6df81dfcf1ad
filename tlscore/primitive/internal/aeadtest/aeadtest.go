package aeadtest

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"colibri/fuzz/vectors"
)

// NonceSize is that of all our AEADs, in bytes.
const NonceSize = 12

// AEAD is a key that is ready for use.
type AEAD interface {
	Seal(buf []byte, nonce *[NonceSize]byte, ad []byte)
	Open(buf []byte, nonce *[NonceSize]byte, ad []byte) bool
}

// Implementation is one way to compute an AEAD.
type Implementation struct {
	Name string
	New  func(key []byte, tagSize int) AEAD
}

// Suite is an AEAD with its implementations.
type Suite struct {
	KeySizes, TagSizes []int // those we have, in bytes
	Implementations    []Implementation
	Reference          func(key []byte, tagSize int) cipher.AEAD // an independent implementation
}

// each calls f for every key size, tag size and implementation.
func (s *Suite) each(f func(keySize, tagSize int, impl Implementation)) {
	for _, keySize := range s.KeySizes {
		for _, tagSize := range s.TagSizes {
			for _, impl := range s.Implementations {
				f(keySize, tagSize, impl)
			}
		}
	}
}

// Wycheproof runs the cases of a file of Project Wycheproof whose sizes we have, and counts the others.
func (s *Suite) Wycheproof(t *testing.T, file string) {
	var data struct {
		TestGroups []struct {
			IVSize, KeySize, TagSize int // in bits
			Tests                    []struct {
				TcID                       int
				Comment, Result            string
				Key, IV, AAD, Msg, Ct, Tag vectors.Hex
			}
		}
	}
	vectors.Read(t, "wycheproof/"+file, &data)
	tests, passed := 0, 0
	skipped := map[string]int{}
	for _, g := range data.TestGroups {
		reason := ""
		switch {
		case !slices.Contains(s.KeySizes, g.KeySize/8):
			reason = fmt.Sprintf("key of %d bits", g.KeySize)
		case g.IVSize != 8*NonceSize:
			reason = "nonce of other than 96 bits"
		case g.TagSize%8 != 0 || !slices.Contains(s.TagSizes, g.TagSize/8):
			reason = fmt.Sprintf("tag of %d bits", g.TagSize)
		}
		for _, c := range g.Tests {
			tests++
			if reason != "" {
				skipped[reason]++
				continue
			}
			ok := true
			fail := func(impl Implementation, format string, args ...any) {
				t.Errorf("%s, case %d (%s), %s: %s",
					file, c.TcID, c.Comment, impl.Name, fmt.Sprintf(format, args...))
				ok = false
			}
			for _, impl := range s.Implementations {
				aead := impl.New(c.Key, g.TagSize/8)
				nonce := [NonceSize]byte(c.IV)
				sealed := slices.Concat(c.Ct, c.Tag)
				opened := slices.Clone(sealed)
				accepted := aead.Open(opened, &nonce, c.AAD)
				if c.Result != "valid" {
					if accepted {
						fail(impl, "accepted")
					}
					if !bytes.Equal(opened, make([]byte, len(sealed))) {
						fail(impl, "the buffer is not zeros after a refusal")
					}
					continue
				}
				if !accepted || !bytes.Equal(opened[:len(c.Msg)], c.Msg) {
					fail(impl, "does not open")
				}
				buf := append(slices.Clone(c.Msg), make([]byte, g.TagSize/8)...)
				if aead.Seal(buf, &nonce, c.AAD); !bytes.Equal(buf, sealed) {
					fail(impl, "sealed to %x, want %x", buf, sealed)
				}
			}
			if ok {
				passed++
			}
		}
	}
	var reasons []string
	for reason, n := range skipped {
		reasons = append(reasons, fmt.Sprintf("%d skipped: %s", n, reason))
	}
	slices.Sort(reasons)
	t.Logf("%s: %d tests, %d passed %q", file, tests, passed, reasons)
	if passed == 0 {
		t.Error("no case of the file was run")
	}
}

// Properties checks what holds for every AEAD of ours: what was sealed opens; with any bit of tag,
// ciphertext, nonce, associated data or key changed it does not, and the buffer is zeros; bytes beyond the
// buffer stay; neither nonce nor associated data change.
func (s *Suite) Properties(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	s.each(func(keySize, tagSize int, impl Implementation) {
		name := fmt.Sprintf("%s, %d-byte key, %d-byte tag", impl.Name, keySize, tagSize)
		key := random(rng, keySize)
		aead := impl.New(key, tagSize)
		for _, n := range []int{0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 257} {
			nonce := [NonceSize]byte(random(rng, NonceSize))
			ad := random(rng, n%37)
			wantNonce, wantAD := nonce, slices.Clone(ad)
			plaintext := random(rng, n)
			memory := append(slices.Clone(plaintext), make([]byte, tagSize+1)...)
			sealed := memory[:n+tagSize]
			memory[n+tagSize] = 0xa5
			aead.Seal(sealed, &nonce, ad)
			if memory[n+tagSize] != 0xa5 {
				t.Fatalf("%s: Seal wrote beyond the tag", name)
			}
			zeros := make([]byte, len(sealed))
			refuses := func(what string, with AEAD, buf []byte, nonce [NonceSize]byte, ad []byte) {
				buf = slices.Clone(buf)
				if with.Open(buf, &nonce, ad) {
					t.Errorf("%s, %d bytes: opens with %s changed", name, n, what)
				}
				if !bytes.Equal(buf, zeros[:len(buf)]) {
					t.Errorf("%s, %d bytes: the buffer is not zeros after a refusal", name, n)
				}
			}
			for i := range sealed {
				changed := slices.Clone(sealed)
				changed[i] ^= 1 << (i % 8)
				refuses("the ciphertext", aead, changed, nonce, ad)
			}
			for i := range nonce {
				changed := nonce
				changed[i] ^= 1 << (i % 8)
				refuses("the nonce", aead, sealed, changed, ad)
			}
			for i := range ad {
				changed := slices.Clone(ad)
				changed[i] ^= 1 << (i % 8)
				refuses("the associated data", aead, sealed, nonce, changed)
			}
			refuses("the associated data", aead, sealed, nonce, append(slices.Clone(ad), 0))
			otherKey := slices.Clone(key)
			otherKey[n%keySize] ^= 0x10
			refuses("the key", impl.New(otherKey, tagSize), sealed, nonce, ad)
			for short := range sealed {
				refuses("the length", aead, sealed[:short], nonce, ad)
			}

			if !aead.Open(sealed, &nonce, ad) || !bytes.Equal(sealed[:n], plaintext) {
				t.Errorf("%s: %d bytes do not open", name, n)
			}
			if nonce != wantNonce || !bytes.Equal(ad, wantAD) {
				t.Errorf("%s: nonce or associated data changed", name)
			}
		}
	})
}

// Agree compares with the reference over lengths of text and associated data around the boundaries of blocks,
// and long ones.
func (s *Suite) Agree(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	s.each(func(keySize, tagSize int, impl Implementation) {
		agree := func(adSize, size int) {
			t.Helper()
			key, nonce := random(rng, keySize), random(rng, NonceSize)
			s.agree(t, impl, key, tagSize, nonce, random(rng, adSize), random(rng, size))
		}
		for n := range 140 {
			agree(rng.IntN(70), n)
		}
		for n := range 70 {
			agree(n, 40)
		}
		for _, n := range []int{1000, 16384, 20000} {
			agree(n, n)
		}
		agree(70000, 0)
		ones := bytes.Repeat([]byte{0xff}, 100) // carries as long as they get
		s.agree(t, impl, ones[:keySize], tagSize, ones[:NonceSize], ones, ones)
	})
}

func (s *Suite) agree(t *testing.T, impl Implementation, key []byte, tagSize int, nonce, ad, plaintext []byte) {
	t.Helper()
	want := s.Reference(key, tagSize).Seal(nil, nonce, plaintext, ad)
	aead := impl.New(key, tagSize)
	buf := append(slices.Clone(plaintext), make([]byte, tagSize)...)
	aead.Seal(buf, (*[NonceSize]byte)(nonce), ad)
	if !bytes.Equal(buf, want) {
		t.Fatalf("%s, %d-byte key, %d-byte tag, %d bytes of text and %d associated: differs from the reference",
			impl.Name, len(key), tagSize, len(plaintext), len(ad))
	}
	if !aead.Open(buf, (*[NonceSize]byte)(nonce), ad) || !bytes.Equal(buf[:len(plaintext)], plaintext) {
		t.Fatalf("%s, %d-byte key, %d-byte tag, %d bytes of text and %d associated: does not open",
			impl.Name, len(key), tagSize, len(plaintext), len(ad))
	}
}

// Fuzz compares with the reference: sealing the input, and opening it as if it were sealed.
func (s *Suite) Fuzz(f *testing.F) {
	f.Add(make([]byte, 32), make([]byte, NonceSize), []byte("associated"), []byte("text of more than one block"))
	f.Add([]byte("k"), []byte("n"), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, keySeed, nonceSeed, ad, text []byte) {
		s.each(func(keySize, tagSize int, impl Implementation) {
			key := make([]byte, keySize)
			copy(key, keySeed)
			nonce := make([]byte, NonceSize)
			copy(nonce, nonceSeed)
			s.agree(t, impl, key, tagSize, nonce, ad, text)
			want, err := s.Reference(key, tagSize).Open(nil, nonce, text, ad)
			buf := slices.Clone(text)
			ok := impl.New(key, tagSize).Open(buf, (*[NonceSize]byte)(nonce), ad)
			if ok != (err == nil) || ok && !bytes.Equal(buf[:len(want)], want) {
				t.Fatalf("%s: opens %t, the reference: %v", impl.Name, ok, err)
			}
		})
	})
}

// Benchmark measures Seal of all implementations and of the reference, into memory that is there. The name of
// an algorithm is name(key size, tag size).
func (s *Suite) Benchmark(b *testing.B, name func(keySize, tagSize int) string, sizes ...int) {
	for _, keySize := range s.KeySizes {
		for _, tagSize := range s.TagSizes {
			for _, size := range sizes {
				run := func(impl string, f func()) {
					alg := name(keySize, tagSize)
					b.Run(fmt.Sprintf("alg=%s/size=%d/impl=%s", alg, size, impl), func(b *testing.B) {
						b.ReportAllocs()
						b.SetBytes(int64(size))
						for b.Loop() {
							f()
						}
					})
				}
				key, ad := make([]byte, keySize), make([]byte, 5)
				var nonce [NonceSize]byte
				buf := make([]byte, size+tagSize)
				for _, impl := range s.Implementations {
					aead := impl.New(key, tagSize)
					run(impl.Name, func() { aead.Seal(buf, &nonce, ad) })
				}
				reference := s.Reference(key, tagSize)
				run("std", func() { reference.Seal(buf[:0], nonce[:], buf[:size], ad) })
			}
		}
	}
}

func random(rng *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}
