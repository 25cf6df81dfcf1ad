package interop

import (
	"bytes"
	"net"
	"slices"
	"strings"
	"testing"

	"colibri/tlscore"
)

var openssl = peer{
	name:     "openssl",
	programs: []string{"openssl"},
	packages: "openssl",
	every:    true,
	alpn:     "http/1.1",
	lacks: func(c cell) string {
		if c.hybrid() {
			return "3.0 has no ML-KEM"
		}
		return ""
	},
}

var opensslClient = theirClient{openssl, func(t *testing.T, s *site, c cell, r *reception) string {
	arguments := append([]string{"s_client", "-connect", "127.0.0.1:" + r.port, "-quiet", "-ign_eof", "-servername", hostName,
		"-CAfile", s.file("ca.crt"), "-verify_hostname", hostName, "-verify_return_error", "-alpn", "http/1.1",
		"-groups", opensslGroups(c)}, opensslSuite(c)...)
	if c.mode.mutual() {
		arguments = append(arguments, "-cert", s.file("client.crt"), "-key", s.file("client.key"))
	}
	if !c.mode.resumed() {
		return run(t, request, "openssl", arguments...)
	}
	session := t.TempDir() + "/session"
	first := run(t, request, "openssl", slices.Concat(arguments, []string{"-sess_out", session})...)
	return first + run(t, request, "openssl", slices.Concat(arguments, []string{"-sess_in", session})...)
}}

var opensslServer = theirServer{openssl,
	func(t *testing.T, s *site, mutual bool) (string, func() string) {
		arguments := []string{"s_server", "-accept", "127.0.0.1:PORT", "-quiet", "-rev", "-alpn", "http/1.1",
			"-cert", s.file("server.crt"), "-key", s.file("server.key"), "-cipher", "ALL:@SECLEVEL=0",
			"-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"}
		if mutual {
			arguments = append(arguments, "-Verify", "2", "-verify_return_error", "-CAfile", s.file("ca.crt"))
		}
		return program(t, "openssl", arguments...)
	},
	func(conn net.Conn) error {
		var reversed []byte // line by line
		for line := range bytes.Lines(body) {
			line = slices.Clone(line)
			slices.Reverse(line[:len(line)-1])
			reversed = append(reversed, line...)
		}
		return echo(conn, body, reversed)
	},
}

// opensslGroups returns OpenSSL's names of the groups to offer.
func opensslGroups(c cell) string {
	var names []string
	for _, g := range c.offered() {
		names = append(names, map[tlscore.GroupID]string{tlscore.X25519: "X25519", tlscore.P256: "P-256", tlscore.P384: "P-384"}[g])
	}
	return strings.Join(names, ":")
}

// opensslSuite returns the options that leave only the cell's version and suite. Security level 0 is for the short tags of CCM_8.
func opensslSuite(c cell) []string {
	if c.version == version13 {
		return []string{"-tls1_3", "-ciphersuites", c.suite.String(), "-cipher", "DEFAULT:@SECLEVEL=0"}
	}
	return []string{"-tls1_2", "-cipher", opensslSuite12(c.suite) + ":@SECLEVEL=0"}
}

// opensslSuite12 returns OpenSSL's name of a suite of TLS 1.2.
func opensslSuite12(id tlscore.SuiteID) string {
	return strings.NewReplacer("TLS_", "", "WITH_", "", "_POLY1305_SHA256", "-POLY1305", "AES_", "AES",
		"_CCM_8", "-CCM8", "_", "-").Replace(id.String())
}
