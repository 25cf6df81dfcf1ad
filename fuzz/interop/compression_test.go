package interop

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
)

// tlslite is a client, or with four arguments a server, of tlslite-ng, that compresses by zlib and says by what its peer has.
const tlslite = `
import socket, sys
from tlslite.api import *
from tlslite.messages import CompressedCertificate

seen, parse = [], CompressedCertificate.parse
def watch(self, p):
    m = parse(self, p)
    seen.append(self.compression_algo)
    return m
CompressedCertificate.parse = watch

settings = HandshakeSettings()
settings.minVersion = (3, 4)
settings.certificate_compression_send = settings.certificate_compression_receive = ["zlib"]
chain = X509CertChain()
chain.parsePemList(open(sys.argv[2]).read())
key = parsePEMKey(open(sys.argv[3]).read(), private=True)
address = ("127.0.0.1", int(sys.argv[1]))
if len(sys.argv) < 5:
    tls = TLSConnection(socket.create_connection(address))
    tls.handshakeClientCert(chain, key, settings=settings, serverName="changeme")
    tls.send(b"q\n")
    print(tls.recv(100), "compressed by", seen)
    sys.exit()
listener = socket.socket()
listener.bind(address)
listener.listen()
while True:
    tls = TLSConnection(listener.accept()[0])
    try:
        tls.handshakeServer(certChain=chain, privateKey=key, settings=settings, reqCert=True)
        print("compressed by", seen, flush=True)
        tls.send(tls.recv(100))
        tls.close()
    except Exception as e: # The first to come only looks whether there is a server.
        print(e, flush=True)
`

// TestCompressedCertificates: in both roles, with tlslite-ng, each side shows its certificate compressed by zlib. The OpenSSL and GnuTLS
// of today's distributions are built without.
func TestCompressedCertificates(t *testing.T) {
	need(t, "python3")
	if out, err := exec.Command("python3", "-c", "from tlslite.messages import CompressedCertificate").CombinedOutput(); err != nil {
		t.Skipf("no tlslite-ng of 0.8.2 or later (pip install tlslite-ng): %s", bytes.TrimSpace(out[bytes.LastIndexByte(bytes.TrimSpace(out), 10)+1:]))
	}
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		s := newSite(t, family)
		script := s.file("peer.py")
		check(t, os.WriteFile(script, []byte(tlslite), 0o600))
		n := 0
		zlib := netconn.Zlib()
		counted := zlib
		counted.Decompress = func(dst, src []byte) (int, bool) { n++; return zlib.Decompress(dst, src) }
		t.Run(family.String()+" as client", func(t *testing.T) {
			cfg := *s.ours
			cfg.ClientAuth = tlscore.RequireClientCert
			k := tlscore.CompressionServer(counted)
			netconn.Compress(k, &cfg.Identities[0])
			cfg.CertificateCompression = k
			port, result := serveOnce(t, &cfg, "done\n")
			out := run(t, "", "python3", script, port, s.file("client.crt"), s.file("client.key"))
			if r := <-result; r.err != nil || n != 1 || !strings.Contains(out, `done\n' compressed by [1]`) {
				t.Errorf("%v, decompressed %d times\n%s", r.err, n, out)
			}
		})
		n = 0
		t.Run(family.String()+" as server", func(t *testing.T) {
			port, output := program(t, "python3", script, "PORT", s.file("server.crt"), s.file("server.key"), "serves")
			cfg := *s.ours
			cfg.Identities = []tlscore.Identity{s.client}
			k := tlscore.CompressionClient(counted)
			netconn.Compress(k, &cfg.Identities[0])
			cfg.CertificateCompression = k
			_, _, _, err := dialOnce(t, &cfg, port, "aba\n", "aba")
			if out := output(); err != nil || n != 1 || !strings.Contains(out, "compressed by [1]") {
				t.Errorf("%v, decompressed %d times\n%s", err, n, out)
			}
		})
	}
}
