//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"colibri/firmware/pki/ca"
)

// curl is the program and what is known of it.
type curl struct {
	path    string
	version string // the first line of curl --version
	backend string // the TLS library in use: "OpenSSL", "LibreSSL", "GnuTLS" ...
	proxied bool   // a proxy is set in the environment, which must not come between
}

const curlRemedy = "install curl 7.52 or later with a TLS library that has TLS 1.3 " +
	"(Debian and Ubuntu: apt install curl; macOS: brew install curl, and put its folder first in PATH)"

// findCurl looks for curl and tries TLS 1.3 with it against crypto/tls, so that a fault of curl's is not
// taken for the device's.
func findCurl(ctx context.Context) (*curl, error) {
	path, err := exec.LookPath("curl")
	if err != nil {
		return nil, fmt.Errorf("curl is not installed: the walk's steps are curl commands; %s", curlRemedy)
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w; %s", path, err, curlRemedy)
	}
	c := &curl{path: path, backend: backendOf(string(out)), proxied: proxyIsSet(os.Environ())}
	c.version, _, _ = strings.Cut(string(out), "\n")
	if err := c.tryTLS13(ctx); err != nil {
		return nil, fmt.Errorf("this curl cannot do TLS 1.3, the only version the device speaks: %w\n(%s)\n%s",
			err, c.version, curlRemedy)
	}
	return c, nil
}

// tryTLS13 lets curl fetch something over TLS 1.3 from a server within this process.
func (c *curl) tryTLS13(ctx context.Context) error {
	root, err := ca.New(ca.ECDSA, time.Now(), "probe")
	if err != nil {
		return err
	}
	id, err := root.Issue(ca.Request{Names: []string{"127.0.0.1"}, Usage: ca.Server})
	if err != nil {
		return err
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{id.TLS()}, MinVersion: tls.VersionTLS13})
	if err != nil {
		return err
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed
			}
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			conn.Read(make([]byte, 4096)) // the request, after the handshake
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
			conn.Close()
		}
	}()
	result := c.run(ctx, step{args: []string{"-k", "https://" + l.Addr().String() + "/"}})
	if result.err != nil || result.exit != 0 || result.status != 200 {
		return fmt.Errorf("curl exit %d: %s", result.exit, strings.TrimSpace(result.stderr))
	}
	return nil
}

// backendOf finds the TLS library in the output of curl --version: the first one of the list of libraries
// that does not stand in parentheses, which mean that it is not the one in use.
func backendOf(version string) string {
	line, _, _ := strings.Cut(version, "\n")
	for _, word := range strings.Fields(line) {
		name, _, _ := strings.Cut(word, "/")
		switch name {
		case "OpenSSL", "LibreSSL", "BoringSSL", "AWS-LC", "quictls", "GnuTLS", "SecureTransport", "Schannel", "wolfSSL",
			"mbedTLS", "rustls-ffi", "NSS", "BearSSL":
			return name
		}
	}
	return "an unknown TLS library"
}

// namesAlerts tells whether curl's messages contain the names of alerts, as OpenSSL and those derived from it
// write them.
func (c *curl) namesAlerts() bool {
	switch c.backend {
	case "OpenSSL", "LibreSSL", "BoringSSL", "AWS-LC", "quictls":
		return true
	}
	return false
}

func proxyIsSet(environ []string) bool {
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if name = strings.ToLower(name); value != "" && (name == "https_proxy" || name == "all_proxy") {
			return true
		}
	}
	return false
}

// command returns the arguments of a step: no configuration file of the user, no progress meter, the
// response's header shown, an end in any case.
func (c *curl) command(s step) []string {
	args := []string{"-q", "-sS", "-i", "--max-time", "10"}
	if c.proxied {
		args = append(args, "--noproxy", "*")
	}
	return append(args, s.args...)
}

// show returns the step as it could be typed into a shell.
func (c *curl) show(s step) string {
	return strings.Join(append(slices.Clone(s.env), commandLine(append([]string{"curl"}, c.command(s)...))), " ")
}

// commandLine returns words as they could be typed into a shell.
func commandLine(words []string) string {
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, quote(word))
	}
	return strings.Join(quoted, " ")
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=,@%+-]+$`)

// quote returns a word as a POSIX shell reads it.
func quote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// outcome is what came of a step.
type outcome struct {
	err    error // curl could not be run at all
	exit   int
	status int // 0: no response, or one that is malformed
	header []byte
	body   []byte
	stderr string
	log    []string // what the device logged meanwhile
	took   time.Duration
}

func (c *curl) run(ctx context.Context, s step) outcome {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, c.path, c.command(s)...)
	cmd.Env = append(os.Environ(), s.env...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	start := time.Now()
	err := cmd.Run()
	o := outcome{stderr: stderr.String(), took: time.Since(start)}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		o.exit = exit.ExitCode()
	} else {
		o.err = err
	}
	o.status, o.header, o.body = parseResponse(stdout.Bytes())
	return o
}

// parseResponse takes apart what curl -i prints: status line and header fields, an empty line, the content as
// it is after curl has undone its transfer coding. Interim responses (1xx) come first and are passed over.
func parseResponse(out []byte) (status int, header, body []byte) {
	for {
		end := bytes.Index(out, []byte("\r\n\r\n"))
		if end < 0 {
			return 0, nil, nil
		}
		header, body = out[:end], out[end+4:]
		line, _, _ := bytes.Cut(header, []byte("\r\n"))
		fields := bytes.Fields(line)
		if len(fields) < 2 || !bytes.HasPrefix(fields[0], []byte("HTTP/")) {
			return 0, nil, nil
		}
		code, err := strconv.Atoi(string(fields[1]))
		if err != nil || code < 100 || code > 599 {
			return 0, nil, nil
		}
		if code >= 200 {
			return code, header, body
		}
		out = body
	}
}
