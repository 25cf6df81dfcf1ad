//go:build !tinygo

package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
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
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
)

// lines are what was logged, in an order that does not matter.
func lines(log *bytes.Buffer) []string {
	all := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	slices.Sort(all)
	return all
}

// exporter cuts the one line with the EXPORTER_SECRET, which crypto/tls does not write, off the lines and returns the secret.
func exporter(t *testing.T, lines []string) (secret []byte, rest []string) {
	t.Helper()
	for i, line := range lines {
		if fields := strings.Fields(line); fields[0] == "EXPORTER_SECRET" {
			secret, err := hex.DecodeString(fields[2])
			if err != nil || fields[1] != strings.Fields(lines[0])[1] {
				t.Errorf("%s: %v", line, err)
			}
			return secret, slices.Delete(slices.Clone(lines), i, i+1)
		}
	}
	return nil, lines
}

// exports reports whether secret is the exporter secret of a connection of crypto/tls under a suite.
func exports(t *testing.T, secret []byte, suite tlscore.SuiteID, theirs tls.ConnectionState) bool {
	t.Helper()
	want, err := theirs.ExportKeyingMaterial("EXPORTER-colibri", []byte("context"), 40)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha2.SHA256
	if suite == tlscore.AES256GCMSHA384 {
		hash = sha2.SHA384
	}
	var padded keyschedule.Secret
	got := make([]byte, 40)
	keyschedule.Export(hash, got, (*keyschedule.Secret)(append(secret, padded[len(secret):]...)), "EXPORTER-colibri", []byte("context"))
	return bytes.Equal(got, want)
}

// TestKeyLog: for the same connection crypto/tls and we write the same lines, in both roles; ours has one more, for what is exported.
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
		secret, got := exporter(t, lines(&ours))
		if want := lines(&theirs); len(got) != 4 || !slices.Equal(got, want) {
			t.Errorf("as a client of %v:\n%s\nwant\n%s", suite, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if !exports(t, secret, suite, server.ConnectionState()) {
			t.Errorf("as a client of %v the exporter secret is another", suite)
		}
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var ours, theirs bytes.Buffer
		cfg := p.config12(t)
		cfg.KeyLog = &ours
		std := p.stdClient()
		std.MaxVersion, std.KeyLogWriter = version, &theirs
		_, state := talk(t, cfg, std)
		secret, got := exporter(t, lines(&ours))
		if want := lines(&theirs); !slices.Equal(got, want) {
			t.Errorf("as a server of %#x:\n%s\nwant\n%s", version, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if tls13 := version == tls.VersionTLS13; tls13 != (secret != nil) || tls13 && !exports(t, secret, tlscore.SuiteID(state.CipherSuite), state) {
			t.Errorf("as a server of %#x the exporter secret is %x", version, secret)
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
