package netconn_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// limit bounds every connection of these tests.
const limit = 20 * time.Second

// house is a CA with what a server of ours and a client of the standard library need.
type house struct {
	ours   *tlscore.Config
	client *tls.Config
}

func newHouse(t testing.TB, family ca.Family) *house {
	t.Helper()
	now := time.Now()
	root, err := ca.New(family, now, "colibri test CA")
	check(t, err)
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	client, err := root.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	check(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(server.Key)
	check(t, err)
	key := new(signature.PrivateKey)
	check(t, key.Parse(der))
	anchors := new(x509lite.Anchors)
	check(t, anchors.Add(root.Cert.Raw))
	return &house{
		ours: &tlscore.Config{
			Identities: []tlscore.Identity{{Chain: server.Chain, Key: key}},
			Anchors:    anchors,
			ClientAuth: tlscore.RequireClientCert,
			ALPN:       []string{"http/1.1"},
			Clock:      func() int64 { return time.Now().Unix() },
			Rand:       rand.Reader,
		},
		client: &tls.Config{
			ServerName:   "changeme",
			RootCAs:      root.Pool(),
			Certificates: []tls.Certificate{client.TLS()},
			MinVersion:   tls.VersionTLS13,
		},
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pair connects a server of ours with a client of crypto/tls over loopback TCP.
func (h *house) pair(t testing.TB) (*netconn.Conn, *tls.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	check(t, err)
	near, err := l.Accept()
	check(t, err)
	near.SetDeadline(time.Now().Add(limit))
	far.SetDeadline(time.Now().Add(limit))
	server, err := netconn.Server(near, h.ours)
	check(t, err)
	client := tls.Client(far, h.client)
	t.Cleanup(func() {
		server.Close()
		far.Close()
	})
	return server, client
}

func TestHTTPServeRunsOnIt(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	l, err := netconn.NewListener(inner, h.ours)
	check(t, err)
	type key struct{}
	server := &http.Server{
		ReadTimeout: limit,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, key{}, c) },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			state := r.Context().Value(key{}).(*netconn.Conn).ConnectionState()
			leaf, err := x509.ParseCertificate(state.PeerCertificate)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s %s %s %d", leaf.DNSNames[0], state.ServerName, state.Suite, state.ALPN, len(body))
		}),
	}
	go server.Serve(l)
	defer server.Close()

	client := &http.Client{
		Timeout: limit,
		Transport: &http.Transport{
			TLSClientConfig: h.client,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "tcp", inner.Addr().String())
			},
		},
	}
	defer client.CloseIdleConnections()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			body := make([]byte, i*20_000)
			response, err := client.Post("https://changeme/", "application/octet-stream", bytes.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			got, err := io.ReadAll(response.Body)
			want := fmt.Sprintf("sandboxclient changeme TLS_AES_128_GCM_SHA256  %d", len(body))
			if err != nil || string(got) != want {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		})
	}
	wait.Wait()
}

// TestBothWaysAtOnce: large streams in both directions, neither side waiting for the other.
func TestBothWaysAtOnce(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	server, client := h.pair(t)
	sent := make([]byte, 3<<20)
	rand.Read(sent)
	var wait sync.WaitGroup
	stream := func(name string, w io.Writer, closeWrite func() error, r io.Reader) {
		wait.Go(func() {
			if _, err := w.Write(sent); err != nil {
				t.Errorf("%s writes: %v", name, err)
			}
			if err := closeWrite(); err != nil {
				t.Errorf("%s closes: %v", name, err)
			}
		})
		wait.Go(func() {
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, sent) {
				t.Errorf("%s reads %d bytes, %v", name, len(got), err)
			}
		})
	}
	stream("the server", server, server.CloseWrite, server)
	stream("the client", client, client.CloseWrite, client)
	wait.Wait()
}

