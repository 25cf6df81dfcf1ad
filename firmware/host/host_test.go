//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
)

// board is a device that runs in this process, with a client that it knows.
type board struct {
	dir    string
	log    *syncBuffer
	addr   string
	client *tls.Config
	stop   func() error
}

// syncBuffer is a log that two goroutines share.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newSite makes a folder with pages, certificates and a configuration, and returns options for it.
func newSite(t *testing.T) (o options, client *tls.Config) {
	t.Helper()
	dir := t.TempDir()
	o = options{files: filepath.Join(dir, "fs"), schema: filepath.Join("..", "mos.yml"),
		config: filepath.Join(dir, "config.json"), logLevel: 2}
	root, err := ca.New(ca.ECDSA, time.Now(), "test CA")
	check(t, err)
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	me, err := root.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	check(t, err)
	key, err := server.KeyPEM()
	check(t, err)
	check(t, os.Mkdir(o.files, 0o755))
	for name, content := range map[string][]byte{"index.html": []byte("<html>hello</html>"),
		"server.crt": server.CertPEM(), "server.key": key, "ca.crt": root.CertPEM(), "large.bin": bytes.Repeat([]byte("0123456789abcdef"), 1<<17)} {
		check(t, os.WriteFile(filepath.Join(o.files, name), content, 0o600))
	}
	check(t, os.WriteFile(o.config, []byte(`{"http": {"listen_addr": "127.0.0.1:0",
		"ssl_cert": "server.crt", "ssl_key": "server.key", "ssl_ca_cert": "ca.crt"}}`), 0o600))
	return o, &tls.Config{ServerName: "changeme", RootCAs: root.Pool(), Certificates: []tls.Certificate{me.TLS()}}
}

var startedLine = regexp.MustCompile(`HTTP server started on \[(127\.0\.0\.1:[0-9]+)\]`)

// start runs a device until the test ends.
func start(t *testing.T) *board {
	t.Helper()
	o, client := newSite(t)
	b := &board{dir: o.files, log: new(syncBuffer), client: client}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, o, b.log) }()
	b.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(10 * time.Second):
			return context.DeadlineExceeded
		}
	})
	t.Cleanup(func() {
		if err := b.stop(); err != nil {
			t.Errorf("the device ended with %v; log:\n%s", err, b.log)
		}
	})
	b.addr = b.await(t, startedLine, 1)[1]
	return b
}

// await returns the n-th match of what the log has to say.
func (b *board) await(t *testing.T, what *regexp.Regexp, n int) []string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if all := what.FindAllStringSubmatch(b.log.String(), -1); len(all) >= n {
			return all[n-1]
		}
		if time.Now().After(deadline) {
			t.Fatalf("the log does not say %q %d times:\n%s", what, n, b.log)
		}
	}
}

// http returns a client that finds the device under its name.
func (b *board) http() *http.Client {
	var d net.Dialer
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: b.client,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return d.DialContext(ctx, network, b.addr)
		}}}
}

