//go:build !tinygo

package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// lines are what was logged, in an order that does not matter.
func lines(log *bytes.Buffer) []string {
	all := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	slices.Sort(all)
	return all
}

// TestKeyLog: for the same connection crypto/tls and we write the same lines, in both roles.
func TestKeyLog(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384} {
		var ours, theirs bytes.Buffer
		cfg := p.clientConfig(t)
		cfg.Suites = []tlscore.SuiteID{suite}
		cfg.KeyLog = &ours
		std := p.stdServer()
		std.KeyLogWriter = &theirs
		client, transport, server := dial(t, cfg, "changeme", std)
		done := make(chan error, 1)
		go func() { done <- server.Handshake() }()
		if err := drive(client, transport, client.HandshakeDone); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if got, want := lines(&ours), lines(&theirs); len(got) != 4 || !slices.Equal(got, want) {
			t.Errorf("as a client of %v:\n%s\nwant\n%s", suite, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var ours, theirs bytes.Buffer
		cfg := p.config12(t)
		cfg.KeyLog = &ours
		std := p.stdClient()
		std.MaxVersion, std.KeyLogWriter = version, &theirs
		talk(t, cfg, std)
		if got, want := lines(&ours), lines(&theirs); !slices.Equal(got, want) {
			t.Errorf("as a server of %#x:\n%s\nwant\n%s", version, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestFirmwareHasNoKeyLog: nothing that TinyGo builds for the device has the words of a key log.
func TestFirmwareHasNoKeyLog(t *testing.T) {
	has := func(args ...string) (files int, found []string) {
		// -e: TinyGo's own packages are not there.
		cmd := exec.Command("go", append([]string{"list", "-e", "-deps", "-json=ImportPath,Dir,GoFiles"}, args...)...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			var p struct {
				ImportPath, Dir string
				GoFiles         []string
			}
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				return files, found
			} else if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(p.ImportPath, "colibri/") {
				continue
			}
			for _, name := range p.GoFiles {
				text, err := os.ReadFile(filepath.Join(p.Dir, name))
				if err != nil {
					t.Fatal(err)
				}
				files++
				if bytes.Contains(text, []byte("TRAFFIC_SECRET")) || bytes.Contains(text, []byte("KeyLog")) {
					found = append(found, name)
				}
			}
		}
	}
	const device = "colibri/firmware/device/..."
	if files, found := has("-tags", "tinygo", device, "colibri/tlscore"); files < 50 || len(found) > 0 {
		t.Errorf("of %d files of the firmware these know a key log: %v", files, found)
	}
	if _, found := has(device, "colibri/tlscore"); !slices.Equal(found, []string{"keylog.go"}) {
		t.Errorf("on hosts it is in %v", found)
	}
}
