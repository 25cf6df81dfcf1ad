package interop

import "testing"

// curlClient is curl with OpenSSL: another user of that library, with HTTP of its own. In TLS 1.2 it wants no tickets, and resumes by
// session IDs.
var curlClient = theirClient{
	peer{
		name:     "curl",
		programs: []string{"curl"},
		packages: "curl",
		alpn:     "http/1.1",
		lacks: func(c cell) string {
			if c.hybrid() {
				return "with OpenSSL 3.0 has no ML-KEM"
			}
			return ""
		},
	},
	func(t *testing.T, s *site, c cell, r *reception) string {
		url := "https://" + hostName + ":" + r.port + "/"
		arguments := []string{"--silent", "--show-error", "--http1.1", "--resolve", hostName + ":" + r.port + ":127.0.0.1",
			"--cacert", s.file("ca.crt"), "--curves", opensslGroups(c), "--data-binary", "@" + s.file("body")}
		if c.version == version13 {
			arguments = append(arguments, "--tlsv1.3", "--tls13-ciphers", c.suite.String(), "--ciphers", "DEFAULT:@SECLEVEL=0")
		} else {
			arguments = append(arguments, "--tlsv1.2", "--tls-max", "1.2", "--ciphers", opensslSuite12(c.suite)+":@SECLEVEL=0")
		}
		if c.mode.mutual() {
			arguments = append(arguments, "--cert", s.file("client.crt"), "--key", s.file("client.key"))
		}
		if c.mode.resumed() {
			arguments = append(arguments, url) // The server closes, so that the second request needs a connection of its own.
		}
		return run(t, "", "curl", append(arguments, url)...)
	},
}
