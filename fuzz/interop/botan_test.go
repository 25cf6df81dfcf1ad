package interop

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

var botan = peer{
	name:     "botan",
	programs: []string{"botan"},
	packages: "botan",
	lacks: func(c cell) string {
		switch {
		case c.version == version13:
			return "2.19 has no TLS 1.3"
		case c.identity == ca.Ed25519:
			return "2.19 has no Ed25519 in TLS"
		case c.mode.mutual():
			return "has no option for certificates of clients"
		}
		return ""
	},
}

var botanClient = theirClient{botan.speaking("http/1.1"), func(t *testing.T, s *site, c cell, r *reception) string {
	dir := t.TempDir()
	// It checks the name of the server, and looks for a session, only if the host is given by name.
	arguments := []string{"tls_client", localName, "--port=" + r.port, "--skip-system-cert-store", "--trusted-cas=" + s.file("ca.crt"),
		"--next-protocols=http/1.1", "--policy=" + botanPolicy(t, dir, botanCiphers[c.suite], botanGroups[c.group])}
	if !c.mode.resumed() {
		return run(t, request, "botan", arguments...)
	}
	arguments = append(arguments, "--session-db="+filepath.Join(dir, "sessions"), "--session-db-pass=interop")
	return run(t, request, "botan", arguments...) + run(t, request, "botan", arguments...)
}}

var botanServer = theirServer{
	botan.speaking("").choosing(func(c cell) tlscore.GroupID { return c.first(tlscore.X25519, tlscore.P256, tlscore.P384) }),
	func(t *testing.T, s *site, _ bool) (string, func() string) {
		policy := botanPolicy(t, t.TempDir(), "AES-128/GCM AES-256/GCM ChaCha20Poly1305 AES-128/CCM AES-128/CCM(8)", "x25519 secp256r1 secp384r1")
		return program(t, "botan", "tls_server", s.file("server.crt"), s.file("server.key"), "--port=PORT", "--policy="+policy)
	},
	func(conn net.Conn) error { return echo(conn, body, body) },
}

// botanPolicy writes what it may negotiate to a file.
func botanPolicy(t *testing.T, dir, ciphers, groups string) string {
	t.Helper()
	name := filepath.Join(dir, "policy")
	check(t, os.WriteFile(name, []byte("allow_tls12 = true\nmacs = AEAD\nkey_exchange_methods = ECDH\nsignature_methods = ECDSA RSA\n"+
		"ciphers = "+ciphers+"\nkey_exchange_groups = "+groups+"\n"), 0o600))
	return name
}

var botanCiphers = map[tlscore.SuiteID]string{
	tlscore.ECDHEECDSAAES128GCMSHA256:  "AES-128/GCM",
	tlscore.ECDHEECDSAAES256GCMSHA384:  "AES-256/GCM",
	tlscore.ECDHEECDSAChaCha20Poly1305: "ChaCha20Poly1305",
	tlscore.ECDHEECDSAAES128CCM:        "AES-128/CCM",
	tlscore.ECDHEECDSAAES128CCM8:       "AES-128/CCM(8)",
	tlscore.ECDHERSAAES128GCMSHA256:    "AES-128/GCM",
	tlscore.ECDHERSAAES256GCMSHA384:    "AES-256/GCM",
	tlscore.ECDHERSAChaCha20Poly1305:   "ChaCha20Poly1305",
}

var botanGroups = map[tlscore.GroupID]string{
	tlscore.X25519: "x25519",
	tlscore.P256:   "secp256r1",
	tlscore.P384:   "secp384r1",
}
