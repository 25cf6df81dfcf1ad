package tlscore_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	attackTest = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	attackCase = regexp.MustCompile(`(?:^|[ (])\*([^*]+)\*`)
)

// TestAttacksAreTested: every test and every case that ATTACKS.md names exists, and no attack is without one or a word of why.
func TestAttacksAreTested(t *testing.T) {
	text, err := os.ReadFile("ATTACKS.md")
	if err != nil {
		t.Fatal(err)
	}
	tests, cases := testNames(t), caseNames(t)
	rows := 0
	for line := range strings.Lines(string(text)) {
		columns := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(columns) != 4 || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| attack ") {
			if len(columns) > 1 && len(columns) != 4 {
				t.Errorf("a row of %d columns: %s", len(columns), line)
			}
			continue
		}
		rows++
		name, shown := strings.TrimSpace(columns[0]), columns[3]
		found := attackTest.FindAllStringSubmatch(shown, -1)
		if len(found) == 0 && strings.TrimSpace(shown) != "not shown here" {
			t.Errorf("%s: no test", name)
		}
		for _, m := range found {
			if !tests[m[1]] {
				t.Errorf("%s: there is no %s", name, m[1])
			}
		}
		for _, m := range attackCase.FindAllStringSubmatch(shown, -1) {
			if !cases[m[1]] {
				t.Errorf("%s: no test has the case %q", name, m[1])
			}
		}
	}
	if rows < 40 {
		t.Errorf("only %d attacks", rows)
	}
}

var caseName = regexp.MustCompile(`\{"([^"\n]+)",`)

// caseNames returns the first strings of all rows of tables in tests.
func caseNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range caseName.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
	}
	return names
}
