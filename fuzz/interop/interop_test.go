package interop

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// limit bounds each run of a client.
const limit = 20 * time.Second

// cell is one combination, in the words of all clients.
type cell struct {
	family                    ca.Family
	suite                     tlscore.SuiteID
	group                     tlscore.GroupID
	gnutlsCipher, gnutlsGroup string
	opensslGroup              string
}

func cells() (all []cell) {
	suites := map[tlscore.SuiteID]string{
		tlscore.AES128GCMSHA256:        "AES-128-GCM",
		tlscore.AES256GCMSHA384:        "AES-256-GCM",
		tlscore.ChaCha20Poly1305SHA256: "CHACHA20-POLY1305",
		tlscore.AES128CCMSHA256:        "AES-128-CCM",
		tlscore.AES128CCM8SHA256:       "AES-128-CCM-8",
	}
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256} {
			all = append(all,
				cell{family: family, suite: suite, group: tlscore.X25519,
					gnutlsCipher: suites[suite], gnutlsGroup: "X25519", opensslGroup: "X25519"},
				cell{family: family, suite: suite, group: tlscore.P256,
					gnutlsCipher: suites[suite], gnutlsGroup: "SECP256R1", opensslGroup: "P-256"})
		}
		for _, suite := range []tlscore.SuiteID{tlscore.AES128CCMSHA256, tlscore.AES128CCM8SHA256} {
			all = append(all, cell{family: family, suite: suite, group: tlscore.P384,
				gnutlsCipher: suites[suite], gnutlsGroup: "SECP384R1", opensslGroup: "P-384"})
		}
	}
	return all
}

// client is a program that speaks TLS; arguments makes it ask for / with mutual authentication in one combination.
type client struct {
	name, program, install string
	stdin                  string
	arguments              func(c cell, dir, port string) []string
}

const request = "GET / HTTP/1.1\r\nHost: changeme\r\nConnection: close\r\n\r\n"

var clients = []client{
	{"openssl", "openssl", "apt-get install openssl", request, func(c cell, dir, port string) []string {
		return []string{"s_client", "-connect", "127.0.0.1:" + port, "-tls1_3", "-quiet", "-ign_eof",
			"-ciphersuites", c.suite.String(), "-groups", c.opensslGroup, "-servername", "changeme",
			"-CAfile", filepath.Join(dir, "ca.crt"), "-verify_hostname", "changeme", "-verify_return_error",
			"-cert", filepath.Join(dir, "client.crt"), "-key", filepath.Join(dir, "client.key")}
	}},
	{"gnutls", "gnutls-cli", "apt-get install gnutls-bin", request, func(c cell, dir, port string) []string {
		return []string{"127.0.0.1", "--port", port, "--sni-hostname", "changeme", "--verify-hostname", "changeme",
			"--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+" + c.gnutlsCipher + ":-GROUP-ALL:+GROUP-" + c.gnutlsGroup,
			"--x509cafile", filepath.Join(dir, "ca.crt"),
			"--x509certfile", filepath.Join(dir, "client.crt"), "--x509keyfile", filepath.Join(dir, "client.key")}
	}},
	{"curl", "curl", "apt-get install curl", "", func(c cell, dir, port string) []string {
		return []string{"--silent", "--show-error", "--tlsv1.3", "--tls13-ciphers", c.suite.String(), "--curves", c.opensslGroup,
			"--resolve", "changeme:" + port + ":127.0.0.1", "--cacert", filepath.Join(dir, "ca.crt"),
			"--cert", filepath.Join(dir, "client.crt"), "--key", filepath.Join(dir, "client.key"), "https://changeme:" + port + "/"}
	}},
}

// site is a family's certificates on disk, and a server that tells each client what was negotiated.
type site struct {
	dir  string
	ours *tlscore.Config
	std  *tls.Config
}

func newSite(t *testing.T, family ca.Family) *site {
	t.Helper()
	root, err := ca.New(family, time.Now(), "colibri interop CA")
	check(t, err)
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	id, err := root.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	check(t, err)
	s := &site{dir: t.TempDir()}
	keyPEM, err := id.KeyPEM()
	check(t, err)
	serverPEM, err := server.KeyPEM()
	check(t, err)
	for name, text := range map[string][]byte{"ca.crt": root.CertPEM(), "client.crt": id.CertPEM(), "client.key": keyPEM,
		"server.crt": server.CertPEM(), "server.key": serverPEM} {
		check(t, os.WriteFile(filepath.Join(s.dir, name), text, 0o600))
	}
	der, err := x509.MarshalPKCS8PrivateKey(server.Key)
	check(t, err)
	key := new(signature.PrivateKey)
	check(t, key.Parse(der))
	anchors := new(x509lite.Anchors)
	check(t, anchors.Add(root.Cert.Raw))
	s.ours = &tlscore.Config{
		Identities: []tlscore.Identity{{Chain: server.Chain, Key: key}},
		Anchors:    anchors,
		ClientAuth: tlscore.RequireClientCert,
		Clock:      func() int64 { return time.Now().Unix() },
		Rand:       rand.Reader,
	}
	s.std = &tls.Config{ServerName: "changeme", RootCAs: root.Pool(), Certificates: []tls.Certificate{id.TLS()}, MinVersion: tls.VersionTLS13}
	return s
}

