package hmac

import (
	"bytes"
	stdhmac "crypto/hmac"
	"fmt"
	"testing"

	"colibri/fuzz/vectors"
	"colibri/tlscore/primitive/cttest"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// TestWycheproof runs all cases; tags that are cut off are compared as far as they go.
func TestWycheproof(t *testing.T) {
	for _, a := range algorithms {
		var data struct {
			TestGroups []struct {
				TagSize int // in bits
				Tests   []struct {
					TcID            int
					Comment, Result string
					Key, Msg, Tag   vectors.Hex
				}
			}
		}
		file := "hmac_" + a.name + "_test.json.gz"
		vectors.Read(t, "wycheproof/"+file, &data)
		tests, passed := 0, 0
		for _, g := range data.TestGroups {
			for _, c := range g.Tests {
				tests++
				var h HMAC
				var out [sha2.MaxSize]byte
				h.Init(a.alg, c.Key)
				h.Write(c.Msg)
				h.Sum(out[:])
				if got := subtle.Equal(out[:g.TagSize/8], c.Tag); got != (c.Result == "valid") {
					t.Errorf("%s, case %d (%s): accepted: %t", file, c.TcID, c.Comment, got)
					continue
				}
				passed++
			}
		}
		t.Logf("%s: %d tests, %d passed", file, tests, passed)
		if passed == 0 {
			t.Errorf("%s: no case was run", file)
		}
	}
}

// FuzzAgainstStandardLibrary writes the message in two pieces.
func FuzzAgainstStandardLibrary(f *testing.F) {
	f.Add([]byte("key"), []byte("message"), uint8(3))
	f.Add(make([]byte, 129), []byte{}, uint8(0))
	f.Fuzz(func(t *testing.T, key, message []byte, at uint8) {
		cut := min(int(at), len(message))
		for _, a := range algorithms {
			var h HMAC
			var out [sha2.MaxSize]byte
			h.Init(a.alg, key)
			h.Write(message[:cut])
			h.Write(message[cut:])
			n := h.Sum(out[:])
			std := stdhmac.New(a.std, key)
			std.Write(message)
			if !bytes.Equal(out[:n], std.Sum(nil)) {
				t.Fatalf("%s differs from the standard library", a.name)
			}
		}
	})
}

func TestConstantTime(t *testing.T) {
	h := new(HMAC)
	var out [sha2.MaxSize]byte
	var ops []cttest.Op
	for _, a := range algorithms {
		ops = append(ops, cttest.Op{Name: a.name, Setup: func(secret *[cttest.SecretSize]byte) func() {
			return func() {
				h.Init(a.alg, secret[:48])
				h.Write(secret[:])
				h.Sum(out[:])
				h.Wipe()
			}
		}})
	}
	cttest.Run(t, ops...)
}

func BenchmarkHMAC(b *testing.B) {
	key, message := make([]byte, 32), make([]byte, 64)
	for _, a := range algorithms {
		var out [sha2.MaxSize]byte
		b.Run(fmt.Sprintf("alg=%s/size=64/impl=colibri", a.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var h HMAC
				h.Init(a.alg, key)
				h.Write(message)
				h.Sum(out[:])
			}
		})
		b.Run(fmt.Sprintf("alg=%s/size=64/impl=std", a.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h := stdhmac.New(a.std, key)
				h.Write(message)
				h.Sum(out[:0])
			}
		})
	}
}
