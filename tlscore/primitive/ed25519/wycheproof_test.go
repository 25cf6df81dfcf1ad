package ed25519

import (
	"testing"

	"colibri/fuzz/vectors"
)

func TestWycheproof(t *testing.T) {
	const name = "ed25519_test.json.gz"
	var file struct {
		NumberOfTests int
		TestGroups    []struct {
			PublicKey struct{ PK vectors.Hex }
			Tests     []struct {
				TcID    int
				Comment string
				Msg     vectors.Hex
				Sig     vectors.Hex
				Result  string
			}
		}
	}
	vectors.Read(t, "wycheproof/"+name, &file)
	for _, impl := range implementations {
		run, passed, short := 0, 0, 0
		for _, g := range file.TestGroups {
			for _, v := range g.Tests {
				run++
				// A signature of another length is for the caller to refuse: the type says 64 bytes.
				got := false
				if len(v.Sig) == SignatureSize {
					got = impl.verify((*[SeedSize]byte)(g.PublicKey.PK), v.Msg, (*[SignatureSize]byte)(v.Sig))
				} else {
					short++
				}
				if v.Result != "valid" && v.Result != "invalid" || got != (v.Result == "valid") {
					t.Errorf("%s: %d (%s): %v, want %s", name, v.TcID, v.Comment, got, v.Result)
					continue
				}
				passed++
			}
		}
		if run != file.NumberOfTests || run == 0 {
			t.Errorf("%s: %d tests of %d", name, run, file.NumberOfTests)
		}
		t.Logf("%s: %s: %d tests, %d passed (%d of another length)", impl.name, name, run, passed, short)
	}
}
