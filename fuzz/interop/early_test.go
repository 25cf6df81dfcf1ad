package interop

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// TestEarlyDataIsSkipped: openssl's client sends early data to a server of ours, on the word of another server whose session it
// has. Ours skips it, with and without a retry, and the handshake goes on as if it had not come.
func TestEarlyDataIsSkipped(t *testing.T) {
	root, err := ca.New(ca.ECDSA, time.Now(), "colibri interop CA")
	check(t, err)
	id, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	pem, err := id.KeyPEM()
	check(t, err)
	dir := t.TempDir()
	file := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		check(t, os.WriteFile(path, text, 0o600))
		return path
	}
	cert, key := file("server.crt", id.CertPEM()), file("server.key", pem)
	session, early := filepath.Join(dir, "session"), file("early", []byte("early data that nobody reads\n"))

	elsewhere, _ := program(t, "openssl", "s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-early_data", "-cert", cert, "-key", key)
	kept := func(string) bool { s, err := os.ReadFile(session); return err == nil && len(s) > 0 }
	if out := talk(t, elsewhere, kept, "-sess_out", session); !kept("") {
		t.Fatalf("no session:\n%s", out)
	}

	for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P384} {
		cfg := &tlscore.Config{
			Identities: []tlscore.Identity{ours(t, id)},
			Groups:     []tlscore.GroupID{group},
			Rand:       rand.Reader,
			Clock:      func() int64 { return time.Now().Unix() },
			Tickets:    &tlscore.TicketKeys{Guard: new(nobody)},
		}
		check(t, cfg.Tickets.Rotate(rand.Reader))
		port, result := serveOnce(t, cfg, "an answer\n")
		answered := func(out string) bool { return strings.Contains(out, "an answer") }
		out := talk(t, port, answered, "-sess_in", session, "-early_data", early)
		if r := <-result; r.err != nil || r.got != "a question\n" || r.state.Resumed {
			t.Errorf("%v: %v, read %q, resumed %v\n%s", group, r.err, r.got, r.state.Resumed, out)
		}
		if !strings.Contains(out, "Early data was rejected") {
			t.Errorf("%v: early data was not sent:\n%s", group, out)
		}
	}
}

// nobody is the guard of what one goroutine uses.
type nobody struct{}

func (*nobody) Lock()   {}
func (*nobody) Unlock() {}

// talk runs openssl's client, which asks a question, until done says so of what it has printed, and returns that.
func talk(t *testing.T, port string, done func(out string) bool, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "openssl", append([]string{"s_client", "-connect", "127.0.0.1:" + port, "-tls1_3",
		"-servername", "changeme", "-groups", "X25519:P-384"}, arguments...)...)
	stdin, err := cmd.StdinPipe()
	check(t, err)
	var out lockedBuffer
	cmd.Stdout, cmd.Stderr = &out, &out
	check(t, cmd.Start())
	io.WriteString(stdin, "a question\n")
	for ctx.Err() == nil && !done(out.String()) {
		time.Sleep(20 * time.Millisecond)
	}
	stdin.Close()
	cmd.Wait() // What it has printed tells more than its exit code.
	return string(bytes.ToValidUTF8([]byte(out.String()), nil))
}
