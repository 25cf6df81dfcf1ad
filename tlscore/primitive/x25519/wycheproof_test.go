package x25519

import (
	"bytes"
	"testing"

	"colibri/fuzz/vectors"
)

// The file calls acceptable what a user may want to know about a point, such as one on the twist; all of
// it must be computed, but a secret of zero must be refused.
func TestWycheproof(t *testing.T) {
	const name = "x25519_test.json.gz"
	var file struct {
		NumberOfTests int
		TestGroups    []struct {
			Curve string
			Tests []struct {
				TcID    int
				Comment string
				Public  vectors.Hex
				Private vectors.Hex
				Shared  vectors.Hex
				Result  string
			}
		}
	}
	vectors.Read(t, "wycheproof/"+name, &file)
	for _, impl := range implementations {
		run, passed, refused := 0, 0, 0
		for _, g := range file.TestGroups {
			for _, v := range g.Tests {
				run++
				if g.Curve != "curve25519" || len(v.Public) != Size || len(v.Private) != Size ||
					v.Result == "invalid" {
					t.Fatalf("%s: %d: not what this test is for", name, v.TcID)
				}
				var shared [Size]byte
				ok := impl.shared(&shared, (*[Size]byte)(v.Private), (*[Size]byte)(v.Public))
				zero := bytes.Equal(v.Shared, make([]byte, Size))
				if ok == zero || !bytes.Equal(shared[:], v.Shared) {
					t.Errorf("%s: %d (%s): %v, %x, want %x", name, v.TcID, v.Comment, ok, shared, v.Shared)
					continue
				}
				passed++
				if !ok {
					refused++
				}
			}
		}
		if run != file.NumberOfTests || run == 0 {
			t.Errorf("%s: %d tests of %d", name, run, file.NumberOfTests)
		}
		t.Logf("%s: %s: %d tests, %d passed (%d secrets of zero refused)", impl.name, name, run, passed, refused)
	}
}
