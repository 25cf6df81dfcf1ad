package text

import (
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b                string
		equal, fold, prefix bool
	}{
		{"", "", true, true, true}, {"a", "", false, false, true}, {"", "a", false, false, false}, {"abc", "abc", true, true, true},
		{"ABC", "abc", false, true, false}, {"abc", "abd", false, false, false}, {"abcd", "abc", false, false, true},
		{"@[`{", "@[`{", true, true, true}, {"@", "`", false, false, false}, {"[", "{", false, false, false}, {"ä", "Ä", false, false, false},
	} {
		if Equal(c.a, []byte(c.b)) != c.equal || EqualFold([]byte(c.a), c.b) != c.fold || HasPrefix(c.a, c.b) != c.prefix {
			t.Errorf("%q, %q", c.a, c.b)
		}
	}
	for c := range 128 {
		if want := strings.ToLower(string(rune(c)))[0]; Lower(byte(c)) != want {
			t.Errorf("Lower(%q) = %q", rune(c), Lower(byte(c)))
		}
	}
}
