package files

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"colibri/firmware/pki/ca"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

// set is what there is of one family, and what is wrong with it.
type set struct {
	options  *Options
	family   ca.Family
	specs    []spec
	pairs    map[string]*pair
	problems []error
}

// pair is a certificate with its key; nil and false where the file is absent.
type pair struct {
	key  crypto.Signer
	cert *x509.Certificate
	p12  bool
}

// readSet reads the files of a family. Its problems say what keeps the set from being completed.
func readSet(o *Options, family ca.Family) *set {
	s := &set{options: o, family: family, specs: specs(o, family), pairs: map[string]*pair{}}
	for _, spec := range s.specs {
		s.pairs[spec.name] = s.readPair(spec)
	}
	if len(s.problems) > 0 {
		return s // comparing what could not be read would only add noise
	}
	for _, spec := range s.specs {
		s.compare(spec, s.pairs[spec.name])
	}
	return s
}

// problem records what is wrong with a file, and the way out.
func (s *set) problem(path, remedy, format string, args ...any) {
	s.problems = append(s.problems, fmt.Errorf("%s: %w; %s", path, fmt.Errorf(format, args...), remedy))
}

func (s *set) readPair(spec spec) *pair {
	const remedy = "put a good copy in its place, or move it away and run this again"
	p := &pair{}
	read := func(ext string, parse func(text []byte) error) {
		path := s.path(spec.name, ext)
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			s.problem(path, "make it readable or move it away", "it cannot be read: %w", err)
		} else if err := parse(text); err != nil {
			s.problem(path, remedy, "%w", err)
		}
	}
	read(".key", func(text []byte) (err error) { p.key, err = ca.ParseKeyPEM(text); return })
	read(".crt", func(text []byte) (err error) { p.cert, err = ca.ParseCertificatePEM(text); return })
	if spec.p12 {
		read(".p12", func(text []byte) error {
			p.p12 = true
			_, cert, _, err := pkcs12.DecodeChain(text, "")
			if err != nil {
				return fmt.Errorf("it does not open with an empty password: %w", err)
			}
			if p.cert == nil || !bytes.Equal(cert.Raw, p.cert.Raw) {
				return fmt.Errorf("its certificate is not the one in %s", s.path(spec.name, ".crt"))
			}
			return nil
		})
	}
	return p
}

// compare checks one pair against itself, its issuer, the options and the clock.
func (s *set) compare(spec spec, p *pair) {
	if p.cert == nil {
		s.needKey(spec)
		return
	}
	path := s.path(spec.name, ".crt")
	again := "remove it (the key beside it may stay) and run this again for a new one"
	if spec.p12 {
		again = "remove it and its .p12 (the key beside it may stay) and run this again for new ones"
	}
	if p.key == nil && spec.issuer != "" {
		s.problem(path, "put the key back, or remove the certificate and what was made from it for a new pair",
			"its key %s is absent", s.path(spec.name, ".key"))
		return
	}
	if p.key != nil && !ca.Matches(p.cert, p.key) {
		s.problem(path, "put the right key beside it, or remove the one that is wrong", "it does not fit the key %s",
			s.path(spec.name, ".key"))
		return
	}
	if spec.issuer == "" {
		if !p.cert.IsCA {
			s.problem(path, "put a CA's certificate there", "it is not the certificate of a CA")
		}
		again = "remove it and every certificate it issued (the keys may stay) and run this again"
	} else if issuer := s.pairs[spec.issuer]; !issuedBy(p.cert, issuer) {
		s.problem(path, again, "it was not issued by the CA %s", s.path(spec.issuer, ".crt"))
	}
	if !spec.stale && s.options.Now.After(p.cert.NotAfter) {
		s.problem(path, again, "it has expired on %s", p.cert.NotAfter.Format(time.DateOnly))
	}
	var want []string
	switch spec.name {
	case Server:
		want = s.options.ServerNames
	case Client:
		if s.options.ClientName != "" {
			want = []string{s.options.ClientName}
		}
	}
	if have := Names(p.cert); len(want) > 0 && !sameNames(want, have) {
		s.problem(path, again, "it is for %q, not for %q as asked", have, want)
	}
}

// sameNames compares two lists of host names and addresses without regard to order or spelling.
func sameNames(a, b []string) bool {
	normal := func(names []string) []string {
		var out []string
		for _, name := range names {
			if ip := net.ParseIP(name); ip != nil {
				name = ip.String()
			}
			out = append(out, strings.ToLower(name))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(normal(a), normal(b))
}

// needKey checks that the certificate of spec, which is absent, can be made.
func (s *set) needKey(spec spec) {
	if spec.issuer == "" {
		return
	}
	if issuer := s.pairs[spec.issuer]; issuer.cert != nil && issuer.key == nil {
		s.problem(s.path(spec.name, ".crt"), "put that key back for this run, or remove the CA and all it issued",
			"it is absent, and to make it takes the CA's key %s, which is absent too", s.path(spec.issuer, ".key"))
	}
}

// issuedBy tells whether issuer is who cert names as its issuer. It compares names and key identifiers, not
// the signature: crypto/x509 does not check those with SHA-1, and a bad signature is for the device to find.
// Where the issuer's certificate is absent it can be made anew from its key, and that decides.
func issuedBy(cert *x509.Certificate, issuer *pair) bool {
	switch {
	case issuer.cert != nil:
		return bytes.Equal(cert.RawIssuer, issuer.cert.RawSubject) &&
			bytes.Equal(cert.AuthorityKeyId, issuer.cert.SubjectKeyId)
	case issuer.key != nil:
		id, err := ca.KeyID(issuer.key.Public())
		return err == nil && bytes.Equal(cert.AuthorityKeyId, id)
	}
	return false
}

// Names returns the subject alternative names of a certificate, host names and then IP addresses.
func Names(cert *x509.Certificate) []string {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}
