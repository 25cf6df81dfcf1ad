package interop

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// Mbed TLS and wolfSSL, which have no programs in Debian, in the web server lighttpd.
var (
	mbedtlsServer = lighttpd(peer{
		name:     "mbedtls",
		packages: "lighttpd lighttpd-mod-mbedtls",
		lacks: func(c cell) string {
			switch {
			case c.version == version13:
				return "2.28 has no TLS 1.3"
			case c.identity == ca.Ed25519:
				return "2.28 has no Ed25519"
			}
			return ""
		},
	}.choosing(func(c cell) tlscore.GroupID { return c.first(tlscore.P384, tlscore.P256, tlscore.X25519) }),
		mbedtlsName)
	wolfsslServer = lighttpd(peer{
		name:     "wolfssl",
		packages: "lighttpd lighttpd-mod-wolfssl",
		lacks: func(c cell) string {
			switch {
			case c.hybrid():
				return "5.5 has no ML-KEM"
			case c.identity == ca.Ed25519 && c.mode.mutual():
				return "in lighttpd takes no authority with an Ed25519 key"
			}
			return ""
		},
	}.choosing(func(c cell) tlscore.GroupID { return c.first(tlscore.X25519, tlscore.P256, tlscore.P384) }),
		wolfsslName)
)

// mbedtlsName returns the name of a suite of TLS 1.2 in Mbed TLS, "" for others.
func mbedtlsName(version uint16, id tlscore.SuiteID) string {
	if version == version13 {
		return ""
	}
	return strings.ReplaceAll(id.String(), "_", "-")
}

// wolfsslName returns the name of a suite in wolfSSL.
func wolfsslName(version uint16, id tlscore.SuiteID) string {
	if version == version13 {
		return strings.NewReplacer("TLS_AES_", "TLS13-AES", "TLS_", "TLS13-", "_", "-").Replace(id.String())
	}
	return strings.Replace(opensslSuite12(id), "CCM8", "CCM-8", 1)
}

// lighttpd returns the peer as a library in lighttpd, with all suites by the library's names. There is a script that repeats what is
// posted.
func lighttpd(p peer, suiteName func(version uint16, id tlscore.SuiteID) string) theirServer {
	var names []string
	for version, all := range suites {
		for _, id := range all {
			if name := suiteName(version, id); name != "" {
				names = append(names, name)
			}
		}
	}
	return theirServer{
		p.with("/usr/sbin/lighttpd", "/usr/lib/lighttpd/mod_"+p.name+".so"),
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
ssl.openssl.ssl-conf-cmd = ("CipherString" => %q)
cgi.assign = (".sh" => "/bin/sh")
`, dir, p.name, s.file("server.crt"), s.file("server.key"), strings.Join(names, ":"))
			if mutual {
				text += fmt.Sprintf(`ssl.verifyclient.activate = "enable"
ssl.verifyclient.enforce = "enable"
ssl.verifyclient.ca-file = %q
`, s.file("ca.crt"))
			}
			configuration := filepath.Join(dir, "lighttpd.conf")
			check(t, os.WriteFile(configuration, []byte(text), 0o600))
			return program(t, "/usr/sbin/lighttpd", "-D", "-f", configuration)
		},
		func(conn net.Conn) error { return post(conn, "/echo.sh") },
	}
}
