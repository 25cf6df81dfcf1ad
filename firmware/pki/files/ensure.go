package files

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"colibri/firmware/pki/ca"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

// DefaultServerName is the name the note's server certificate carries.
const DefaultServerName = "changeme"

// DefaultClientName is the name in the note's client certificate.
const DefaultClientName = "sandboxclient"

// Options says which files Ensure is to keep.
type Options struct {
	Dir         string      // made when absent
	Families    []ca.Family // each in a folder of its own, named after it
	ServerNames []string    // host names and IP addresses; none: DefaultServerName, or what is there already
	ClientName  string      // of the client's certificates; "": DefaultClientName, or what is there already
	Now         time.Time   // what validity counts from

	Progress func(path string) // if set, called before a file is made
}

// Entry reports on one pair of files.
type Entry struct {
	Family  ca.Family
	Name    string // one of the constants of this package: CA, Server ...
	Made    []string
	Kept    []string // the paths of the files made now and of those that were there
	Cert    *x509.Certificate
	Purpose string
}

// Ensure completes the set of files and returns a report in the order of making. Files that exist are kept as
// they are; where one of them cannot stay beside the others or is of no use any more, nothing is written and
// the error says for each what is wrong and how to go on.
func Ensure(o Options) ([]Entry, error) {
	var sets []*set
	var problems []error
	for _, family := range o.Families {
		s := readSet(&o, family)
		problems = append(problems, s.problems...)
		sets = append(sets, s)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	var entries []Entry
	for _, s := range sets {
		for _, spec := range s.specs {
			e, err := s.complete(spec)
			if err != nil {
				return entries, err
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// complete writes the files of one pair that are absent. The key comes before the certificate, so that what
// an interruption leaves behind can be completed.
func (s *set) complete(spec spec) (Entry, error) {
	p := s.pairs[spec.name]
	e := Entry{Family: s.family, Name: spec.name, Purpose: spec.purpose}
	// An authority's certificate without its key is whole: the key may be kept elsewhere.
	wantKey := p.key != nil || p.cert == nil
	steps := []struct {
		ext  string
		want bool
		have bool
		mode fs.FileMode
		make func() ([]byte, error)
	}{
		{".key", wantKey, p.key != nil, 0o600, func() ([]byte, error) { return s.generate(p) }},
		{".crt", true, p.cert != nil, 0o644, func() ([]byte, error) { return s.issue(spec, p) }},
		{".p12", spec.p12, p.p12, 0o600, func() ([]byte, error) { return encodeP12(p, s.pairs[spec.issuer].cert) }},
	}
	for _, step := range steps {
		path := s.path(spec.name, step.ext)
		switch {
		case !step.want:
		case step.have:
			e.Kept = append(e.Kept, path)
		default:
			if s.options.Progress != nil {
				s.options.Progress(path)
			}
			content, err := step.make()
			if err == nil {
				err = create(path, content, step.mode)
			}
			if err != nil {
				return e, fmt.Errorf("%s: %w", path, err)
			}
			e.Made = append(e.Made, path)
		}
	}
	e.Cert = p.cert
	return e, nil
}

// generate makes the key of p and returns it in PEM.
func (s *set) generate(p *pair) ([]byte, error) {
	key, err := s.family.GenerateKey()
	if err != nil {
		return nil, err
	}
	p.key = key
	return ca.KeyPEM(key)
}

// issue makes the certificate for the key of p and returns it in PEM.
func (s *set) issue(spec spec, p *pair) ([]byte, error) {
	if spec.issuer == "" {
		authority, err := ca.NewWithKey(p.key, s.options.Now, spec.common)
		if err != nil {
			return nil, err
		}
		p.cert = authority.Cert
		return authority.CertPEM(), nil
	}
	issuer := s.pairs[spec.issuer]
	authority, err := ca.Load(issuer.cert, issuer.key, s.options.Now)
	if err != nil {
		return nil, err
	}
	request := spec.request
	request.Key = p.key
	identity, err := authority.Issue(request)
	if err != nil {
		return nil, err
	}
	p.cert = identity.Cert
	return identity.CertPEM(), nil
}

// encodeP12 packs key and certificate for a browser. The encoder is the one with triple DES and a MAC with
// SHA-1, for everything opens it: NSS (Firefox, Chromium on Linux), Windows, OpenSSL 1 and 3, GnuTLS, and
// macOS, whose keychain takes the newer algorithms only since version 15. Under an empty password no
// algorithm protects the key; the file's mode has to.
func encodeP12(p *pair, issuer *x509.Certificate) ([]byte, error) {
	return pkcs12.LegacyDES.Encode(p.key, p.cert, []*x509.Certificate{issuer}, "")
}

// path returns the path of the file of a pair, with the extension ext.
func (s *set) path(name, ext string) string {
	return Path(s.options.Dir, s.family, name) + ext
}

// Path returns where the pair name of a family is below dir, without extension.
func Path(dir string, family ca.Family, name string) string {
	return filepath.Join(dir, family.String(), filepath.FromSlash(name))
}