// TestWriteWhileReadWaits: a reader that waits for the peer does not keep a writer waiting, as net/http needs it, which reads
// in the background while a handler writes.
func TestWriteWhileReadWaits(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	server, client := h.pair(t)
	go client.Handshake()
	check(t, server.Handshake())
	read := make(chan error, 1)
	go func() {
		_, err := io.ReadFull(server, make([]byte, 4))
		read <- err
	}()
	time.Sleep(10 * time.Millisecond) // Long enough for the reader to block, most of the time.
	_, err := server.Write([]byte("ping"))
	check(t, err)
	_, err = io.ReadFull(client, make([]byte, 4))
	check(t, err)
	_, err = client.Write([]byte("pong"))
	check(t, err)
	check(t, <-read)
}

func TestConnectionState(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	server, client := h.pair(t)
	done := make(chan error, 1)
	go func() { done <- client.Handshake() }()
	state := server.ConnectionState()
	check(t, <-done)
	leaf, err := x509.ParseCertificate(state.PeerCertificate)
	check(t, err)
	if state.Version != tls.VersionTLS13 || uint16(state.Suite) != client.ConnectionState().CipherSuite ||
		leaf.DNSNames[0] != "sandboxclient" || state.ServerName != "changeme" {
		t.Errorf("%+v", state)
	}
}

