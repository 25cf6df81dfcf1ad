package device

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"colibri/firmware/device/config"
	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// client is an HTTP client on the network; with a configuration it speaks TLS.
func (k *kit) client(c *tls.Config) *http.Client {
	dial := func(context.Context, string, string) (net.Conn, error) { return k.network.dial(), nil }
	t := &http.Transport{DialContext: dial, TLSClientConfig: c, DisableCompression: true}
	return &http.Client{Transport: t, Timeout: 20 * time.Second}
}

func clientConfig(f ca.Family) *tls.Config {
	return &tls.Config{RootCAs: authorities()[f].Pool(), ServerName: "changeme"}
}

func fetch(t testing.TB, c *http.Client, url string) string {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%s: %d %s %v", url, r.StatusCode, body, err)
	}
	return string(body)
}

func TestPlain(t *testing.T) {
	k := newKit(t, `[]`, nil, nil)
	k.run(t)
	c := k.client(nil)
	for range 3 {
		if got := fetch(t, c, "http://changeme/"); got != page {
			t.Errorf("page %q", got)
		}
	}
	if got := fetch(t, c, "http://changeme/big"); len(got) != 160_000 {
		t.Errorf("big file of %d bytes", len(got))
	}
	if got := fetch(t, c, "http://changeme/rpc/TLS.Info"); got != "{\"secure\":false,\"client\":null}\r\n" {
		t.Errorf("TLS.Info: %s", got)
	}
	if !k.log.has("HTTP server started on [80] without TLS") || !k.log.has("192.0.2.1:5000 GET / 200") {
		t.Errorf("log %q", k.log.lines)
	}
}

func TestTLS(t *testing.T) {
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		for _, chop := range []int{0, 1} {
			t.Run(fmt.Sprintf("%v/chop=%d", family, chop), func(t *testing.T) {
				k := newKit(t, "["+tlsLines+`,["http.listen_addr",":8443"]]`, credentialsFor(t, family), nil)
				k.network.chop = chop
				k.run(t)
				c := k.client(clientConfig(family))
				if got := fetch(t, c, "https://changeme/"); got != page {
					t.Errorf("page %q", got)
				}
				if got := fetch(t, c, "https://changeme/big"); len(got) != 160_000 {
					t.Errorf("big file of %d bytes", len(got))
				}
				var info struct {
					Version, Suite, Group, ALPN string
					Secure                      bool
					Client                      any
				}
				if err := json.Unmarshal([]byte(fetch(t, c, "https://changeme/rpc/TLS.Info")), &info); err != nil {
					t.Fatal(err)
				}
				if !info.Secure || info.Version != "TLSv1.3" || info.Suite == "" || info.Group == "" || info.Client != nil {
					t.Errorf("TLS.Info %+v", info)
				}
				if !k.log.has("HTTP server started on [8443] (TLS)") {
					t.Errorf("log %q", k.log.lines)
				}
			})
		}
	}
}

// TestSessionsResume: a client that comes back resumes its session, also after the tickets' key was renewed once.
func TestSessionsResume(t *testing.T) {
	k := newKit(t, "["+tlsLines+"]", credentialsFor(t, ca.ECDSA), nil)
	k.run(t)
	config := clientConfig(ca.ECDSA)
	config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	for i, want := range []string{`"resumed":false`, `"resumed":true`, `"resumed":true`} {
		c := k.client(config) // with a connection of its own
		if got := fetch(t, c, "https://changeme/rpc/TLS.Info"); !strings.Contains(got, want) {
			t.Errorf("connection %d: %s, want %s", i, got, want)
		}
		c.CloseIdleConnections()
	}
}

