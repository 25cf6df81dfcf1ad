package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// Conversations with crypto/tls, recorded in testdata/transcripts: what came in, and what we answered, byte for byte. With the same
// randomness and the same time we have to say the same to the same, in every build. A change that makes us say something else shows
// here; if it was meant to,
//
//	go test ./tlscore -run TestTranscripts -record
//
// records all of them anew, with new keys.
var recordAnew = flag.Bool("record", false, "record the transcripts anew")

const transcriptDir = "testdata/transcripts"

// transcript is one conversation, or two of which the second resumes the first.
type transcript struct {
	client  bool // our role
	version uint16
	family  ca.Family
	kind    string

	configure func(ours *tlscore.Config, std *tls.Config)
	resumed   bool // there are two connections

	connections []connection
}

func (tr *transcript) String() string {
	role, version := "server", "1.3"
	if tr.client {
		role = "client"
	}
	if tr.version == tls.VersionTLS12 {
		version = "1.2"
	}
	return fmt.Sprintf("%s-%s-%v-%s", version, role, tr.family, tr.kind)
}

// connection is what one connection received and sent.
type connection struct{ received, sent []byte }

// transcripts returns all transcripts, without their connections.
func transcripts() (all []*transcript) {
	plain := func(*tlscore.Config, *tls.Config) {}
	for _, version := range []uint16{tls.VersionTLS13, tls.VersionTLS12} {
		for _, client := range []bool{false, true} {
			add := func(family ca.Family, kind string, configure func(*tlscore.Config, *tls.Config)) {
				all = append(all, &transcript{client: client, version: version, family: family, kind: kind,
					configure: configure, resumed: kind == "resumed"})
			}
			for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
				add(family, "full", plain)
				add(family, "mutual", func(ours *tlscore.Config, std *tls.Config) {
					ours.ClientAuth, std.ClientAuth = tlscore.RequireClientCert, tls.RequireAndVerifyClientCert
				})
			}
			add(ca.ECDSA, "resumed", func(ours *tlscore.Config, std *tls.Config) {
				ours.Sessions, ours.Tickets = new(tlscore.Sessions), new(tlscore.TicketKeys)
				ours.Tickets.Rotate(ours.Rand)
				std.SessionTicketsDisabled, std.ClientSessionCache = false, tls.NewLRUClientSessionCache(1)
			})
			if version == tls.VersionTLS13 {
				add(ca.ECDSA, "retry", func(ours *tlscore.Config, std *tls.Config) {
					server, both := []tlscore.GroupID{tlscore.P256}, []tlscore.GroupID{tlscore.X25519, tlscore.P256}
					ours.Groups, std.CurvePreferences = server, []tls.CurveID{tls.X25519, tls.CurveP256}
					if client {
						ours.Groups, std.CurvePreferences = both, []tls.CurveID{tls.CurveP256}
					}
				})
			}
		}
	}
	return all
}

// configs returns the configurations of both sides.
func (tr *transcript) configs(t *testing.T, p *pki) (ours *tlscore.Config, std *tls.Config) {
	t.Helper()
	ours = p.config(t)
	if tr.client {
		ours = p.clientConfig(t)
	}
	if tr.version == tls.VersionTLS12 {
		ours.TLS12 = tlscore.TLS12Server()
		if tr.client {
			ours.TLS12 = tlscore.TLS12Client()
		}
	}
	roots := x509.NewCertPool()
	roots.AddCert(p.root.Cert)
	std = &tls.Config{
		ServerName: "changeme", RootCAs: roots, ClientCAs: roots, MaxVersion: tr.version, SessionTicketsDisabled: true,
		Certificates: []tls.Certificate{p.client.TLS()},
		Time:         func() time.Time { return now },
	}
	if tr.client {
		std.Certificates = []tls.Certificate{p.server.TLS()}
	}
	tr.configure(ours, std)
	return ours, std
}