func TestEnds(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	t.Run("close_notify", func(t *testing.T) {
		server, client := h.pair(t)
		go func() {
			client.Write([]byte("all of it"))
			client.Close()
		}()
		got, err := io.ReadAll(server)
		if string(got) != "all of it" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("truncation", func(t *testing.T) {
		server, client := h.pair(t)
		go func() {
			client.Write([]byte("only a part"))
			client.NetConn().Close()
		}()
		got, err := io.ReadAll(server)
		if string(got) != "only a part" || err != io.ErrUnexpectedEOF {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("our close", func(t *testing.T) {
		server, client := h.pair(t)
		go func() {
			server.Write([]byte("bye"))
			server.Close()
		}()
		got, err := io.ReadAll(client)
		if string(got) != "bye" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("use after close", func(t *testing.T) {
		server, _ := h.pair(t)
		server.Close()
		if _, err := server.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Read: %v", err)
		}
		if _, err := server.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Write: %v", err)
		}
		if err := server.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Close: %v", err)
		}
	})
	t.Run("close while reading", func(t *testing.T) {
		server, client := h.pair(t)
		go client.Handshake()
		check(t, server.Handshake())
		read := make(chan error, 1)
		go func() {
			_, err := server.Read(make([]byte, 1))
			read <- err
		}()
		server.Close()
		if err := <-read; err == nil {
			t.Error("Read succeeded")
		}
	})
}

func TestRefusedClientLearnsWhy(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	h.client.Certificates = nil
	server, client := h.pair(t)
	served := make(chan error, 1)
	go func() { served <- server.Handshake() }()
	_, err := client.Read(make([]byte, 1))
	if err == nil || !strings.Contains(err.Error(), "certificate required") {
		t.Errorf("the client: %v", err)
	}
	if err := <-served; err != tlscore.ErrNoCertificate {
		t.Errorf("the server: %v", err)
	}
}

// TestAlertOutlivesUnreadData: a client that is refused while it goes on sending reads the alert, and meets no reset.
func TestAlertOutlivesUnreadData(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	h.client.Certificates = nil
	server, client := h.pair(t)
	refused := make(chan error, 1)
	go func() { refused <- server.Handshake() }()
	check(t, client.Handshake()) // It ends before the server has judged the client's last flight.
	if err := <-refused; err != tlscore.ErrNoCertificate {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() { closed <- server.Close() }()
	for range 5 {
		time.Sleep(5 * time.Millisecond) // A reset needs a moment to come back.
		if _, err := client.Write([]byte("a request")); err != nil {
			t.Fatalf("the client cannot go on: %v", err)
		}
	}
	if _, err := client.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "certificate required") {
		t.Errorf("the client: %v", err)
	}
	client.NetConn().Close()
	check(t, <-closed)
}

func TestHandshakeContextIsCancelled(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	server, _ := h.pair(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := server.HandshakeContext(ctx); err != context.Canceled {
		t.Errorf("%v", err)
	}
}

func TestListenerRefusesBadConfig(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer inner.Close()
	if _, err := netconn.NewListener(inner, &tlscore.Config{}); err != tlscore.ErrNoEntropy {
		t.Errorf("%v", err)
	}
}

// TestClientOfOurs: both ends are ours, over TCP. Reading and writing begin together, and whichever runs the handshake must not
// keep the other from going on once it is done.
func TestClientOfOurs(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer inner.Close()
	l, err := netconn.NewListener(inner, h.ours)
	check(t, err)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(limit))
		io.Copy(c, c)
	}()
	cfg := *h.ours
	der, err := x509.MarshalPKCS8PrivateKey(h.client.Certificates[0].PrivateKey)
	check(t, err)
	key := new(signature.PrivateKey)
	check(t, key.Parse(der))
	cfg.Identities = []tlscore.Identity{{Chain: h.client.Certificates[0].Certificate, Key: key}}
	far, err := net.Dial("tcp", inner.Addr().String())
	check(t, err)
	far.SetDeadline(time.Now().Add(limit))
	client, err := netconn.Client(far, &cfg, "changeme")
	check(t, err)
	defer client.Close()
	sent := make([]byte, 100_000)
	rand.Read(sent)
	go func() {
		client.Write(sent)
		client.CloseWrite()
	}()
	got, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("%d of %d bytes came back: %v", len(got), len(sent), err)
	}
	leaf, err := x509.ParseCertificate(client.ConnectionState().PeerCertificate)
	if err != nil || leaf.DNSNames[0] != "changeme" {
		t.Errorf("the server's certificate: %v, %v", leaf, err)
	}
}

// TestEd25519ClientsOfOldVersion: crypto/tls and we agree on what a client of TLS 1.2 signs with Ed25519, in both roles.
func TestEd25519ClientsOfOldVersion(t *testing.T) {
	h := newHouse(t, ca.Ed25519)
	h.ours.TLS12 = tlscore.TLS12Server()
	h.client.MinVersion, h.client.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	server, client := h.pair(t)
	done := make(chan error, 1)
	go func() { done <- client.Handshake() }()
	if err := server.Handshake(); err != nil || <-done != nil {
		t.Fatalf("our server: %v", err)
	}
	if s := server.ConnectionState().PeerScheme; s != signature.Ed25519 {
		t.Errorf("the client has signed under %v", s)
	}

	root, err := ca.New(ca.Ed25519, time.Now(), "another test CA")
	check(t, err)
	own, err := root.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	check(t, err)
	theirs, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(own.Key)
	check(t, err)
	key := new(signature.PrivateKey)
	check(t, key.Parse(der))
	cfg := &tlscore.Config{
		Identities: []tlscore.Identity{{Chain: own.Chain, Key: key}},
		Anchors:    new(x509lite.Anchors),
		Clock:      h.ours.Clock,
		Rand:       h.ours.Rand,
		TLS12:      tlscore.TLS12Client(),
	}
	check(t, cfg.Anchors.Add(root.Cert.Raw))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	check(t, err)
	near, err := l.Accept()
	check(t, err)
	for _, c := range []net.Conn{near, far} {
		check(t, c.SetDeadline(time.Now().Add(limit)))
	}
	std := tls.Server(near, &tls.Config{
		Certificates: []tls.Certificate{theirs.TLS()},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    root.Pool(),
		MaxVersion:   tls.VersionTLS12,
	})
	go func() { done <- std.Handshake() }()
	us, err := netconn.Client(far, cfg, "changeme")
	check(t, err)
	if err := us.Handshake(); err != nil {
		t.Fatalf("our client: %v, their server: %v", err, <-done)
	}
	check(t, <-done)
	near.Close()
	far.Close()
}