func get(t *testing.T, c *http.Client, path string) string {
	t.Helper()
	r, err := c.Get("https://changeme" + path)
	check(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	check(t, err)
	if r.StatusCode != 200 {
		t.Fatalf("%s: %s", path, r.Status)
	}
	return string(body)
}

func call(t *testing.T, c *http.Client, method, args string) string {
	t.Helper()
	r, err := c.Post("https://changeme/rpc/"+method, "application/json", strings.NewReader(args))
	check(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	check(t, err)
	return string(body)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDeviceServesFilesAndCalls(t *testing.T) {
	b := start(t)
	c := b.http()
	if page := get(t, c, "/"); page != "<html>hello</html>" {
		t.Errorf("page %q", page)
	}
	var files []string
	check(t, json.Unmarshal([]byte(get(t, c, "/rpc/FS.List")), &files))
	if len(files) != 5 {
		t.Errorf("files %q", files)
	}
	if answer := call(t, c, "FS.Put", `{"filename":"new.txt","data":"bmV3"}`); strings.Contains(answer, "code") {
		t.Errorf("FS.Put: %s", answer)
	}
	if text := get(t, c, "/new.txt"); text != "new" {
		t.Errorf("uploaded %q", text)
	}
	info := get(t, c, "/rpc/TLS.Info")
	if !strings.Contains(info, "CN=sandboxclient") || !strings.Contains(info, "TLSv1.3") {
		t.Errorf("TLS.Info %s", info)
	}
}

func TestLargeFilesGoToSeveralClientsAtOnce(t *testing.T) {
	b := start(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			r, err := b.http().Get("https://changeme/large.bin")
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Body.Close()
			if n, err := io.Copy(io.Discard, r.Body); err != nil || n != 2<<20 {
				t.Errorf("%d bytes, %v", n, err)
			}
		})
	}
	wg.Wait()
}

func TestIdleDeviceDoesNothing(t *testing.T) {
	b := start(t)
	get(t, b.http(), "/") // leaves an idle connection
	stalled, err := tls.Dial("tcp", b.addr, b.client)
	check(t, err)
	defer stalled.Close()
	fmt.Fprint(stalled, "GET /large.bin HTTP/1.1\r\nHost: changeme\r\n\r\n") // and reads nothing of the answer
	time.Sleep(200 * time.Millisecond)
	before := cpuTime(t)
	time.Sleep(500 * time.Millisecond)
	if used := cpuTime(t) - before; used > 50*time.Millisecond {
		t.Errorf("%v of processor time in half a second with nothing to do", used)
	}
}

func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	check(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestRefusedClientsLearnWhy(t *testing.T) {
	b := start(t)
	known := b.client.Certificates
	stranger, err := ca.New(ca.ECDSA, time.Now(), "another CA")
	check(t, err)
	mallory, err := stranger.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	check(t, err)
	for name, c := range map[string]struct {
		certificates []tls.Certificate
		alert, log   string
	}{
		"none": {nil, "certificate required", "TLS client has no certificate"},
		"stranger": {[]tls.Certificate{mallory.TLS()}, "unknown certificate authority",
			"not correctly signed by the trusted CA"},
	} {
		// More than once: an alert that is overtaken by a reset gets lost now and then.
		for range 20 {
			b.client.Certificates = nil
			b.client.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				if c.certificates == nil {
					return new(tls.Certificate), nil
				}
				return &c.certificates[0], nil // even though its CA is not among those the device asks for
			}
			if _, err := b.http().Get("https://changeme/"); err == nil || !strings.Contains(err.Error(), c.alert) {
				t.Fatalf("%s: %v, not %q", name, err, c.alert)
			}
		}
		b.await(t, regexp.MustCompile(regexp.QuoteMeta(c.log)), 20)
	}
	b.client.Certificates, b.client.GetClientCertificate = known, nil
	get(t, b.http(), "/")
}

func TestRestartKeepsThePort(t *testing.T) {
	b := start(t)
	call(t, b.http(), "Config.Set", `{"config":{"wifi":{"ap":{"channel":3}}},"save":true,"reboot":true}`)
	if again := b.await(t, startedLine, 2)[1]; again != b.addr {
		t.Errorf("after the restart it listens on %s, not on %s", again, b.addr)
	}
	if got := get(t, b.http(), "/rpc/Config.Get"); !strings.Contains(got, `"channel":3`) {
		t.Errorf("the change is gone: %s", got)
	}
	overlay, err := os.ReadFile(filepath.Join(b.dir, "conf9.json"))
	check(t, err)
	if strings.Contains(string(overlay), "listen_addr") {
		t.Errorf("what -config says was saved: %s", overlay)
	}
}

func TestLogHoldsNoSecrets(t *testing.T) {
	b := start(t)
	call(t, b.http(), "Config.Set", `{"config":{"wifi":{"ap":{"pass":"hush-hush-hush"}}}}`)
	call(t, b.http(), "Config.Set", `{"config":{"wifi":{"ap":{"pass":"hush"}}}}`) // refused, it is too short
	get(t, b.http(), "/rpc/Config.Get")
	check(t, b.stop())
	log := b.log.String()
	if strings.Contains(log, "hush") || strings.Contains(log, "PRIVATE") || !strings.Contains(log, "HTTP server stopped") {
		t.Errorf("log:\n%s", log)
	}
}

func TestFaultsNameWhatToMend(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer busy.Close()
	for name, c := range map[string]struct {
		change func(o *options)
		want   string
	}{
		"unknown key": {func(o *options) { os.WriteFile(o.config, []byte("{\"http\": {\n\"lisen_addr\": \"1\"}}"), 0o600) },
			"config.json:2: http.lisen_addr: unknown key; did you mean http.listen_addr?"},
		"wrong type": {func(o *options) { os.WriteFile(o.config, []byte(`{"http":{"enable":"yes"}}`), 0o600) },
			"use true or false"},
		"no schema": {func(o *options) { o.schema = "absent.yml" }, "absent.yml"},
		"no folder": {func(o *options) { o.files += "x" }, "-fs: "},
		"no certificate": {func(o *options) { os.Remove(filepath.Join(o.files, "server.crt")) },
			"http.ssl_cert (server.crt)"},
		"another's key": {func(o *options) {
			other, _ := ca.New(ca.ECDSA, time.Now(), "x")
			text, _ := ca.KeyPEM(other.Key)
			os.WriteFile(filepath.Join(o.files, "server.key"), text, 0o600)
		}, "the key is not that of http.ssl_cert"},
		"bad overlay": {func(o *options) { os.WriteFile(filepath.Join(o.files, "conf9.json"), []byte("{"), 0o600) },
			"conf9.json in the device's file system"},
		"switched off": {func(o *options) { os.WriteFile(o.config, []byte(`{"http":{"enable":false}}`), 0o600) },
			"http.enable is false"},
		"bad address":  {func(o *options) { o.listen = "127.0.0.1:port" }, "use a port or an address and a port"},
		"port is busy": {func(o *options) { o.listen = busy.Addr().String() }, "cannot listen on"},
		"log level":    {func(o *options) { o.logLevel = 4 }, "-log 4"},
	} {
		o, _ := newSite(t)
		c.change(&o)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		err := run(ctx, o, io.Discard)
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, not %q", name, err, c.want)
		}
		cancel()
	}
}
