package tlscore_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLinkedOnlyIfUsed: a program that is a server of TLS 1.3 has neither TLS 1.2 in it nor a client, and no early data or compressed
// certificates.
func TestLinkedOnlyIfUsed(t *testing.T) {
	linked(t, "")
}

// TestSmallProfile: a program with the tag colibri_small has no algorithm in it but those of package profile.
func TestSmallProfile(t *testing.T) {
	for _, symbol := range linked(t, "portable,colibri_small") {
		for _, absent := range []string{"rsa.", "p384.", "x25519.", "ed25519.", "edwards25519.", "field25519.", "chachapoly.", "aesccm.", "sha2.compress512", "sha2.portable512"} {
			if strings.Contains(symbol, "colibri/tlscore/primitive/") && strings.Contains(symbol, "/"+absent) {
				t.Errorf("%s is linked", symbol)
			}
		}
	}
}

// linked returns our symbols in a server of TLS 1.3 that is built with the tags, and complains about those of TLS 1.2 and of clients.
func linked(t *testing.T, tags string) (symbols []string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "server13")
	if out, err := exec.Command("go", "build", "-tags", tags, "-o", program, "./testdata/server13").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command("go", "tool", "nm", program).Output()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, line := range strings.Split(string(out), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 3 || !strings.HasPrefix(fields[2], "colibri/") {
			continue
		}
		symbol := fields[2]
		symbols = append(symbols, symbol)
		found = found || strings.Contains(symbol, "receiveClientHello")
		name := strings.TrimSuffix(symbol[strings.LastIndexByte(symbol, '.')+1:], "-fm")
		if strings.HasSuffix(name, "12") && !strings.Contains(symbol, "/primitive/") || name == "prf" || name == "sendServerKeyExchange" || name == "sendClientHello" {
			t.Errorf("%s is linked", symbol)
		}
		if strings.Contains(symbol, "Replays") || strings.HasSuffix(name, "EarlyData") && name != "skipEarlyData" || name == "EarlyWindow" {
			t.Errorf("%s is linked, for early data", symbol)
		}
		if strings.Contains(symbol, "ompress") && !strings.Contains(symbol, "/primitive/") && name != "compressions" {
			t.Errorf("%s is linked, for compressed certificates", symbol)
		}
	}
	if !found {
		t.Error("the symbols of the server are not found: this test sees nothing")
	}
	return symbols
}