func TestMutualTLS(t *testing.T) {
	authority := authorities()[ca.ECDSA]
	k := newKit(t, "["+tlsLines+`,["http.ssl_ca_cert","ca.crt"]]`, credentialsFor(t, ca.ECDSA), nil)
	k.run(t)
	issue := func(a *ca.Authority, r ca.Request) *tls.Config {
		id, err := a.Issue(r)
		if err != nil {
			t.Fatal(err)
		}
		c := clientConfig(ca.ECDSA)
		// As curl does, and unlike crypto/tls by itself: show the certificate whatever CA the server names.
		cert := id.TLS()
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
		return c
	}
	good := k.client(issue(authority, ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client}))
	if got := fetch(t, good, "https://changeme/"); got != page {
		t.Errorf("page %q", got)
	}
	if got := fetch(t, good, "https://changeme/rpc/TLS.Info"); !strings.Contains(got, `"client":{"subject":"CN=sandboxclient","names":"DNS:sandboxclient"`) {
		t.Errorf("TLS.Info %s", got)
	}
	r, err := good.Post("https://changeme/rpc", "application/json", strings.NewReader(
		`{"id":1,"method":"FS.Put","args":{"filename":"new.txt","data":"aGk="}}`))
	if err != nil || r.StatusCode != 200 {
		t.Fatal(r, err)
	}
	r.Body.Close()
	if got := fetch(t, good, "https://changeme/new.txt"); got != "hi" {
		t.Errorf("what was put reads %q", got)
	}
	old := k.client(issue(authority, ca.Request{CommonName: "old client", Usage: ca.Client, Version1: true}))
	if got := fetch(t, old, "https://changeme/rpc/TLS.Info"); !strings.Contains(got, `"subject":"CN=old client"`) {
		t.Errorf("a client of version 1: %s", got)
	}
	if !k.log.has("version 1") {
		t.Errorf("the log does not say that the client's certificate is of version 1: %q", k.log.lines)
	}
	foreign, err := ca.New(ca.ECDSA, now, "foreign CA")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		config *tls.Config
		log    string
	}{
		{"no certificate", clientConfig(ca.ECDSA), "TLS client has no certificate"},
		{"foreign", issue(foreign, ca.Request{Names: []string{"x"}, Usage: ca.Client}), "not correctly signed by the trusted CA"},
		{"SHA-1", issue(authority, ca.Request{Names: []string{"x"}, Usage: ca.Client, SHA1: true}), "The certificate is signed with an unacceptable hash"},
		{"server's", issue(authority, ca.Request{Names: []string{"x"}, Usage: ca.Server}), "extendedKeyUsage"},
	} {
		r, err := k.client(c.config).Get("https://changeme/")
		if err == nil {
			r.Body.Close()
			t.Errorf("%s: let in", c.name)
		}
		if !k.log.has(c.log) {
			t.Errorf("%s: the log lacks %q: %q", c.name, c.log, k.log.lines)
		}
	}
}

// TestFull: with all slots busy a new connection is refused at once; one that idles makes room.
func TestFull(t *testing.T) {
	k := newKit(t, `[]`, nil, func(o *Options) { o.Conns = 2 })
	request := func(w *wire, text string) {
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		k.poll()
	}
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	a, b := k.network.dial(), k.network.dial()
	k.poll()
	request(a, get[:10])
	request(b, get[:10])
	k.mono += 5000
	c := k.network.dial()
	k.poll()
	if _, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("a connection too many: %v", err)
	}
	if !k.log.has("all connections are in use: refused 192.0.2.1:5000") {
		t.Errorf("log %q", k.log.lines)
	}
	request(a, get[10:]) // answered, and idle now
	d := k.network.dial()
	k.poll()
	if _, err := d.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("makes room at the cost of one that has just been answered: %v", err)
	}
	k.mono += minIdle
	e := k.network.dial()
	request(e, get)
	for _, w := range []*wire{a, e} {
		r, err := http.ReadResponse(bufio.NewReader(w), nil)
		if err != nil || r.StatusCode != 200 {
			t.Fatal(r, err)
		}
	}
	if !k.log.has("there is room again; refused meanwhile: 2 connections") {
		t.Errorf("log %q", k.log.lines)
	}
	if !a.closed || b.closed || e.closed {
		t.Errorf("closed %v %v %v", a.closed, b.closed, e.closed)
	}
}

