package interop

import (
	"crypto/rand"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"colibri/tlscore"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// TestKeysForPSSOnly: OpenSSL's keys and certificates of the kind RSA-PSS, with and without a hash that they are bound to, in both
// roles.
func TestKeysForPSSOnly(t *testing.T) {
	need(t, "openssl")
	for _, test := range []struct {
		name string
		bind string // options of genpkey
		want signature.Scheme
	}{
		{"any hash", "", signature.PSSKeyWithSHA256},
		{"SHA-384 only", " -pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48",
			signature.PSSKeyWithSHA384},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name) }
			openssl := func(args string, more ...string) {
				t.Helper()
				cmd := exec.Command("openssl", append(strings.Fields(args), more...)...)
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("openssl %s: %v\n%s", args, err, out)
				}
			}
			check(t, os.WriteFile(path("ext"), []byte("subjectAltName=DNS:changeme\nextendedKeyUsage=serverAuth\n"+
				"subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"), 0o600))
			openssl("genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 -out ca.key")
			openssl("req -x509 -new -key ca.key -sha256 -sigopt rsa_pss_saltlen:32 -days 30 -subj /CN=PSS -addext keyUsage=keyCertSign -out ca.crt")
			openssl("genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 -out server.key" + test.bind)
			openssl("req -new -key server.key -subj /CN=changeme -out server.csr")
			openssl("x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -sigopt rsa_pss_saltlen:32 -days 30" +
				" -extfile ext -out server.crt")

			read := func(name string) []byte {
				text, err := os.ReadFile(path(name))
				check(t, err)
				block, _ := pem.Decode(text)
				return block.Bytes
			}
			key, anchors := new(signature.PrivateKey), new(x509lite.Anchors)
			check(t, key.Parse(read("server.key")))
			check(t, anchors.Add(read("ca.crt")))
			cfg := &tlscore.Config{
				Identities: []tlscore.Identity{{Chain: [][]byte{read("server.crt")}, Key: key}},
				Anchors:    anchors,
				Rand:       rand.Reader,
				Clock:      func() int64 { return time.Now().Unix() },
			}

			port, result := serveOnce(t, cfg, "an answer\n")
			out := run(t, "a question\n", "openssl", "s_client", "-connect", "127.0.0.1:"+port, "-tls1_3", "-ign_eof",
				"-CAfile", path("ca.crt"), "-verify_hostname", "changeme", "-verify_return_error")
			if r := <-result; r.err != nil || !strings.Contains(out, "an answer") || !strings.Contains(out, "Peer signature type: RSA-PSS") {
				t.Errorf("a server of ours: %v\n%s", r.err, out)
			}

			cfg.Identities = nil
			port, output := program(t, "openssl", "s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-rev",
				"-cert", path("server.crt"), "-key", path("server.key"))
			got, _, conn, err := dialOnce(t, cfg, port, "a question\n", "noitseuq a")
			if err != nil {
				t.Fatalf("a client of ours: %v, read %q\n%s", err, got, output())
			}
			if scheme := conn.ConnectionState().PeerScheme; scheme != test.want {
				t.Errorf("the server signed under %v, want %v", scheme, test.want)
			}
			conn.Close()
		})
	}
}
