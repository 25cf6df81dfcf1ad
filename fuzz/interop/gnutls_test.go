package interop

import (
	"net"
	"testing"

	"colibri/tlscore"
)

var gnutls = peer{
	name:     "gnutls",
	packages: "gnutls-bin",
	alpn:     "http/1.1",
	lacks: func(c cell) string {
		if c.hybrid() {
			return "3.7 has no ML-KEM"
		}
		return ""
	},
}

var gnutlsClient = theirClient{gnutls.with("gnutls-cli"), func(t *testing.T, s *site, c cell, r *reception) string {
	arguments := []string{"127.0.0.1", "--port", r.port, "--sni-hostname", hostName, "--verify-hostname", hostName, "--alpn", "http/1.1",
		"--priority", gnutlsPriority(c), "--x509cafile", s.file("ca.crt")}
	if c.mode.mutual() {
		arguments = append(arguments, "--x509certfile", s.file("client.crt"), "--x509keyfile", s.file("client.key"))
	}
	if c.mode.resumed() {
		arguments = append(arguments, "--resume", "--waitresumption")
	}
	return run(t, request, "gnutls-cli", arguments...)
}}

var gnutlsServer = theirServer{gnutls.with("gnutls-serv"),
	func(t *testing.T, s *site, mutual bool) (string, func() string) {
		arguments := []string{"--port", "PORT", "--echo", "--quiet", "--alpn", "http/1.1", "--priority", "NORMAL:+AES-128-CCM:+AES-128-CCM-8",
			"--x509certfile", s.file("server.crt"), "--x509keyfile", s.file("server.key")}
		if mutual {
			arguments = append(arguments, "--require-client-cert", "--verify-client-cert", "--x509cafile", s.file("ca.crt"))
		} else {
			arguments = append(arguments, "--disable-client-cert")
		}
		return program(t, "gnutls-serv", arguments...)
	},
	func(conn net.Conn) error { return echo(conn, body, body) },
}

// gnutlsPriority leaves only the cell's version, cipher and group.
func gnutlsPriority(c cell) string {
	version := "+VERS-TLS1.2"
	if c.version == version13 {
		version = "+VERS-TLS1.3"
	}
	return "NORMAL:-VERS-ALL:" + version + ":-CIPHER-ALL:+" + gnutlsCiphers[c.suite] + ":-GROUP-ALL:+" + gnutlsGroups[c.group]
}

var gnutlsCiphers = map[tlscore.SuiteID]string{
	tlscore.AES128GCMSHA256:            "AES-128-GCM",
	tlscore.AES256GCMSHA384:            "AES-256-GCM",
	tlscore.ChaCha20Poly1305SHA256:     "CHACHA20-POLY1305",
	tlscore.AES128CCMSHA256:            "AES-128-CCM",
	tlscore.AES128CCM8SHA256:           "AES-128-CCM-8",
	tlscore.ECDHEECDSAAES128GCMSHA256:  "AES-128-GCM",
	tlscore.ECDHEECDSAAES256GCMSHA384:  "AES-256-GCM",
	tlscore.ECDHEECDSAChaCha20Poly1305: "CHACHA20-POLY1305",
	tlscore.ECDHEECDSAAES128CCM:        "AES-128-CCM",
	tlscore.ECDHEECDSAAES128CCM8:       "AES-128-CCM-8",
	tlscore.ECDHERSAAES128GCMSHA256:    "AES-128-GCM",
	tlscore.ECDHERSAAES256GCMSHA384:    "AES-256-GCM",
	tlscore.ECDHERSAChaCha20Poly1305:   "CHACHA20-POLY1305",
}

var gnutlsGroups = map[tlscore.GroupID]string{
	tlscore.X25519: "GROUP-X25519",
	tlscore.P256:   "GROUP-SECP256R1",
	tlscore.P384:   "GROUP-SECP384R1",
}