func TestTimes(t *testing.T) {
	k := newKit(t, "["+tlsLines+"]", credentialsFor(t, ca.ECDSA), nil)
	silent := k.network.dial()
	k.poll()
	if k.Deadline() != 10_000 {
		t.Errorf("deadline %d", k.Deadline())
	}
	k.mono = 9_999
	k.poll()
	if silent.deviceDone {
		t.Error("the handshake ended too early")
	}
	k.mono = 10_000
	k.poll()
	if !silent.deviceDone || !k.log.has("the handshake took too long") {
		t.Error("the handshake does not end")
	}
	k.mono += lingerTime
	k.poll()
	if !silent.closed || k.Deadline() != -1 {
		t.Error("the slot is not free")
	}

	// All the pool's handshakes but two are taken. A third client waits for one of those.
	var taken []*tlscore.Handshake
	for h := k.memory.BorrowHandshake(); h != nil; h = k.memory.BorrowHandshake() {
		taken = append(taken, h)
	}
	for _, h := range taken[:2] {
		k.memory.GiveBackHandshake(h)
	}
	first, second, third := k.network.dial(), k.network.dial(), k.network.dial()
	k.poll()
	states := func() (n int) {
		for i := range k.slots {
			if k.slots[i].state == waiting {
				n++
			}
		}
		return n
	}
	if states() != 1 {
		t.Errorf("%d wait", states())
	}
	first.Close()
	k.poll()
	if states() != 0 || third.closed {
		t.Errorf("%d wait after one has gone", states())
	}
	second.Close()
	third.Close()
	k.poll()
	k.mono += 100_000
	k.poll()
	if k.Deadline() != -1 {
		t.Error("slots are not free")
	}
}

// TestLingers: a client that is still sending when it is refused reads the answer all the same.
func TestLingers(t *testing.T) {
	k := newKit(t, `[]`, nil, nil)
	w := k.network.dial()
	io.WriteString(w, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("x", 5000))
	k.poll()
	io.WriteString(w, strings.Repeat("x", 5000))
	k.poll()
	if w.closed {
		t.Fatal("closed at once")
	}
	r, err := http.ReadResponse(bufio.NewReader(w), nil)
	if err != nil || r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Fatal(r, err)
	}
	io.WriteString(w, strings.Repeat("x", 2*lingerBytes))
	k.poll()
	if !w.closed {
		t.Error("reads without end")
	}
}

func TestRestart(t *testing.T) {
	k := newKit(t, `[]`, nil, func(o *Options) { o.Anonymous = true })
	w := k.network.dial()
	io.WriteString(w, "GET / HTTP/1.1\r\n")
	w2 := k.network.dial()
	io.WriteString(w2, "POST /rpc/Sys.Reboot HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
	k.poll()
	if k.RestartDue() || k.Deadline() != 500 {
		t.Error("restarts before the answer is out")
	}
	k.mono = 500
	k.poll()
	if !k.RestartDue() {
		t.Error("does not restart")
	}
	k.Shutdown()
	if !w.closed || !w2.closed || !k.log.has("HTTP server stopped") {
		t.Error("connections survive")
	}
}

func TestOff(t *testing.T) {
	k := newKit(t, `[["http.enable",false]]`, nil, nil)
	k.network.dial()
	if k.poll(); len(k.network.wires) != 0 || k.Deadline() != -1 || !k.log.has("HTTP server is off") {
		t.Error("serves")
	}
	k.Shutdown()
}

func TestCannotStart(t *testing.T) {
	good := credentialsFor(t, ca.ECDSA)
	other := credentialsFor(t, ca.ECDSA)
	for _, c := range []struct {
		lines string
		files map[string]string
		want  string
	}{
		{tlsLines, nil, "http.ssl_cert (server.crt): the file cannot be opened: fs: no such file"},
		{tlsLines, map[string]string{"server.crt": good["server.crt"]}, "http.ssl_key (server.key): the file cannot be opened: fs: no such file"},
		{`["http.ssl_cert","server.crt"]`, good, "http.ssl_key: a file is required"},
		{tlsLines, map[string]string{"server.crt": "", "server.key": ""}, "http.ssl_cert (server.crt): there is no certificate"},
		{tlsLines, map[string]string{"server.crt": good["server.key"]}, "http.ssl_cert (server.crt): a chain of certificates in PEM is expected"},
		{tlsLines, map[string]string{"server.crt": good["server.crt"], "server.key": good["server.crt"]},
			"http.ssl_key (server.key): the key cannot be used: no private key in the PEM text: a block PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY is wanted"},
		{tlsLines, map[string]string{"server.crt": good["server.crt"], "server.key": other["server.key"]},
			"http.ssl_key (server.key): the key is not that of http.ssl_cert"},
		{tlsLines + `,["http.ssl_ca_cert","none.crt"]`, good, "http.ssl_ca_cert (none.crt): the file cannot be opened: fs: no such file"},
		{tlsLines + `,["http.ssl_ca_cert","server.key"]`, good, "http.ssl_ca_cert (server.key): certificates in PEM are expected"},
	} {
		k := newKit(t, "[]", c.files, nil)
		settings, f := config.New([]byte("[" + c.lines + "]"))
		if !f.OK() {
			t.Fatal(f.Error())
		}
		_, err := New(Options{Config: settings, Files: k.files, Network: k.network, Rand: rand.Reader}, 0, 0)
		var start *StartError
		if !errors.As(err, &start) || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.lines, err, c.want)
		}
	}
}

