package handshakes

import (
	_ "embed"

	"colibri/tlscore"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// A CA on P-256 with a server and a client, valid until 2029, and their keys, PKCS #8. They are of no use elsewhere.
//
//go:embed testdata/ca.der
var caDER string

//go:embed testdata/server.der
var serverDER string

//go:embed testdata/server.key
var serverKey string

//go:embed testdata/client.der
var clientDER string

//go:embed testdata/client.key
var clientKey string

// Now is the time of all clocks, 1 December 2026, in Unix seconds.
const Now = 1796083200

// ServerName is the name in the server's certificate.
const ServerName = "changeme"

// Fixtures are the certificates and keys in the form that package tlscore takes.
type Fixtures struct {
	Server, Client tlscore.Identity
	Anchors        x509lite.Anchors
}

// Load reads the fixtures. It allocates.
func Load() (*Fixtures, error) {
	f, err := LoadServer()
	if err == nil {
		err = load(&f.Client, clientDER, clientKey)
	}
	return f, err
}

// LoadServer reads those of the server. It allocates.
func LoadServer() (*Fixtures, error) {
	f := new(Fixtures)
	if err := f.Anchors.Add([]byte(caDER)); err != nil {
		return nil, err
	}
	return f, load(&f.Server, serverDER, serverKey)
}

func load(identity *tlscore.Identity, certificate, key string) error {
	k := new(signature.PrivateKey)
	*identity = tlscore.Identity{Chain: [][]byte{[]byte(certificate)}, Key: k}
	return k.Parse([]byte(key))
}

// stream is fixed randomness: the high bytes of a xorshift generator (Marsaglia, "Xorshift RNGs", 2003).
type stream struct{ state uint32 }

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	for i := range p {
		s.state ^= s.state << 13
		s.state ^= s.state >> 17
		s.state ^= s.state << 5
		p[i] = byte(s.state >> 24)
	}
	return len(p), nil
}

// Peer returns the certificate and the key, PKCS #8, of the other end, and the CA's certificate.
func (f *Fixtures) Peer(s *Scenario) (certificate, key, anchor []byte) {
	if s.Client {
		return []byte(serverDER), []byte(serverKey), []byte(caDER)
	}
	return []byte(clientDER), []byte(clientKey), []byte(caDER)
}
