package interop

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"colibri/firmware/pki/ca"
)

// Mbed TLS and wolfSSL, which have no programs in Debian, in the web server lighttpd.
var (
	mbedtlsServer = lighttpd("mbedtls", "", func(c cell) string {
		switch {
		case c.version == version13:
			return "2.28 has no TLS 1.3"
		case c.identity == ca.Ed25519:
			return "2.28 has no Ed25519"
		}
		return ""
	})
	wolfsslServer = lighttpd("wolfssl", "TLS13-AES128-GCM-SHA256:TLS13-AES256-GCM-SHA384:TLS13-CHACHA20-POLY1305-SHA256:TLS13-AES128-CCM-SHA256:"+
		"TLS13-AES128-CCM-8-SHA256", func(c cell) string {
		switch {
		case c.hybrid():
			return "5.5 has no ML-KEM"
		case c.identity == ca.Ed25519 && c.mode.mutual():
			return "in lighttpd takes no authority with an Ed25519 key"
		}
		return ""
	})
)

// lighttpd returns the server with the module for a TLS library, and its suites if they are not those of lighttpd. Its configuration has a script that repeats what is posted.
func lighttpd(library, suites string, lacks func(cell) string) theirServer {
	return theirServer{
		peer{name: library, programs: []string{"lighttpd"}, packages: "lighttpd lighttpd-mod-" + library, lacks: lacks},
		func(t *testing.T, s *site, mutual bool) (string, func() string) {
			dir := t.TempDir()
			check(t, os.WriteFile(filepath.Join(dir, "echo.sh"), []byte("printf 'Content-Type: text/plain\\r\\n\\r\\n'; exec cat\n"), 0o600))
			text := fmt.Sprintf(`server.document-root = %q
server.bind = "127.0.0.1"
server.port = env.PORT
server.modules = ("mod_%s", "mod_cgi")
ssl.engine = "enable"
ssl.pemfile = %q
ssl.privkey = %q
cgi.assign = (".sh" => "/bin/sh")
`, dir, library, s.file("server.crt"), s.file("server.key"))
			if suites != "" {
				text += fmt.Sprintf("ssl.openssl.ssl-conf-cmd = (\"CipherString\" => %q)\n", suites)
			}
			if mutual {
				text += fmt.Sprintf(`ssl.verifyclient.activate = "enable"
ssl.verifyclient.enforce = "enable"
ssl.verifyclient.ca-file = %q
`, s.file("ca.crt"))
			}
			configuration := filepath.Join(dir, "lighttpd.conf")
			check(t, os.WriteFile(configuration, []byte(text), 0o600))
			return program(t, "lighttpd", "-D", "-f", configuration)
		},
		func(conn net.Conn) error { return post(conn, "/echo.sh") },
		nil,
	}
}
