//go:build unix

package main

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	page := want{status: 200, body: regexp.MustCompile("<html")}
	distrust := want{refusal: byCurl, stderr: "certificate"}
	refused := want{refusal: byDevice, alert: "certificate required", log: "no certificate"}
	const alert = "curl: (56) OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0"
	for name, c := range map[string]struct {
		want    want
		outcome outcome
		wrong   string // part of the objections; "" for none
	}{
		"page":           {page, outcome{status: 200, body: []byte("<html>")}, ""},
		"another page":   {page, outcome{status: 200, body: []byte("{}")}, "does not match"},
		"not found":      {page, outcome{status: 404, body: []byte("<html>")}, "HTTP status 404, not 200"},
		"no answer":      {page, outcome{exit: 7}, "curl exit 7, not 0"},
		"no curl":        {page, outcome{err: errors.New("killed")}, "did not run: killed"},
		"distrust":       {distrust, outcome{exit: 60, stderr: "SSL certificate problem"}, ""},
		"trust":          {distrust, outcome{status: 200}, "curl exit 0"},
		"no connection":  {distrust, outcome{exit: 7, stderr: "certificate"}, "curl exit 7"},
		"another reason": {distrust, outcome{exit: 60, stderr: "odd"}, "does not speak of"},
		"refused": {refused, outcome{exit: 56, stderr: alert, log: []string{"TLS client has NO certificate"}},
			""},
		"refused without a word": {refused, outcome{exit: 56, stderr: alert}, "did not log"},
		"another alert": {refused, outcome{exit: 56, stderr: "alert unknown ca", log: []string{"no certificate"}},
			"the alert is not"},
		"reset": {refused, outcome{exit: 56, stderr: "reset by peer", log: []string{"no certificate"}},
			"the alert is not"},
		"let in":          {refused, outcome{status: 200, log: []string{"no certificate"}}, "answered all the same"},
		"curl refused it": {refused, outcome{exit: 58, stderr: alert, log: []string{"no certificate"}}, "curl exit 58"},
	} {
		wrong := strings.Join(judge(c.want, c.outcome, true), "; ")
		if (c.wrong == "") != (wrong == "") || !strings.Contains(wrong, c.wrong) {
			t.Errorf("%s: objections %q, not %q", name, wrong, c.wrong)
		}
	}
	quiet := outcome{exit: 56, stderr: "GnuTLS recv error (-12)", log: []string{"no certificate"}}
	if wrong := judge(refused, quiet, false); len(wrong) > 0 {
		t.Errorf("a TLS library that does not name alerts: %q", wrong)
	}
}

func TestParseResponse(t *testing.T) {
	for name, c := range map[string]struct {
		out    string
		status int
		body   string
	}{
		"content":        {"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n\r\nmore", 200, "body\r\n\r\nmore"},
		"no content":     {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
		"no reason":      {"HTTP/1.1 404\r\nA: b\r\n\r\n", 404, ""},
		"interim first":  {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx", 200, "x"},
		"nothing":        {"", 0, ""},
		"only interim":   {"HTTP/1.1 100 Continue\r\n\r\n", 0, ""},
		"not HTTP":       {"<html>\r\n\r\n", 0, ""},
		"absurd status":  {"HTTP/1.1 999 What\r\n\r\n", 0, ""},
		"negative":       {"HTTP/1.1 -200 What\r\n\r\n", 0, ""},
		"cut in the end": {"HTTP/1.1 200 OK\r\nA: b\r\n", 0, ""},
		"empty line":     {"\r\n\r\n", 0, ""},
	} {
		status, _, body := parseResponse([]byte(c.out))
		if status != c.status || string(body) != c.body {
			t.Errorf("%s: status %d, content %q", name, status, body)
		}
	}
}

func TestBackendOf(t *testing.T) {
	for version, want := range map[string]string{
		"curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13 brotli/1.0.9\nProtocols:": "OpenSSL",
		"curl 8.7.1 (x86_64-apple-darwin24.0) libcurl/8.7.1 (SecureTransport) LibreSSL/3.3.6":                  "LibreSSL",
		"curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 GnuTLS/3.7.9 zlib/1.2.13":                            "GnuTLS",
		"curl 8.0 (x86_64) libcurl/8.0 zlib/1.2":                                                               "an unknown TLS library",
		"":                                                                                                     "an unknown TLS library",
	} {
		if got := backendOf(version); got != want {
			t.Errorf("%q: %s, not %s", version, got, want)
		}
	}
}

func TestShowCanBeTyped(t *testing.T) {
	c := curl{proxied: proxyIsSet([]string{"HTTPS_PROXY=http://proxy:3128", "no_proxy="})}
	got := c.show(step{env: []string{"A=b"}, args: []string{"-d", `{"it's":1}`, "https://changeme:1/"}})
	want := `A=b curl -q -sS -i --max-time 10 --noproxy '*' -d '{"it'\''s":1}' https://changeme:1/`
	if got != want {
		t.Errorf("shown as\n%s\nnot\n%s", got, want)
	}
	if proxyIsSet([]string{"https_proxy=", "HTTP_PROXY=x", "PATH=/bin"}) {
		t.Error("a proxy is seen where there is none for https")
	}
}
