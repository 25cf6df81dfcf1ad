package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// runnerConfig is the runner's configuration, with all the fields that ours has.
type runnerConfig struct {
	DisabledTests  map[string]string
	HalfRTTTickets int
	ErrorMap       map[string][]string
}

func readConfig(t *testing.T) *runnerConfig {
	t.Helper()
	f, err := os.Open("config.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	var cfg runnerConfig
	if err := d.Decode(&cfg); err != nil {
		t.Fatal(err)
	}
	return &cfg
}

func TestEveryDisabledPatternHasAReason(t *testing.T) {
	for pattern, reason := range readConfig(t).DisabledTests {
		if _, err := filepath.Match(pattern, ""); err != nil {
			t.Errorf("%q: %v", pattern, err)
		}
		if strings.Count(reason, " ") < 2 {
			t.Errorf("%q has no reason but %q", pattern, reason)
		}
	}
}

// TestErrorMapSpeaksOfErrors: what the map expects on standard error is there to be expected.
func TestErrorMapSpeaksOfErrors(t *testing.T) {
	var texts []string
	for i := range 256 {
		for _, err := range []error{tlscore.Error(i), tlscore.PeerAlert(i), tlscore.Refusal(i), wire.Error(i), record.Error(i), x509lite.Error(i)} {
			texts = append(texts, err.Error())
		}
	}
	for name, ours := range readConfig(t).ErrorMap {
		for _, text := range ours {
			if !slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, text) }) {
				t.Errorf("%s: no error says %q", name, text)
			}
		}
	}
}

func TestFlags(t *testing.T) {
	initial, resume, err := parse(strings.Fields("-port 1 -shim-id 2 -server -resume-count 1 -curves 29 -curves 23 " +
		"-on-initial-expect-version 771 -on-resume-expect-version 772 -on-shim-async -cert-file c -key-file k -signing-prefs 1027"))
	if err != nil {
		t.Fatal(err)
	}
	if initial.port != 1 || initial.shimID != 2 || !initial.server || initial.resumeCount != 1 || !initial.async ||
		!slices.Equal(initial.curves, []uint16{29, 23}) || initial.expectVersion != 0x0303 || resume.expectVersion != 0x0304 ||
		resume.fallback == nil || resume.fallback.keyFile != "k" || resume.fallback.signingPrefs[0] != 0x0403 {
		t.Errorf("%+v", initial)
	}
	var missing errUnimplemented
	if _, _, err := parse([]string{"-dtls"}); !errors.As(err, &missing) {
		t.Errorf("-dtls: %v", err)
	}
	for _, bad := range []string{"-port", "-port x", "-curves 65536"} {
		if _, _, err := parse(strings.Fields(bad)); err == nil || errors.As(err, &missing) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestProtocols(t *testing.T) {
	client := &options{alpn: "\x03foo\x02h2"}
	if list, err := client.protocols(); err != nil || !slices.Equal(list, []string{"foo", "h2"}) {
		t.Errorf("%q, %v", list, err)
	}
	client.alpn += "\x09cut"
	if _, err := client.protocols(); err == nil {
		t.Error("a list that ends early is fine")
	}
}
