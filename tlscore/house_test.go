package tlscore_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The house has rooms, and each room may know only those below it. A pattern ends in /... for a whole tree; the first rule
// that fits a package is its rule. Imports of a package's own tree below it are always allowed.
var arrows = []struct {
	room string
	may  []string
}{
	{"x509lite/der", nil},
	{"x509lite", []string{"x509lite/der"}},
	{"x509lite/...", []string{"x509lite", "x509lite/..."}},
	{"tlscore/wire", nil},
	{"tlscore/keyschedule", []string{"tlscore/primitive/..."}},
	{"tlscore/record", []string{"tlscore/primitive/..."}},
	{"tlscore/primitive/cttest", nil},
	{"tlscore/primitive/...", []string{"tlscore/primitive/...", "x509lite/der"}},
	{"tlscore/signature", []string{"tlscore/primitive/...", "x509lite", "x509lite/..."}},
	{"tlscore/netconn", []string{"tlscore", "tlscore/signature", "x509lite"}},
	{"tlscore", []string{"tlscore/wire", "tlscore/keyschedule", "tlscore/record", "tlscore/signature", "tlscore/primitive/...", "x509lite"}},
	{"tlscore/internal/...", nil},
	{"firmware/...", []string{"firmware/...", "tlscore/...", "tlscore", "x509lite/...", "x509lite"}},
	{"bench/...", []string{"..."}},
	{"bench", []string{"..."}},
	{"fuzz/...", []string{"..."}},
	{"fuzz", []string{"..."}},
}

// small are the rooms that must build where there is no operating system, and allowed is what they may import of the
// standard library, in the portable build.
var (
	small = []string{"x509lite/der", "x509lite", "tlscore", "tlscore/wire", "tlscore/keyschedule", "tlscore/record",
		"tlscore/signature", "tlscore/primitive/...", "firmware/device/..."}
	allowed = []string{"io", "math/bits", "unsafe"}
)

// needs lists the imports beyond allowed that a room has a reason for.
var needs = map[string][]string{
	"firmware/device/httpd":   {"github.com/soypat/lneto/http/httpraw"},
	"tlscore/primitive/mlkem": {"github.com/cloudflare/circl/kem/mlkem/mlkem768"},
	"tlscore/primitive/p521":  {"filippo.io/nistec"},
	"tlscore/primitive/mldsa": {"github.com/cloudflare/circl/sign", "github.com/cloudflare/circl/sign/mldsa/mldsa44",
		"github.com/cloudflare/circl/sign/mldsa/mldsa65", "github.com/cloudflare/circl/sign/mldsa/mldsa87"},
}

type listed struct {
	Name       string
	ImportPath string
	Imports    []string
}

// isTestKit reports whether only tests import p: it imports the package testing itself.
func (p *listed) isTestKit() bool { return slices.Contains(p.Imports, "testing") }

func TestArrowsRunDown(t *testing.T) {
	for _, p := range list(t, "colibri/...") {
		room := strings.TrimPrefix(p.ImportPath, "colibri/")
		may, found := ruleFor(room)
		if !found {
			t.Errorf("no rule for package %s: it stands in no room of DESIGN.md", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			other, ours := strings.CutPrefix(imp, "colibri/")
			if p.isTestKit() && other == "fuzz/vectors" {
				continue
			}
			if ours && !fits(other, may) && !strings.HasPrefix(other, room+"/") {
				t.Errorf("%s imports %s, against the arrows", p.ImportPath, imp)
			}
		}
	}
}

func TestSmallTargetsCanBuildTheCore(t *testing.T) {
	for _, p := range list(t, "-tags", "portable", "colibri/...") {
		room := strings.TrimPrefix(p.ImportPath, "colibri/")
		if !fits(room, small) || p.isTestKit() || p.Name == "main" {
			continue
		}
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, "colibri/") || fits(imp, allowed) || fits(imp, needs[room]) {
				continue
			}
			t.Errorf("%s imports %s, which small targets cannot or need not build", p.ImportPath, imp)
		}
	}
}

// TestReadingOrders: packages of several files have a doc.go, the files that it names exist, and its reading order has all files.
func TestReadingOrders(t *testing.T) {
	name := regexp.MustCompile(`\b\w+\.go\b`)
	order := regexp.MustCompile(`(?i)reading order:?\n//\n//\t`)
	orders := 0
	for _, p := range list(t, "colibri/...") {
		dir := path.Join("..", strings.TrimPrefix(p.ImportPath, "colibri/"))
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		sources := 0
		for _, e := range entries {
			files = append(files, e.Name())
			if strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
				sources++
			}
		}
		doc, err := os.ReadFile(path.Join(dir, "doc.go"))
		if err != nil {
			if sources > 3 {
				t.Errorf("%s has %d files and no doc.go", dir, sources)
			}
			continue
		}
		named := name.FindAllString(string(doc), -1)
		for _, f := range named {
			if !slices.Contains(files, f) {
				t.Errorf("%s/doc.go: there is no %s", dir, f)
			}
		}
		if !order.Match(doc) {
			continue
		}
		orders++
		for _, f := range files {
			if strings.HasSuffix(f, ".go") && !strings.HasSuffix(f, "_test.go") && f != "doc.go" && !slices.Contains(named, f) {
				t.Errorf("%s/doc.go: the reading order lacks %s", dir, f)
			}
		}
	}
	if orders < 3 {
		t.Errorf("only %d reading orders were found", orders)
	}
}

// TestOptionalPartsAreNotLinked: what a Config has to name is not in a program that names it nowhere.
func TestOptionalPartsAreNotLinked(t *testing.T) {
	parts := []string{"colibri/tlscore/primitive/mlkem", "colibri/tlscore/primitive/mldsa", "colibri/tlscore/primitive/p521"}
	for _, program := range []string{"colibri/tlscore", "colibri/tlscore/netconn", "colibri/firmware/board"} {
		for _, p := range list(t, "-deps", "-tags", "portable", program) {
			if slices.Contains(parts, p.ImportPath) {
				t.Errorf("%s brings %s with it", program, p.ImportPath)
			}
		}
	}
}

// TestRulesFire shows that the rules above refuse what they are there to refuse.
func TestRulesFire(t *testing.T) {
	if may, _ := ruleFor("x509lite"); fits("tlscore", may) {
		t.Error("x509lite may import tlscore")
	}
	if may, _ := ruleFor("tlscore/wire"); fits("tlscore/record", may) {
		t.Error("tlscore/wire may import tlscore/record")
	}
	for _, imp := range []string{"fmt", "net", "reflect", "crypto/sha256", "math/big", "sync", "time"} {
		if fits(imp, allowed) {
			t.Errorf("the core may import %s", imp)
		}
	}
	if _, found := ruleFor("somewhere/else"); found {
		t.Error("a package outside the house has a rule")
	}
}

func ruleFor(room string) (may []string, found bool) {
	for _, a := range arrows {
		if fits(room, []string{a.room}) {
			return a.may, true
		}
	}
	return nil, false
}

func fits(name string, patterns []string) bool {
	for _, p := range patterns {
		tree, isTree := strings.CutSuffix(p, "...")
		if p == name || isTree && strings.HasPrefix(name, tree) {
			return true
		}
	}
	return false
}

func list(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=Name,ImportPath,Imports"}, args...)...)
	cmd.Dir = path.Join("..")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) == 0 {
		t.Fatal("go list found no packages")
	}
	return packages
}
