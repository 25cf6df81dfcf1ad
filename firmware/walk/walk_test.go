//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/firmware/pki/files"
)

// newWalker makes a walker in a folder of its own, with the test program in place of the device.
func newWalker(t *testing.T, fault string) (*walker, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out := new(bytes.Buffer)
	w := &walker{to: out, patience: 300 * time.Millisecond, layout: layoutIn(dir)}
	w.binary, w.schema, w.pages = self, "none", filepath.Join(dir, "pages")
	t.Setenv("WALK_STANDIN", fault)
	if err := os.Mkdir(w.pages, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.pages, "index.html"), []byte("<html>hello</html>\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := w.layout.prepare(); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Ensure(files.Options{Dir: w.pki, Families: []ca.Family{ca.ECDSA}, Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	return w, out
}

func needCurl(t *testing.T, w *walker) {
	t.Helper()
	c, err := findCurl(t.Context())
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	w.curl = c
}

func TestStepsPassWithADeviceThatBehaves(t *testing.T) {
	w, out := newWalker(t, "good")
	needCurl(t, w)
	for _, mutual := range []bool{false, true} {
		p := place{layout: &w.layout, family: ca.ECDSA, mutual: mutual}
		w.visit(t.Context(), p)
	}
	if err := w.report.finish(out, time.Second); err != nil {
		t.Fatal(err)
	}
	if !w.report.Pass || len(w.report.Steps) < 20 {
		t.Errorf("%d steps, pass %t:\n%s", len(w.report.Steps), w.report.Pass, out)
	}
	var text bytes.Buffer
	if err := w.report.writeJSON(&text); err != nil {
		t.Fatal(err)
	}
	var back report
	if err := json.Unmarshal(text.Bytes(), &back); err != nil || !back.Pass || len(back.Steps) != len(w.report.Steps) {
		t.Errorf("the summary does not read back: %v", err)
	}
}

func TestStepsFailWithADeviceThatLetsAnyoneIn(t *testing.T) {
	w, out := newWalker(t, "lax")
	needCurl(t, w)
	w.visit(t.Context(), place{layout: &w.layout, family: ca.ECDSA, mutual: true})
	if err := w.report.finish(out, time.Second); err != nil {
		t.Fatal(err)
	}
	if w.report.Pass || !strings.Contains(out.String(), "the device answered all the same, with HTTP status 200") {
		t.Errorf("pass %t:\n%s", w.report.Pass, out)
	}
	for _, s := range w.report.Steps {
		shouldFail := strings.Contains(s.Title, "is refused") || strings.Contains(s.Title, "who is calling")
		if s.Pass == shouldFail {
			t.Errorf("%q passed: %t", s.Title, s.Pass)
		}
	}
}

func TestDeviceThatDoesNotServeIsReported(t *testing.T) {
	w, out := newWalker(t, "silent")
	w.visit(t.Context(), place{layout: &w.layout, family: ca.ECDSA})
	if err := w.report.finish(out, 0); err != nil {
		t.Fatal(err)
	}
	if len(w.report.Steps) != 1 || w.report.Pass || !strings.Contains(out.String(), "no key") {
		t.Errorf("report %+v\n%s", w.report, out)
	}
}

func TestStopKillsOnlyWhatDoesNotEnd(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("WALK_STANDIN", "stubborn")
	device, err := startDevice(self, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := device.stopWithin(100 * time.Millisecond); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Errorf("stopped with %v", err)
	}
	if err := device.stop(); err == nil || !strings.Contains(err.Error(), "before it was asked to") {
		t.Errorf("stopped again with %v", err)
	}
}

func TestPortIn(t *testing.T) {
	for line, want := range map[string]int{
		"[Nov 23 10:00:00.123] http         HTTP server started on [8443]": 8443,
		"HTTP server started on [127.0.0.1:40001]":                         40001,
		"HTTP server started on [[::1]:40001]":                             40001,
		"HTTP server started on [127.0.0.1:99999]":                         0,
		"HTTP server started on []":                                        0,
		"HTTP client started on [1]":                                       0,
	} {
		if got := portIn(line); got != want {
			t.Errorf("%q: port %d, not %d", line, got, want)
		}
	}
}

func TestRunLogged(t *testing.T) {
	var shown bytes.Buffer
	out, err := runLogged(t.Context(), &shown, "sh", "-c", "echo one; echo two >&2; exit 3")
	const wantShown = "    $ sh -c 'echo one; echo two >&2; exit 3'\n    | one\n    | two\n"
	if out != "one\ntwo\n" || err == nil || shown.String() != wantShown {
		t.Errorf("output %q, error %v, shown %q", out, err, shown.String())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	// The child of the child ends too: else the pipe would stay open until WaitDelay.
	if _, err := runLogged(ctx, &shown, "sh", "-c", "sleep 30; true"); err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	if _, err := runLogged(t.Context(), &shown, "no-such-program"); err == nil {
		t.Error("a program that does not exist was run")
	}
}

func TestPairBenchmarks(t *testing.T) {
	all, err := pair(`goos: linux
pkg: colibri/bench
BenchmarkHandshakeServer/impl=colibri/ver=1.3/auth=mutual-2   	1000	 250000 ns/op	 1000 B/op	 20 allocs/op
BenchmarkHandshakeServer/impl=std/ver=1.3/auth=mutual-2       	1000	 500000 ns/op	 30000 B/op	 414 allocs/op
BenchmarkOther-2    	1000	 5 ns/op
PASS
ok  	colibri/bench	1.234s
`)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if c := all[0]; c.By["colibri"] != (figures{250e-6, 1000, 20}) || c.By["std"] != (figures{500e-6, 30000, 414}) {
		t.Errorf("%+v", c)
	}
	var table bytes.Buffer
	if err := benchTable(&table, all); err != nil {
		t.Fatal(err)
	}
	want := []string{"HandshakeServer/ver=1.3/auth=mutual", "250µs", "500µs", "1000", "30000", "20", "414"}
	if lines := strings.Split(table.String(), "\n"); !slices.Equal(strings.Fields(lines[1]), want) {
		t.Errorf("not %q in\n%s", want, table.String())
	}
	if _, err := pair("PASS\n"); err == nil {
		t.Error("no results are no error")
	}
}

func TestExecs(t *testing.T) {
	for out, want := range map[string]int{
		"fuzz: elapsed: 0s, gathering baseline coverage: 0/5 completed\n" +
			"fuzz: elapsed: 3s, execs: 1000 (333/sec), new interesting: 1\n" +
			"fuzz: elapsed: 6s, execs: 31415 (5000/sec), new interesting: 2\nPASS\n": 31415,
		"testing: warning: no fuzz tests to fuzz\nPASS\n": 0,
	} {
		if got := execs(out); got != want {
			t.Errorf("%d, not %d", got, want)
		}
	}
}

func TestTargetsIn(t *testing.T) {
	got := targetsIn("FuzzCertificate\nFuzzServerFlight\nok  \tcolibri/fuzz\t0.004s\n")
	if !slices.Equal(got, []string{"FuzzCertificate", "FuzzServerFlight"}) {
		t.Errorf("%q", got)
	}
}

func TestPrintable(t *testing.T) {
	if got := printable("a\x1b[2J\tb\r\u00e9"); got != "a?[2J\tb?\u00e9" {
		t.Errorf("%q", got)
	}
}

func TestCurlThatWillNotDoIsNamed(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if _, err := findCurl(t.Context()); err == nil || !strings.Contains(err.Error(), "curl is not installed") ||
		!strings.Contains(err.Error(), "apt install curl") {
		t.Errorf("without curl: %v", err)
	}
	const old = "#!/bin/sh\n" +
		"if [ \"$1\" = --version ]; then echo 'curl 7.29.0 (x86_64-redhat-linux-gnu) libcurl/7.29.0 NSS/3.44'; exit; fi\n" +
		"echo 'curl: (35) Peer using unsupported version of security protocol.' >&2; exit 35\n"
	if err := os.WriteFile(filepath.Join(dir, "curl"), []byte(old), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := findCurl(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot do TLS 1.3") ||
		!strings.Contains(err.Error(), "curl exit 35") || !strings.Contains(err.Error(), "7.29.0") {
		t.Errorf("with an old curl: %v", err)
	}
}
