package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatIsMissing: make firmware says what it lacks, and where to get it.
func TestWhatIsMissing(t *testing.T) {
	root := t.TempDir()
	fake := filepath.Join(root, "tinygo")
	put := func(name, text string) {
		t.Helper()
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	says := func(version string) {
		put("tinygo", "#!/bin/sh\ncase $1 in\nversion) echo '"+version+"' ;;\nenv) echo '"+root+"' ;;\n*) echo \"$CGO_CFLAGS_ALLOW $*\" ;;\nesac\n")
	}
	run := func(board string) string {
		c := exec.Command("./tinygo.sh", board, "build", "-size", "full", ".")
		c.Env = append(os.Environ(), "TINYGO="+fake)
		out, err := c.CombinedOutput()
		if ok := strings.HasPrefix(string(out), "-fno-short-enums build"); ok != (err == nil) {
			t.Errorf("%v with %s", err, out)
		}
		return string(out)
	}
	for _, step := range []struct {
		prepare func()
		board   string
		want    string
	}{
		{func() {}, "esp32c3-generic", "there is no program"},
		{func() { says("tinygo version 0.41.1 linux/amd64 (using go version go1.26.0)") }, "esp32c3-generic", "is version 0.41"},
		{func() { says("1.2.3") }, "esp32c3-generic", "does not say its version"},
		{func() { says("tinygo version 0.42.0 linux/amd64 (using go version go1.26.0)") }, "esp32c3-generic", "lacks the chips' registers"},
		{func() {
			put("src/device/esp/esp32c3.go", "package esp")
			put("targets/xiao-esp32c3.json", "{}")
			put("targets/esp32c3.json", "{}")
		},
			"esp32c3-generic", "knows no board esp32c3-generic. It has:\ntinygo.sh: xiao-esp32c3 \n"},
		{func() {}, "xiao-esp32c3", "-fno-short-enums build -size full .\n"},
	} {
		step.prepare()
		if got := run(step.board); !strings.Contains(got, step.want) {
			t.Errorf("%q is not in %q", step.want, got)
		}
	}
}
