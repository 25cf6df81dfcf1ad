package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pki")
	var out strings.Builder
	args := []string{"-dir", dir, "-family", "ecdsa", "-names", "changeme,127.0.0.1"}
	if err := run(args, time.Now(), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "changeme,127.0.0.1") {
		t.Errorf("the table lacks the names:\n%s", out.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "rsa")); err == nil {
		t.Error("RSA was made unasked")
	}
}

func TestRunRefusesWhatItDoesNotUnderstand(t *testing.T) {
	for want, args := range map[string][]string{
		"there are ecdsa, rsa and all": {"-family", "dsa"},
		"is not understood":            {"build"},
		"not defined":                  {"-force"},
		"neither an IP address":        {"-family", "ecdsa", "-names", "a b"},
	} {
		args = append([]string{"-dir", filepath.Join(t.TempDir(), "pki")}, args...)
		if err := run(args, time.Now(), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, not %q", args, err, want)
		}
	}
}
