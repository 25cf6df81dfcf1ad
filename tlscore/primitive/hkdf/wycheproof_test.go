package hkdf

import (
	"bytes"
	stdhkdf "crypto/hkdf"
	"fmt"
	"testing"

	"colibri/fuzz/vectors"
	"colibri/tlscore/primitive/cttest"
	"colibri/tlscore/primitive/sha2"
)

// TestWycheproof runs all cases. An invalid one asks for more output than HKDF has, which is misuse and
// panics.
func TestWycheproof(t *testing.T) {
	for _, a := range algorithms {
		if a.alg == sha2.SHA512 {
			continue // no cipher suite has it, and the vectors at hand do not
		}
		var data struct {
			TestGroups []struct {
				Tests []struct {
					TcID                 int
					Comment, Result      string
					IKM, Salt, Info, OKM vectors.Hex
					Size                 int
				}
			}
		}
		file := "hkdf_" + a.name + "_test.json.gz"
		vectors.Read(t, "wycheproof/"+file, &data)
		tests, passed := 0, 0
		for _, g := range data.TestGroups {
			for _, c := range g.Tests {
				tests++
				prk, okm := make([]byte, a.alg.Size()), make([]byte, c.Size)
				Extract(a.alg, prk, c.Salt, c.IKM)
				accepted := func() (ok bool) {
					defer func() { ok = recover() == nil }()
					Expand(a.alg, okm, prk, c.Info)
					return
				}()
				if accepted != (c.Result == "valid") || accepted && !bytes.Equal(okm, c.OKM) {
					t.Errorf("%s, case %d (%s): accepted: %t, output %x",
						file, c.TcID, c.Comment, accepted, okm)
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

func FuzzAgainstStandardLibrary(f *testing.F) {
	f.Add([]byte("secret"), []byte("salt"), []byte("info"), uint16(100))
	f.Fuzz(func(t *testing.T, ikm, salt, info []byte, size uint16) {
		for _, a := range algorithms {
			prk, okm := make([]byte, a.alg.Size()), make([]byte, int(size)%(255*a.alg.Size()+1))
			Extract(a.alg, prk, salt, ikm)
			Expand(a.alg, okm, prk, info)
			want, err := stdhkdf.Key(a.std, ikm, salt, string(info), len(okm))
			if err != nil || !bytes.Equal(okm, want) {
				t.Fatalf("%s differs from the standard library (%v)", a.name, err)
			}
		}
	})
}

func TestConstantTime(t *testing.T) {
	var ops []cttest.Op
	var out [100]byte
	for _, a := range algorithms {
		n := a.alg.Size()
		ops = append(ops, cttest.Op{Name: a.name, Setup: func(secret *[cttest.SecretSize]byte) func() {
			return func() {
				Extract(a.alg, out[:n], secret[:n], secret[:])
				ExpandLabel(a.alg, out[:], secret[:n], "label", secret[:n])
			}
		}})
	}
	cttest.Run(t, ops...)
}

func BenchmarkExpandLabel(b *testing.B) {
	secret, transcript := make([]byte, 64), make([]byte, 64)
	for _, a := range algorithms {
		n := a.alg.Size()
		var out [sha2.MaxSize]byte
		b.Run(fmt.Sprintf("alg=%s/impl=colibri", a.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ExpandLabel(a.alg, out[:n], secret[:n], "c ap traffic", transcript[:n])
			}
		})
		info := string(make([]byte, 22+n)) // as long as the HkdfLabel
		b.Run(fmt.Sprintf("alg=%s/impl=std", a.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := stdhkdf.Expand(a.std, secret[:n], info, n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
