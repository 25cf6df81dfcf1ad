package x509lite

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestImports: this package and those below it know neither TLS nor cryptography, nor anything that small
// targets lack.
func TestImports(t *testing.T) {
	for dir, allowed := range map[string]map[string]bool{
		".":   {"math/bits": true, "colibri/x509lite/der": true},
		"der": {},
		"pem": {},
	} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range f.Imports {
				if path, _ := strconv.Unquote(i.Path.Value); !allowed[path] {
					t.Errorf("%s imports %s", name, path)
				}
			}
		}
	}
}
