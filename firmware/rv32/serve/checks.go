//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"colibri/firmware/soak"
)

// check is one of the board.
type check struct {
	name string
	run  func(ctx context.Context, b *board) error
}

// checks are made one after the other.
var checks = []check{
	{"mutual TLS 1.3, GET /", page},
	{"POST /rpc/FS.List", rpcList},
	{"a file of more than a record", func(ctx context.Context, b *board) error { return b.fetch(ctx, "large.txt") }},
	{"a client without a certificate is refused", refused("", "alert certificate required", "TLS client has no certificate")},
	{"a client of another CA is refused", refused("bad/foreignclient", "unknown ca", "not correctly signed by the trusted CA")},
	{"a client whose certificate has expired is refused", refused("bad/expiredclient", "certificate expired", "expired")},
	{"a client that may only be a server is refused", refused("bad/serveronlyclient", "unsupported certificate", "Usage does not match")},
	{"a client that does not know our CA goes away", foreignServer},
	{"eight connections at once", eight},
	{"an upload and a change of the configuration", upload},
	{"300 connections, most of them bad, leave the memory as it was", soaked},
}

// checksAfterwards are made of the board that has lost its power, while its instructions are counted.
var checksAfterwards = []check{
	{"the configuration has outlived the loss of power", remembered},
	{"the clock is set by SNTP", clockSet},
	{"mutual TLS 1.3, GET /", page},
	{"a file of more than a record", func(ctx context.Context, b *board) error { return b.fetch(ctx, "large.txt") }},
	{"eight clients at once", eightCurls},
	{"an upload and a change of the configuration", upload},
}

// answer is what curl had to say.
type answer struct {
	body, stderr string
	exit         int
}

