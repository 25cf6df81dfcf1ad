package tlscore_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// attackTest finds the names of tests, and of the cases that follow them.
var attackTest = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`|\\*([^*]+)\\*")

// TestAttacksAreTested: every test that ATTACKS.md names exists and has the cases named behind it, and no attack is without one or a word
// of why.
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
		test := ""
		for _, m := range found {
			if m[1] != "" {
				test = m[1]
				if !tests[test] {
					t.Errorf("%s: there is no %s", name, test)
				}
			} else if !slices.Contains(cases[test], m[2]) {
				t.Errorf("%s: %s has no case %q", name, test, m[2])
			}
		}
	}
	if rows < 40 {
		t.Errorf("only %d attacks", rows)
	}
}

// caseNames returns the cases of each test in this directory: the first strings of all rows in its tables, those that stand in it and those
// that it names.
func caseNames(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]*ast.FuncDecl{}
	tables := map[string][]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					tests[d.Name.Name] = d
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok {
						tables[v.Names[0].Name] = rowNames(v)
					}
				}
			}
		}
	}
	names := map[string][]string{}
	for name, test := range tests {
		names[name] = rowNames(test)
		ast.Inspect(test, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				names[name] = append(names[name], tables[id.Name]...)
			}
			return true
		})
	}
	return names
}

// rowNames returns the first elements, where they are strings, of all composite literals in n.
func rowNames(n ast.Node) (names []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if row, ok := n.(*ast.CompositeLit); ok && len(row.Elts) > 1 {
			if first, ok := row.Elts[0].(*ast.BasicLit); ok && first.Kind == token.STRING {
				name, _ := strconv.Unquote(first.Value)
				names = append(names, name)
			}
		}
		return true
	})
	return names
}
