// Package vectors finds and reads the third-party test data that the tests of several packages share: Project
// Wycheproof's test vectors and x509-limbo's cases. The data is not part of the repository. It is looked for in the
// directory that COLIBRI_VECTORS names and, without that, in ../shared/vectors beside the repository. Only tests import
// this package.
package vectors

import (
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Dir returns the directory that holds wycheproof/ and x509-limbo/. Where there is none, it skips the test and says how to
// provide the data; under CI=true an absent directory fails the test, so that CI cannot pass without having run it.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("COLIBRI_VECTORS")
	if dir == "" {
		_, file, _, ok := runtime.Caller(0)
		if !ok {
			t.Fatal("vectors: the position of this source file is unknown; set COLIBRI_VECTORS")
		}
		dir = filepath.Join(filepath.Dir(file), "..", "..", "..", "shared", "vectors")
	}
	if _, err := os.Stat(dir); err != nil {
		const remedy = "test vectors absent: set COLIBRI_VECTORS to a directory with wycheproof/ and x509-limbo/ (%v)"
		if os.Getenv("CI") == "true" {
			t.Fatalf(remedy, err)
		}
		t.Skipf(remedy, err)
	}
	return dir
}

// Read decodes the gzip-compressed JSON file name, for instance "wycheproof/x25519_test.json.gz", into v.
func Read(t testing.TB, name string, v any) {
	t.Helper()
	if err := read(filepath.Join(Dir(t), filepath.FromSlash(name)), v); err != nil {
		t.Fatal(err)
	}
}

func read(path string, v any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := json.NewDecoder(z).Decode(v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Hex is a byte string that stands in JSON as lower-case hexadecimal digits, as it does throughout Wycheproof's files.
type Hex []byte

// UnmarshalText decodes the hexadecimal digits of text.
func (h *Hex) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}