// curl fetches path with a client certificate of the pki folder, "" for none.
func (b *board) curl(ctx context.Context, client string, args ...string) (answer, error) {
	all := []string{"--silent", "--show-error", "--max-time", "30", "--noproxy", "*",
		"--connect-to", fmt.Sprintf("changeme:443:127.0.0.1:%d", b.port)}
	if client != "" {
		all = append(all, "--cert", filepath.Join(b.pki, client+".crt"), "--key", filepath.Join(b.pki, client+".key"))
	}
	c := exec.CommandContext(ctx, "curl", append(all, args...)...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return answer{out.String(), errs.String(), c.ProcessState.ExitCode()}, err
}

// get is curl as the client that the board knows; the answer must be a good one.
func (b *board) get(ctx context.Context, args ...string) (string, error) {
	a, err := b.curl(ctx, "sandboxclient", append([]string{"--fail", "--cacert", filepath.Join(b.pki, "ca.crt")}, args...)...)
	if err == nil && a.exit != 0 {
		err = fmt.Errorf("curl exit %d: %s", a.exit, strings.TrimSpace(a.stderr))
	}
	return a.body, err
}

// fetch gets a file and compares it.
func (b *board) fetch(ctx context.Context, name string, args ...string) error {
	want, err := os.ReadFile(filepath.Join(b.site, name))
	if err != nil {
		return err
	}
	got, err := b.get(ctx, append(args, "https://changeme/"+name)...)
	if err == nil && got != string(want) {
		err = fmt.Errorf("%s has %d bytes, and not those of the %d-byte file", name, len(got), len(want))
	}
	return err
}

func page(ctx context.Context, b *board) error {
	if err := b.fetch(ctx, "index.html", "--tlsv1.3"); err != nil {
		return err
	}
	info, err := b.get(ctx, "https://changeme/rpc/TLS.Info")
	if err == nil && (!strings.Contains(info, "TLSv1.3") || !strings.Contains(info, "CN=sandboxclient")) {
		err = fmt.Errorf("TLS.Info says %s", info)
	}
	return err
}

func rpcList(ctx context.Context, b *board) error {
	text, err := b.get(ctx, "--data", "{}", "https://changeme/rpc/FS.List")
	if err != nil {
		return err
	}
	var files []string
	if err := json.Unmarshal([]byte(text), &files); err != nil {
		return fmt.Errorf("%w in %q", err, text)
	}
	if !slices.Contains(files, "index.html") {
		return fmt.Errorf("the files are %q", files)
	}
	if key, err := b.get(ctx, "https://changeme/server.key"); err == nil {
		return fmt.Errorf("the private key is there to read: %q", key)
	}
	return nil
}

// refused returns the check that a client gets an alert (as OpenSSL names it) and no answer, and that the board's log says why.
func refused(client, alert, reason string) func(ctx context.Context, b *board) error {
	return func(ctx context.Context, b *board) error {
		from := b.said()
		a, err := b.curl(ctx, client, "--cacert", filepath.Join(b.pki, "ca.crt"), "https://changeme/")
		if err != nil {
			return err
		}
		if a.exit == 0 || a.body != "" {
			return fmt.Errorf("it got %q", a.body)
		}
		if !strings.Contains(strings.ToLower(a.stderr), alert) {
			return fmt.Errorf("curl says %q, not %q", strings.TrimSpace(a.stderr), alert)
		}
		return b.await(ctx, from, reason)
	}
}

func foreignServer(ctx context.Context, b *board) error {
	from := b.said()
	a, err := b.curl(ctx, "sandboxclient", "--cacert", filepath.Join(b.pki, "bad/foreignca.crt"), "https://changeme/")
	if err != nil {
		return err
	}
	const certificateProblem = 60
	if a.exit != certificateProblem {
		return fmt.Errorf("curl exit %d: %s", a.exit, strings.TrimSpace(a.stderr))
	}
	return b.await(ctx, from, "received alert: unknown_ca")
}

// eight lets eight curls be there at one time: the board has to have seen that. On a busy host some may be done before others
// begin; then there is another round.
func eight(ctx context.Context, b *board) error {
	for round := 0; ; round++ {
		if err := eightCurls(ctx, b); err != nil {
			return err
		}
		s, err := b.stats(ctx)
		if err != nil || s.Most >= 8 {
			return err
		}
		if round == 4 {
			return fmt.Errorf("only %d connections were there at one time", s.Most)
		}
	}
}

// eightCurls lets eight curls fetch the page and the large file over a connection each, slowly.
func eightCurls(ctx context.Context, b *board) error {
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			dir, err := os.MkdirTemp("", "colibri")
			if err != nil {
				errs[i] = err
				return
			}
			defer os.RemoveAll(dir)
			files := []string{"index.html", "large.txt", "style.css"}
			args := []string{"--limit-rate", "48k", "--output-dir", dir, "--remote-name-all"}
			for _, f := range files {
				args = append(args, "https://changeme/"+f)
			}
			if _, errs[i] = b.get(ctx, args...); errs[i] != nil {
				return
			}
			for _, f := range files {
				want, _ := os.ReadFile(filepath.Join(b.site, f))
				if got, err := os.ReadFile(filepath.Join(dir, f)); err != nil || !bytes.Equal(got, want) {
					errs[i] = fmt.Errorf("%s: %d bytes instead of %d, or others (%v)", f, len(got), len(want), err)
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func upload(ctx context.Context, b *board) error {
	if _, err := b.get(ctx, "--data", `{"filename":"new.txt","data":"bmV3"}`, "https://changeme/rpc/FS.Put"); err != nil {
		return err
	}
	if text, err := b.get(ctx, "https://changeme/new.txt"); err != nil || text != "new" {
		return fmt.Errorf("uploaded %q, %w", text, err)
	}
	config := fmt.Sprintf(`{"config":{"wifi":{"ap":{"channel":3}},"sntp":{"server":"10.0.2.2:%d"}},"save":true}`, b.timeServer)
	if _, err := b.get(ctx, "--data", config, "https://changeme/rpc/Config.Set"); err != nil {
		return err
	}
	text, err := b.get(ctx, "https://changeme/rpc/Config.Get")
	if err == nil && !strings.Contains(text, `"channel":3`) {
		err = fmt.Errorf("Config.Get says %s", text)
	}
	return err
}

// remembered checks what upload has saved, and that a file which is none of the configuration's is gone.
func remembered(ctx context.Context, b *board) error {
	text, err := b.get(ctx, "https://changeme/rpc/Config.Get")
	if err == nil && !strings.Contains(text, `"channel":3`) {
		err = fmt.Errorf("Config.Get says %s", text)
	}
	if err != nil {
		return err
	}
	if text, err := b.get(ctx, "https://changeme/new.txt"); err == nil {
		return fmt.Errorf("the uploaded file is still there: %q", text)
	}
	return nil
}

// clockSet waits until the board has moved its clock to the time of our server. A second may pass on the way: the host is busy.
func clockSet(ctx context.Context, b *board) error {
	const moved = "the clock was moved by "
	if err := b.await(ctx, 0, moved); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(b.tail(), moved)
	var ms int64
	if _, err := fmt.Sscan(rest, &ms); err != nil {
		return fmt.Errorf("%w in %q", err, rest)
	}
	if off := time.Duration(ms)*time.Millisecond - timeAhead; off.Abs() > time.Second {
		return fmt.Errorf("the board's clock was moved by %d ms, not by %v", ms, timeAhead)
	}
	return nil
}

// soaked makes the connections of package soak, and waits until the board has as much free as before.
func soaked(ctx context.Context, b *board) error {
	before, err := b.stats(ctx)
	if err != nil {
		return err
	}
	certificate, err := tls.LoadX509KeyPair(filepath.Join(b.pki, "sandboxclient.crt"), filepath.Join(b.pki, "sandboxclient.key"))
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(b.pki, "ca.crt"))
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	target := soak.Target{Address: fmt.Sprintf("127.0.0.1:%d", b.port), Path: "/", Slow: time.Millisecond,
		Config: &tls.Config{ServerName: "changeme", RootCAs: pool, Certificates: []tls.Certificate{certificate},
			ClientSessionCache: tls.NewLRUClientSessionCache(1)}}
	counts, err := target.Run(300, 4, 1)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "serve: %v\n", &counts)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		after, err := b.stats(ctx)
		if err == nil && (after.Free != before.Free || after.Handshakes != before.Handshakes || after.Small != before.Small || after.Large != before.Large) {
			err = fmt.Errorf("the memory was %+v and is %+v", before, after)
		}
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}