// begin starts our end of a connection.
func (tr *transcript) begin(t *testing.T, c *tlscore.Conn, cfg *tlscore.Config) {
	t.Helper()
	err := error(nil)
	if tr.client {
		err = c.Client(cfg, newPool(t), "changeme")
	} else {
		err = c.Server(cfg, newPool(t))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What is said once the handshake is done: the client asks, the server answers, both close.
const (
	question = "a question"
	reply    = "a reply"
)

// helloRetryRandom is how the random of a HelloRetryRequest begins (RFC 8446, section 4.1.3).
var helloRetryRandom = []byte{0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11}

// speaker is the application at our end.
type speaker struct {
	conn  tlscore.Conn
	begun bool
	heard []byte
}

// speak does what there is to do after the connection has got something; it reads at most limit bytes at a time.
func (s *speaker) speak(client bool, limit int) {
	c := &s.conn
	for w := c.ReadWindow(); len(w) > 0; w = c.ReadWindow() {
		n := min(len(w), limit)
		s.heard = append(s.heard, w[:n]...)
		c.Consumed(n)
	}
	text := reply
	if client {
		text = question
	}
	if w := c.WriteWindow(); !s.begun && len(w) > 0 && (client || string(s.heard) == question) {
		c.Written(copy(w, text))
		c.Flush()
		s.begun = true
	}
	if c.PeerClosed() || client && string(s.heard) == reply {
		c.Close()
	}
}

// replay says again what was received, of which there are next(at) bytes at a time after the first at of them, and checks that we say
// again what was sent, of which the transport takes at most limit bytes at a time.
func (tr *transcript) replay(t *testing.T, p *pki, next func(at int) int, limit int) {
	t.Helper()
	cfg, _ := tr.configs(t, p)
	for i, recorded := range tr.connections {
		var s speaker
		tr.begin(t, &s.conn, cfg)
		var sent []byte
		var info tlscore.Info
		for rest := recorded.received; ; {
			s.speak(tr.client, limit)
			if s.conn.HandshakeDone() {
				info = s.conn.Info()
			}
			if w := s.conn.SendWindow(); len(w) > 0 {
				n := min(len(w), limit)
				sent = append(sent, w[:n]...)
				s.conn.Sent(n)
				continue
			}
			w := s.conn.RecvWindow()
			if len(w) == 0 || len(rest) == 0 {
				break
			}
			n := copy(w, rest[:min(len(rest), next(len(recorded.received)-len(rest)))])
			rest = rest[n:]
			s.conn.Received(n)
		}
		if err := s.conn.Err(); err != nil || info.Version != tr.version || info.Resumed != (i == 1) || !s.begun || len(s.heard) == 0 {
			t.Errorf("connection %d: %v, %+v, heard %q", i, err, info, s.heard)
		}
		if hello := append(slices.Clone(recorded.received), sent...); bytes.Contains(hello, helloRetryRandom) != (tr.kind == "retry") {
			t.Errorf("there is a HelloRetryRequest where there should be none, or none where there should be one")
		}
		if !bytes.Equal(sent, recorded.sent) {
			at := 0
			for at < min(len(sent), len(recorded.sent)) && sent[at] == recorded.sent[at] {
				at++
			}
			t.Errorf("connection %d: sent %d bytes that differ from byte %d on from the %d of the transcript", i, len(sent), at, len(recorded.sent))
		}
		s.conn.Release()
	}
}

// record has the conversation with crypto/tls.
func (tr *transcript) record(t *testing.T, p *pki) {
	t.Helper()
	cfg, std := tr.configs(t, p)
	tr.connections = []connection{tr.meet(t, cfg, std)}
	if tr.resumed {
		tr.connections = append(tr.connections, tr.meet(t, cfg, std))
	}
}

// meet is one connection with crypto/tls.
func (tr *transcript) meet(t *testing.T, cfg *tlscore.Config, std *tls.Config) (c connection) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	peer := make(chan error, 1)
	go func() { peer <- tr.peer(l, std) }()
	transport, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer transport.Close()
	transport.SetDeadline(time.Now().Add(10 * time.Second))
	var s speaker
	tr.begin(t, &s.conn, cfg)
	defer s.conn.Release()
	for !s.conn.PeerClosed() || !s.conn.Closed() {
		s.speak(tr.client, 1<<20)
		if w := s.conn.SendWindow(); len(w) > 0 {
			n, err := transport.Write(w)
			if err != nil {
				t.Fatal(err)
			}
			c.sent = append(c.sent, w[:n]...)
			s.conn.Sent(n)
			continue
		}
		w := s.conn.RecvWindow()
		if len(w) == 0 {
			break
		}
		n, err := transport.Read(w)
		if err != nil {
			t.Fatal(err, s.conn.Err())
		}
		c.received = append(c.received, w[:n]...)
		s.conn.Received(n)
	}
	if err := s.conn.Err(); err != nil {
		t.Fatal(err)
	}
	if err := <-peer; err != nil {
		t.Fatal(err)
	}
	return c
}

// peer is the end of crypto/tls.
func (tr *transcript) peer(l net.Listener, std *tls.Config) error {
	transport, err := l.Accept()
	if err != nil {
		return err
	}
	defer transport.Close()
	conn, text, want := tls.Client(transport, std), question, reply
	if tr.client {
		conn, text, want = tls.Server(transport, std), reply, question
		if err := conn.Handshake(); err != nil {
			return err
		}
	} else if _, err := io.WriteString(conn, text); err != nil {
		return err
	}
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		return fmt.Errorf("%q: %w", got, err)
	}
	if tr.client {
		if _, err := io.WriteString(conn, text); err != nil {
			return err
		}
	}
	if err := conn.CloseWrite(); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, conn)
	return err
}

