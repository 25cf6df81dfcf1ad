package interop

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

var gotls = peer{
	name:  "crypto/tls",
	every: true,
	alpn:  "http/1.1",
	lacks: func(c cell) string {
		if c.ccm() {
			return "has no AES-CCM"
		}
		return ""
	},
}

var gotlsClient = theirClient{gotls, func(t *testing.T, s *site, c cell, r *reception) string {
	cfg := &tls.Config{
		ServerName:         hostName,
		RootCAs:            s.root.Pool(),
		NextProtos:         []string{"http/1.1"},
		MinVersion:         c.version,
		MaxVersion:         c.version,
		CipherSuites:       []uint16{uint16(c.suite)}, // Those of TLS 1.3 cannot be chosen, but our server has only one.
		CurvePreferences:   []tls.CurveID{tls.CurveID(c.group)},
		ClientSessionCache: tls.NewLRUClientSessionCache(1),
	}
	if c.mode.mutual() {
		cfg.Certificates = []tls.Certificate{s.gotlsClient}
	}
	ask := func() (output string) {
		conn, err := tls.DialWithDialer(&net.Dialer{Timeout: limit}, "tcp", "127.0.0.1:"+r.port, cfg)
		if err != nil {
			return err.Error()
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(limit))
		if _, err := io.WriteString(conn, request); err != nil {
			return err.Error()
		}
		answer, err := io.ReadAll(conn)
		if err != nil {
			return err.Error()
		}
		return string(answer)
	}
	if c.mode.resumed() {
		ask()
	}
	return ask()
}}

var gotlsServer = theirServer{gotls,
	func(t *testing.T, s *site, mutual bool) (string, func() string) {
		cfg := &tls.Config{Certificates: []tls.Certificate{s.gotls}, NextProtos: []string{"http/1.1"}, ClientCAs: s.root.Pool()}
		if mutual {
			cfg.ClientAuth = tls.RequireAndVerifyClientCert
		}
		l, err := tls.Listen("tcp", "127.0.0.1:0", cfg)
		check(t, err)
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go repeat(conn)
			}
		}()
		_, port, err := net.SplitHostPort(l.Addr().String())
		check(t, err)
		return port, func() string { return "" }
	},
	func(conn net.Conn) error { return post(conn, "/") },
}

// repeat answers one request with its body.
func repeat(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(limit))
	asked, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	answer := http.Response{ProtoMajor: 1, ProtoMinor: 1, StatusCode: http.StatusOK, Body: asked.Body, ContentLength: asked.ContentLength, Close: true}
	answer.Write(conn)
}
