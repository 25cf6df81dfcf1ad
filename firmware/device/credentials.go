package device

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/tlscore"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/signature"
	"colibri/x509lite"
	"colibri/x509lite/pem"
)

// StartError is why a device cannot start.
type StartError struct {
	Key    string // the configuration's key concerned
	File   string // the file that it names
	Reason string
	Err    error // what a lower layer said, or nil
}

// Error returns a sentence.
func (e *StartError) Error() string {
	s := e.Key
	if e.File != "" {
		s += " (" + e.File + ")"
	}
	s += ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns what a lower layer said.
func (e *StartError) Unwrap() error { return e.Err }

// maxPEM bounds the files of certificates and keys.
const maxPEM = 1 << 16

// maxChain bounds the certificates that the device shows.
const maxChain = 4

// credentials reads what TLS needs, as the configuration names it: our certificate and key, and the CAs of
// clients. It allocates once, at the start; files cannot change under a running device (package guard sees to
// it).
func credentials(tls *tlscore.Config, c *config.Config, files FS) *StartError {
	cert, err := readFile(c, files, "http.ssl_cert")
	if err != nil {
		return err
	}
	var chain [][]byte
	for len(chain) < maxChain {
		label, der, rest, e := pem.Decode(make([]byte, len(cert)), cert)
		if e == pem.ErrNone {
			break
		}
		if e != nil || !pem.Is(label, pem.Certificate) {
			return startError(c, "http.ssl_cert", "a chain of certificates in PEM is expected", e)
		}
		chain, cert = append(chain, der), rest
	}
	var leaf x509lite.Certificate
	var public x509lite.PublicKey
	if len(chain) == 0 {
		return startError(c, "http.ssl_cert", "there is no certificate", nil)
	}
	if e := leaf.Parse(chain[0]); e != nil {
		return startError(c, "http.ssl_cert", "the certificate cannot be read", e)
	}
	if e := leaf.PublicKey(&public); e != nil {
		return startError(c, "http.ssl_cert", "the certificate's key cannot be read", e)
	}
	text, err := readFile(c, files, "http.ssl_key")
	if err != nil {
		return err
	}
	key := new(signature.PrivateKey)
	e := key.ParsePEM(make([]byte, len(text)), text)
	subtle.Wipe(text)
	if e != nil {
		return startError(c, "http.ssl_key", "the key cannot be used", e)
	}
	if !key.Matches(&public) {
		return startError(c, "http.ssl_key", "the key is not that of http.ssl_cert", nil)
	}
	tls.Identities = []tlscore.Identity{{Chain: chain, Key: key}}
	if len(c.Text("http.ssl_ca_cert")) == 0 {
		return nil
	}
	tls.ClientAuth = tlscore.RequireClientCert
	return anchors(tls, c, files)
}

// anchors reads the CAs of clients.
func anchors(tls *tlscore.Config, c *config.Config, files FS) *StartError {
	text, err := readFile(c, files, "http.ssl_ca_cert")
	if err != nil {
		return err
	}
	// Clients of a CA of one's own have often been made by openssl's simplest commands. They are let in, and the log says
	// what is wrong with their certificates.
	tls.Legacy = x509lite.LegacyVersion1 | x509lite.LegacyKeyIdentifiers
	tls.Anchors = new(x509lite.Anchors)
	for {
		label, der, rest, e := pem.Decode(make([]byte, len(text)), text)
		if e == pem.ErrNone {
			break
		}
		if e != nil || !pem.Is(label, pem.Certificate) {
			return startError(c, "http.ssl_ca_cert", "certificates in PEM are expected", e)
		}
		if e := tls.Anchors.Add(der); e != nil {
			return startError(c, "http.ssl_ca_cert", "a certificate cannot be read", e)
		}
		text = rest
	}
	if tls.Anchors.Len() == 0 {
		return startError(c, "http.ssl_ca_cert", "there is no certificate", nil)
	}
	return nil
}

// readFile reads the whole file that key names.
func readFile(c *config.Config, files FS, key string) ([]byte, *StartError) {
	name := fs.Trim(c.Text(key))
	if len(name) == 0 {
		return nil, startError(c, key, "a file is required", nil)
	}
	f, info, err := files.Open(name)
	if err != nil {
		return nil, startError(c, key, "the file cannot be opened", err)
	}
	defer files.Close(f)
	if info.Size > maxPEM {
		return nil, startError(c, key, "the file is too large", nil)
	}
	text := make([]byte, info.Size)
	n, err := files.ReadAt(f, text, 0)
	if err != nil {
		return nil, startError(c, key, "the file cannot be read", err)
	}
	return text[:n], nil
}

func startError(c *config.Config, key, reason string, err error) *StartError {
	return &StartError{Key: key, File: string(c.Text(key)), Reason: reason, Err: err}
}