// serve starts the server for one combination and returns its port; the test's end stops it.
func (s *site) serve(t *testing.T, c cell) string {
	t.Helper()
	cfg := *s.ours
	cfg.Suites = []tlscore.SuiteID{c.suite}
	cfg.Groups = []tlscore.GroupID{c.group}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	l, err := netconn.NewListener(inner, &cfg)
	check(t, err)
	type connKey struct{}
	server := &http.Server{
		ReadTimeout: limit,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			state := r.Context().Value(connKey{}).(*netconn.Conn).ConnectionState()
			leaf, err := x509.ParseCertificate(state.PeerCertificate)
			if err != nil {
				http.Error(w, err.Error(), http.StatusForbidden)
				return
			}
			fmt.Fprintf(w, "negotiated %s\n", negotiated(state.Suite, state.Group, state.ServerName, leaf.Subject.CommonName))
		}),
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	_, port, err := net.SplitHostPort(inner.Addr().String())
	check(t, err)
	return port
}

func negotiated(suite tlscore.SuiteID, group tlscore.GroupID, name, client string) string {
	return fmt.Sprintf("%v %v for %s with %s", suite, group, name, client)
}

func TestInterop(t *testing.T) {
	sites := map[ca.Family]*site{ca.ECDSA: newSite(t, ca.ECDSA), ca.RSA: newSite(t, ca.RSA)}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "client\tidentity\tsuite\tgroup\tmutual TLS 1.3")
	row := func(name string, c cell, ok bool) {
		verdict := "pass"
		if !ok {
			verdict = "FAIL"
		}
		fmt.Fprintf(w, "%s\t%v\t%v\t%v\t%s\n", name, c.family, c.suite, c.group, verdict)
	}
	for _, program := range clients {
		t.Run(program.name, func(t *testing.T) {
			if _, err := exec.LookPath(program.program); err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatal(err)
				}
				t.Skipf("%v; %s", err, program.install)
			}
			for _, c := range cells() {
				ok := t.Run(fmt.Sprintf("%v/%v/%v", c.family, c.suite, c.group), func(t *testing.T) {
					s := sites[c.family]
					out, err := run(t, program, program.arguments(c, s.dir, s.serve(t, c)))
					if want := "negotiated " + negotiated(c.suite, c.group, "changeme", "sandboxclient"); !strings.Contains(string(out), want) {
						t.Errorf("%v\nwant %q in:\n%s", err, want, out)
					}
				})
				row(program.name, c, ok)
			}
		})
	}
	t.Run("crypto/tls", func(t *testing.T) {
		for _, c := range cells() {
			switch c.suite { // crypto/tls has no CCM; the group is worth a connection.
			case tlscore.AES128CCMSHA256:
				c.suite = tlscore.AES128GCMSHA256
			case tlscore.AES128CCM8SHA256:
				continue
			}
			ok := t.Run(fmt.Sprintf("%v/%v/%v", c.family, c.suite, c.group), func(t *testing.T) {
				s := sites[c.family]
				cfg := s.std.Clone()
				cfg.CurvePreferences = []tls.CurveID{tls.CurveID(c.group)}
				conn, err := tls.DialWithDialer(&net.Dialer{Timeout: limit}, "tcp", "127.0.0.1:"+s.serve(t, c), cfg)
				check(t, err)
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(limit))
				_, err = io.WriteString(conn, request)
				check(t, err)
				out, err := io.ReadAll(conn)
				want := "negotiated " + negotiated(c.suite, c.group, "changeme", "sandboxclient")
				if err != nil || !strings.Contains(string(out), want) {
					t.Errorf("%v; want %q in:\n%s", err, want, out)
				}
			})
			row("crypto/tls", c, ok)
		}
	})
	w.Flush()
	t.Logf("\n%s", table.String())
}

// run gives a client its standard input, which stays open until the client leaves: some leave when it ends, before the
// answer has come.
func run(t *testing.T, program client, arguments []string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program.program, arguments...)
	stdin, err := cmd.StdinPipe()
	check(t, err)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	check(t, cmd.Start())
	io.WriteString(stdin, program.stdin) // A client that is gone already says why in its output.
	err = cmd.Wait()
	return out.Bytes(), err
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
