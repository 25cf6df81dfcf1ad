package selftest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKnownAnswers(t *testing.T) {
	for _, g := range Groups() {
		for _, c := range g.Cases {
			t.Run(c.Name, func(t *testing.T) {
				if c.Setup != nil {
					c.Setup()
				}
				c.Op()
				if !c.OK() {
					t.Errorf("%s: wrong result", g.Package)
				}
			})
		}
	}
}

// The secrets are different ones, and so is what the operations work on: the known answer does not come out.
func TestSecrets(t *testing.T) {
	var secrets [Secrets][SecretSize]byte
	seen := make(map[[SecretSize]byte]bool)
	for i := range secrets {
		FillSecret(&secrets[i], i)
		seen[secrets[i]] = true
	}
	if len(seen) != Secrets {
		t.Errorf("%d different secrets of %d", len(seen), Secrets)
	}
	for _, g := range Groups() {
		for _, c := range g.Cases {
			if c.Secret == nil {
				continue
			}
			for i := range secrets {
				if c.Setup != nil {
					c.Setup()
				}
				c.Secret(&secrets[i])
				c.Op()
				if c.OK() {
					t.Errorf("%s: secret %d changes nothing", c.Name, i)
				}
			}
		}
	}
}

// The board's output is read as Go's benchmark format, and ceilings are looked up by name.
func TestNamesAreUniqueAndWellFormed(t *testing.T) {
	seen := make(map[string]bool)
	for _, g := range Groups() {
		for _, c := range g.Cases {
			if seen[c.Name] {
				t.Errorf("%s: name used twice", c.Name)
			}
			seen[c.Name] = true
			parts := strings.Split(c.Name, "/")
			if parts[0] == "" || parts[0][0] < 'A' || parts[0][0] > 'Z' || strings.ContainsAny(c.Name, " \t-") {
				t.Errorf("%s: not a benchmark name", c.Name)
			}
			for _, p := range parts[1:] {
				if key, value, ok := strings.Cut(p, "="); !ok || key == "" || value == "" {
					t.Errorf("%s: part %q is not key=value", c.Name, p)
				}
			}
		}
	}
}

func TestHexadecimalHelpers(t *testing.T) {
	var buf [4]byte
	if got := unhex(buf[:], "00ff7a"); len(got) != 3 || got[0] != 0 || got[1] != 0xff || got[2] != 0x7a {
		t.Errorf("unhex: got %x", got)
	}
	for _, c := range []struct {
		got  []byte
		want string
		ok   bool
	}{
		{[]byte{0x0a, 0xb0}, "0ab0", true},
		{[]byte{0x0a, 0xb0}, "0ab1", false},
		{[]byte{0x0a}, "0ab0", false},
		{[]byte{0x0a, 0xb0}, "0a", false},
	} {
		if equal(c.got, c.want) != c.ok {
			t.Errorf("equal(%x, %s) is not %v", c.got, c.want, c.ok)
		}
	}
}

// An operation without a ceiling on its instructions could become slow unseen.
func TestEveryCaseHasACeiling(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "bench", "budgets.txt"))
	if err != nil {
		t.Fatal(err)
	}
	has := make(map[string]bool)
	for _, line := range strings.Split(string(text), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[1] == "insns/op" {
			has[fields[0]] = true
		}
	}
	for _, g := range Groups() {
		for _, c := range g.Cases {
			if !has[c.Name] {
				t.Errorf("bench/budgets.txt has no line for %s insns/op", c.Name)
			}
		}
	}
}
