//go:build unix

package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// TestMain turns the test program into a stand-in for the device where the environment says so: our TLS below
// net/http, which answers as the device has to, or misbehaves as the tests want it to.
func TestMain(m *testing.M) {
	switch fault := os.Getenv("WALK_STANDIN"); fault {
	case "":
		os.Exit(m.Run())
	case "silent":
		fmt.Fprintln(os.Stderr, "no key")
		os.Exit(3)
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		fmt.Fprintln(os.Stderr, "HTTP server started on [127.0.0.1:9]")
		time.Sleep(time.Minute)
	default:
		if err := standIn(fault == "lax"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// standIn serves as the device does. A lax one asks no client for a certificate.
func standIn(lax bool) error {
	flags := flag.NewFlagSet("device", flag.ContinueOnError)
	root := flags.String("fs", "", "")
	configFile := flags.String("config", "", "")
	flags.String("schema", "", "")
	if err := flags.Parse(os.Args[1:]); err != nil {
		return err
	}
	text, err := os.ReadFile(*configFile)
	if err != nil {
		return err
	}
	var config struct {
		HTTP struct {
			Listen string `json:"listen_addr"`
			Cert   string `json:"ssl_cert"`
			Key    string `json:"ssl_key"`
			CA     string `json:"ssl_ca_cert"`
		}
	}
	if err := json.Unmarshal(text, &config); err != nil {
		return err
	}
	block := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(*root, name))
		if err != nil {
			panic(err)
		}
		b, _ := pem.Decode(text)
		return b.Bytes
	}
	key := new(signature.PrivateKey)
	if err := key.Parse(block(config.HTTP.Key)); err != nil {
		return err
	}
	cfg := &tlscore.Config{
		TLS12:      tlscore.TLS12Server(),
		Identities: []tlscore.Identity{{Chain: [][]byte{block(config.HTTP.Cert)}, Key: key}},
		ALPN:       []string{"http/1.1"},
		Clock:      func() int64 { return time.Now().Unix() },
		Rand:       rand.Reader,
		Events: func(_ *tlscore.Conn, e tlscore.Event) {
			if e.Kind == tlscore.EventFailed {
				fmt.Fprintln(os.Stderr, e.Err)
			}
		},
	}
	if config.HTTP.CA != "" && !lax {
		anchors := new(x509lite.Anchors)
		if err := anchors.Add(block(config.HTTP.CA)); err != nil {
			return err
		}
		cfg.Anchors, cfg.ClientAuth = anchors, tlscore.RequireClientCert
	}
	inner, err := net.Listen("tcp", config.HTTP.Listen)
	if err != nil {
		return err
	}
	l, err := netconn.NewListener(lingering{inner}, cfg)
	if err != nil {
		return err
	}
	type connKey struct{}
	server := &http.Server{
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			state := r.Context().Value(connKey{}).(*netconn.Conn).ConnectionState()
			subject := ""
			if leaf, err := x509.ParseCertificate(state.PeerCertificate); err == nil {
				subject = leaf.Subject.String()
			}
			body, _ := io.ReadAll(r.Body)
			switch r.Method + " " + r.URL.Path {
			case "GET /":
				http.ServeFile(w, r, filepath.Join(*root, "index.html"))
			case "GET /rpc/FS.List":
				fmt.Fprint(w, `["ca.crt", "index.html"]`)
			case "GET /rpc/TLS.Info":
				version := map[uint16]string{tls.VersionTLS12: "1.2", tls.VersionTLS13: "1.3"}[state.Version]
				fmt.Fprintf(w, `{"version": "TLS %s", "client": %q}`, version, subject)
			case "POST /rpc/FS.Put":
				w.WriteHeader(http.StatusForbidden)
			case "POST /rpc":
				fmt.Fprintf(w, `{"id": %s, "result": ["index.html"]}`, strings.Split(string(body)+":,", ":")[1][:2])
			default:
				http.NotFound(w, r)
			}
		}),
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		server.Close()
	}()
	fmt.Fprintf(os.Stderr, "HTTP server started on [%v]\n", l.Addr())
	if err := server.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// lingering ends its connections as the device does: it sends the end, and throws away for a while what still
// arrives. Closing a socket with bytes unread makes TCP reset the connection, and a reset overtakes the
// alert.
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return lingeringConn{c.(*net.TCPConn)}, nil
}

type lingeringConn struct{ *net.TCPConn }

func (c lingeringConn) Close() error {
	c.CloseWrite()
	c.SetReadDeadline(time.Now().Add(time.Second))
	io.Copy(io.Discard, c.TCPConn)
	return c.TCPConn.Close()
}
