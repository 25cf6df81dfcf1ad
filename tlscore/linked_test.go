package tlscore_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLinkedOnlyIfUsed: a program that is a server of TLS 1.3 has neither TLS 1.2 in it nor a client, and no early data.
func TestLinkedOnlyIfUsed(t *testing.T) {
	program := filepath.Join(t.TempDir(), "server13")
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/server13").CombinedOutput(); err != nil {
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
		found = found || strings.Contains(symbol, "receiveClientHello")
		name := strings.TrimSuffix(symbol[strings.LastIndexByte(symbol, '.')+1:], "-fm")
		if strings.HasSuffix(name, "12") && !strings.Contains(symbol, "/primitive/") || name == "prf" || name == "sendServerKeyExchange" || name == "sendClientHello" {
			t.Errorf("%s is linked", symbol)
		}
		if strings.Contains(symbol, "Replays") || strings.HasSuffix(name, "EarlyData") && name != "skipEarlyData" || name == "EarlyWindow" {
			t.Errorf("%s is linked, for early data", symbol)
		}
	}
	if !found {
		t.Error("the symbols of the server are not found: this test sees nothing")
	}
}