// TestRequestsDoNotAllocate: on a connection without TLS (what TLS costs is measured in tlscore) a request
// allocates nothing.
func TestRequestsDoNotAllocate(t *testing.T) {
	k := newKit(t, `[]`, nil, nil)
	k.Device.log.Init(nil, 0)
	w := k.network.dial()
	request := []byte("GET / HTTP/1.1\r\nHost: h\r\n\r\nPOST /rpc/FS.List HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}")
	w.toClient = make([]byte, 0, 1<<16)
	client := w.toClient
	k.poll()
	if n := testing.AllocsPerRun(50, func() {
		w.toDevice, w.toClient = request, client
		k.poll()
		if len(w.toClient) < 300 || len(w.toDevice) > 0 {
			t.Fatalf("%q", w.toClient)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// TestWithoutClock: while nobody knows what time it is, a client's certificate is measured against the time of the build, and the log says so;
// without that either, it is refused.
func TestWithoutClock(t *testing.T) {
	me, err := authorities()[ca.ECDSA].Issue(ca.Request{Names: []string{"me"}, Usage: ca.Client})
	if err != nil {
		t.Fatal(err)
	}
	for _, floor := range []int64{now.Unix(), 0} {
		k := newKit(t, "["+tlsLines+`,["http.ssl_ca_cert","ca.crt"]]`, credentialsFor(t, ca.ECDSA), func(o *Options) { o.Floor = floor })
		stop := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				select {
				case <-stop:
					return
				default:
					for k.Poll(k.mono, 0) {
					}
					time.Sleep(100 * time.Microsecond)
				}
			}
		}()
		config := clientConfig(ca.ECDSA)
		config.Certificates = []tls.Certificate{me.TLS()}
		_, err := k.client(config).Get("https://changeme/")
		close(stop)
		<-done
		if (err == nil) != (floor != 0) {
			t.Errorf("floor %d: %v", floor, err)
		}
		want := "the clock is unknown; dates were checked against the time of the build"
		if floor == 0 {
			want = "the time is unknown, so the validity of the certificate cannot be checked"
		}
		if !k.log.has(want) {
			t.Errorf("floor %d: the log has not %q: %q", floor, want, k.log.lines)
		}
	}
}

// TestClientsResume: a client with a certificate resumes, and the device still knows who it is.
func TestClientsResume(t *testing.T) {
	me, err := authorities()[ca.ECDSA].Issue(ca.Request{Names: []string{"me"}, Usage: ca.Client})
	if err != nil {
		t.Fatal(err)
	}
	k := newKit(t, "["+tlsLines+`,["http.ssl_ca_cert","ca.crt"]]`, credentialsFor(t, ca.ECDSA), nil)
	k.run(t)
	config := clientConfig(ca.ECDSA)
	config.Certificates = []tls.Certificate{me.TLS()}
	config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	first := fetch(t, k.client(config), "https://changeme/rpc/TLS.Info")
	second := fetch(t, k.client(config), "https://changeme/rpc/TLS.Info")
	var a, b struct {
		Resumed bool
		Client  struct{ Subject, SHA256 string }
	}
	if json.Unmarshal([]byte(first), &a) != nil || json.Unmarshal([]byte(second), &b) != nil {
		t.Fatal(first, second)
	}
	if a.Resumed || !b.Resumed || a.Client != b.Client || a.Client.Subject != "CN=me" {
		t.Errorf("first %s then %s", first, second)
	}
}
