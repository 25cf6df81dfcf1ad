package fs

import (
	"path"
	"strings"
	"testing"
)

func TestValid(t *testing.T) {
	for _, name := range []string{
		"a", "index.html", "a/b/c.txt", ".hidden", "a b.txt", "~x", "a..b", "..a", "conf9.json",
		strings.Repeat("x", MaxName),
	} {
		if !Valid([]byte(name)) {
			t.Errorf("Valid(%q) = false, want true", name)
		}
	}
	for _, name := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/..", "../a", "a/../b", "./a", "a.", "a ", "a /b", "a./b",
		"a\\b", "..\\a", "c:a", "a\x00", "\x00", "a\nb", "a\x7f", "\xc3\xa4", "a*", "a?b", "a<b", "a>b", "a|b", "a\"b",
		strings.Repeat("x", MaxName+1),
	} {
		if Valid([]byte(name)) {
			t.Errorf("Valid(%q) = true, want false", name)
		}
	}
}

func TestTrimAndBase(t *testing.T) {
	for _, c := range []struct{ in, trim, base string }{
		{"", "", ""}, {"/", "", ""}, {"///", "", ""}, {"/a", "a", "a"}, {"a/", "a", ""}, {"/a/b", "a/b", "b"}, {"//a//", "a/", ""},
	} {
		if got := string(Trim([]byte(c.in))); got != c.trim {
			t.Errorf("Trim(%q) = %q, want %q", c.in, got, c.trim)
		}
		if got := string(Base([]byte(c.in))); got != c.base {
			t.Errorf("Base(%q) = %q, want %q", c.in, got, c.base)
		}
	}
}

func TestMatchFold(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"*.key", "server.key", true}, {"*.key", "SERVER.KEY", true}, {"*.KEY", "server.key", true},
		{"*.key", "server.key.txt", false}, {"*.key", "a/server.key", false}, {"*.key", ".key", true},
		{"conf?.json", "conf9.json", true}, {"conf?.json", "conf.json", false}, {"a?b", "a/b", false},
		{"*", "", true}, {"", "", true}, {"", "a", false}, {"**", "abc", true}, {"a*b*c", "axxbyyc", true},
		{"a*b*c", "axxbyy", false}, {"*/x", "y/x", true}, {"*/x", "x", false}, {"a*", "a/b", false},
		{"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
	} {
		if got := MatchFold(c.pattern, []byte(c.name)); got != c.want {
			t.Errorf("MatchFold(%q, %q) = %v, want %v", c.pattern, c.name, got, c.want)
		}
	}
}

// FuzzMatchFold compares with path.Match, which is the same language once brackets and backslashes are away
// and case is even.
func FuzzMatchFold(f *testing.F) {
	f.Add("*.key", "server.key")
	f.Add("a*b?c*", "a/bxc")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if strings.ContainsAny(pattern, "[]\\") || !ascii(pattern) || !ascii(name) {
			t.Skip("outside the common language")
		}
		want, err := path.Match(strings.ToLower(pattern), strings.ToLower(name))
		if err != nil {
			t.Skip(err)
		}
		if got := MatchFold(pattern, []byte(name)); got != want {
			t.Fatalf("MatchFold(%q, %q) = %v, path.Match says %v", pattern, name, got, want)
		}
	})
}

// FuzzValid holds the promise that matters: a valid name is its own cleaned form and goes down only.
func FuzzValid(f *testing.F) {
	for _, s := range []string{"a/b", "../a", "a//b", "a/./b", "a\\b", "/etc/passwd", "a/.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !Valid([]byte(name)) {
			return
		}
		if path.Clean(name) != name || path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") {
			t.Fatalf("Valid(%q) = true", name)
		}
	})
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
