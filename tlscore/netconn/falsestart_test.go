package netconn_test

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/x509lite"
)

// gate is a transport whose second write waits: a server of TLS 1.2 sends its Finished with it.
type gate struct {
	net.Conn
	writes int
	open   chan struct{}
}

func (g *gate) Write(p []byte) (int, error) {
	if g.writes++; g.writes > 1 {
		<-g.open
	}
	return g.Conn.Write(p)
}

// TestWriteWithFalseStart: Write returns before crypto/tls's Finished has come, which Read and Handshake wait for.
func TestWriteWithFalseStart(t *testing.T) {
	root, err := ca.New(ca.ECDSA, time.Now(), "another test CA")
	check(t, err)
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	cfg := newHouse(t, ca.ECDSA).ours
	cfg.TLS12, cfg.FalseStart = tlscore.TLS12Client(), true
	cfg.Anchors, cfg.ClientAuth = new(x509lite.Anchors), tlscore.NoClientCert
	check(t, cfg.Anchors.Add(root.Cert.Raw))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	check(t, err)
	defer far.Close()
	near, err := l.Accept()
	check(t, err)
	defer near.Close()
	check(t, near.SetDeadline(time.Now().Add(limit)))
	check(t, far.SetDeadline(time.Now().Add(limit)))
	g := &gate{Conn: near, open: make(chan struct{})}
	std := tls.Server(g, &tls.Config{Certificates: []tls.Certificate{server.TLS()}, MaxVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
	heard := make(chan error, 1)
	go func() {
		text := make([]byte, 8)
		_, err := io.ReadFull(std, text)
		if err == nil {
			_, err = std.Write(text)
		}
		heard <- err
	}()
	client, err := netconn.Client(far, cfg, "changeme")
	check(t, err)
	done := make(chan error, 1)
	go func() {
		_, err := client.Write([]byte("question"))
		done <- err
	}()
	check(t, <-done) // The gate is closed.
	close(g.open)
	answer := make([]byte, 8)
	_, err = io.ReadFull(client, answer)
	check(t, err)
	check(t, <-heard)
	if string(answer) != "question" || client.ConnectionState().Version != tls.VersionTLS12 {
		t.Errorf("%q, %+v", answer, client.ConnectionState())
	}
}
