package main

import (
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tinygo is what the chip's files use of TinyGo's own packages, of version 0.42.
var tinygo = map[string]string{
	"machine": `package machine
type flash struct{}
func (flash) ReadAt(p []byte, off int64) (n int, err error)
func (flash) WriteAt(p []byte, off int64) (n int, err error)
func (flash) EraseBlockSize() int64
func (flash) EraseBlocks(start, length int64) error
var Flash flash
func GetRNG() (ret uint32, err error)`,
	"runtime/volatile": `package volatile
type Register32 struct{ Reg uint32 }
func (r *Register32) Get() uint32
func (r *Register32) Set(value uint32)
func (r *Register32) SetBits(value uint32)`,
}

// imports finds packages for the checker: TinyGo's as above, the radio's from its source, of which the parts in C and those for
// TinyGo alone cannot be understood here, all others as usual.
type imports struct {
	t       *testing.T
	files   *token.FileSet
	context build.Context
	others  types.Importer
}

func (i *imports) Import(path string) (*types.Package, error) {
	if text, ok := tinygo[path]; ok {
		f, err := parser.ParseFile(i.files, path, text, 0)
		if err != nil {
			return nil, err
		}
		return (&types.Config{IgnoreFuncBodies: true}).Check(path, i.files, []*ast.File{f}, nil)
	}
	if path != "tinygo.org/x/espradio" {
		return i.others.Import(path)
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path).Output()
	if err != nil {
		return nil, err
	}
	config := types.Config{Importer: i.others, FakeImportC: true, IgnoreFuncBodies: true, Error: func(error) {}}
	p, _ := config.Check(path, i.files, i.parse(strings.TrimSpace(string(dir))), nil)
	return p, nil
}

// parse reads the files of a folder that belong to the chip.
func (i *imports) parse(dir string) (files []*ast.File) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		i.t.Fatal(err)
	}
	for _, name := range names {
		if ok, err := i.context.MatchFile(dir, filepath.Base(name)); err != nil || !ok || strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(i.files, name, nil, 0)
		if err != nil {
			i.t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// TestTypes checks the types of the command as each chip has it: Go cannot build it, and TinyGo only where its release is.
func TestTypes(t *testing.T) {
	files := token.NewFileSet()
	others := importer.ForCompiler(files, "source", nil)
	tinygo["colibri/firmware/board/site"] = `package site
var Image string`
	for _, chip := range []string{"esp32", "esp32c3", "esp32s3"} {
		i := &imports{t: t, files: files, context: build.Default, others: others}
		i.context.CgoEnabled = true
		i.context.BuildTags = []string{"tinygo", chip}
		config := types.Config{Importer: i, Error: func(err error) { t.Errorf("%s: %v", chip, err) }}
		if p, _ := config.Check("main", i.files, i.parse("."), nil); p.Scope().Lookup("main") == nil || p.Scope().Lookup("randomWord") == nil {
			t.Errorf("%s: not all files were read", chip)
		}
	}
}