// The text form of a transcript: lines of up to 48 bytes in hexadecimal after "<", received, or ">", sent; connections begin with
// "connection".

func (tr *transcript) write(t *testing.T) {
	t.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "# %v, with crypto/tls: < was received, > was sent.\n", tr)
	for _, c := range tr.connections {
		text.WriteString("connection\n")
		for _, side := range []struct {
			mark  string
			bytes []byte
		}{{"<", c.received}, {">", c.sent}} {
			for line := range slices.Chunk(side.bytes, 48) {
				fmt.Fprintf(&text, "%s %x\n", side.mark, line)
			}
		}
	}
	if err := os.WriteFile(tr.file(), []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (tr *transcript) file() string { return filepath.Join(transcriptDir, tr.String()+".txt") }

func (tr *transcript) read(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(tr.file())
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "connection" {
			tr.connections = append(tr.connections, connection{})
			continue
		}
		p, err := hex.DecodeString(line[min(2, len(line)):])
		last := len(tr.connections) - 1
		switch {
		case strings.HasPrefix(line, "#"):
		case err != nil || last < 0:
			t.Fatalf("%s: bad line %q", tr.file(), line)
		case strings.HasPrefix(line, "< "):
			tr.connections[last].received = append(tr.connections[last].received, p...)
		case strings.HasPrefix(line, "> "):
			tr.connections[last].sent = append(tr.connections[last].sent, p...)
		}
	}
}

// transcriptPKI returns the certificates of the transcripts, which are in files beside them.
func transcriptPKI(t *testing.T, family ca.Family) *pki {
	t.Helper()
	file := func(name string) string { return filepath.Join(transcriptDir, fmt.Sprintf("%v-%s.pem", family, name)) }
	load := func(name string) *ca.Identity {
		text, err := os.ReadFile(file(name))
		if err != nil {
			t.Fatal(err)
		}
		cert, err := ca.ParseCertificatePEM(text)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ca.ParseKeyPEM(text)
		if err != nil {
			t.Fatal(err)
		}
		return &ca.Identity{Key: key, Cert: cert, Chain: [][]byte{cert.Raw}}
	}
	root := load("root")
	return &pki{root: &ca.Authority{Family: family, Cert: root.Cert, Key: root.Key}, server: load("server"), client: load("client")}
}

// writeTranscriptPKI makes those files.
func writeTranscriptPKI(t *testing.T, family ca.Family) {
	t.Helper()
	p := newPKI(t, family)
	for name, id := range map[string]*ca.Identity{
		"root":   {Key: p.root.Key, Cert: p.root.Cert, Chain: [][]byte{p.root.Cert.Raw}},
		"server": p.server,
		"client": p.client,
	} {
		key, err := id.KeyPEM()
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(transcriptDir, fmt.Sprintf("%v-%s.pem", family, name))
		if err := os.WriteFile(name, append(id.CertPEM(), key...), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// whole is how many bytes there are at a time if the stream is not chopped.
func whole(int) int { return 1 << 20 }

// TestTranscripts: what we say is the same to the byte as what was recorded.
func TestTranscripts(t *testing.T) {
	if *recordAnew {
		for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
			writeTranscriptPKI(t, family)
		}
	}
	for _, tr := range transcripts() {
		t.Run(tr.String(), func(t *testing.T) {
			p := transcriptPKI(t, tr.family)
			if *recordAnew {
				tr.record(t, p)
				tr.write(t)
				tr.connections = nil
			}
			tr.read(t)
			tr.replay(t, p, whole, whole(0))
		})
	}
}
