package tlscore

import (
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// Which of several certificates to show.

// Identity is a certificate chain, DER, leaf first, with the key of the leaf.
type Identity struct {
	Chain [][]byte // certificates in DER, the leaf first
	Key   Signer   // the private key of the leaf

	// Raw says that this is a raw public key (RFC 7250): Chain has one element, which is not a certificate but the key's
	// SubjectPublicKeyInfo in DER. It is shown only to peers that accept raw public keys.
	Raw bool

	// SignatureSchemes are those that Key may sign with, preferred ones first. Empty means all that the key supports, those
	// first that are fast on a small chip.
	SignatureSchemes []signature.Scheme

	// Authorities says whether this identity is shown to a peer that names the authorities it trusts, when none of them has
	// issued a certificate in Chain.
	Authorities AuthorityRule

	// OCSP is an OCSP response for the leaf in DER, or nil. It is sent to clients that ask for one. The caller keeps it up to
	// date, and must not change the bytes while a connection may be sending them.
	OCSP []byte
}

// AuthorityRule says whether an identity is shown to a peer that names other authorities than those that issued it. RFC 8446
// (sections 4.2.4 and 4.4.2) and RFC 5246 (section 7.4.6) say that it should not be.
type AuthorityRule uint8

const (
	// AuthoritiesByRole: a client does not show it; a server shows it if it has nothing better.
	AuthoritiesByRole AuthorityRule = iota
	// AuthoritiesBind: it is not shown.
	AuthoritiesBind
	// AuthoritiesAdvise: it is shown if there is nothing better.
	AuthoritiesAdvise
)

// Signer is a private key that can make TLS signatures; *signature.PrivateKey is one.
type Signer interface {
	// Supports reports whether the key can sign under the scheme.
	Supports(s signature.Scheme) bool
	// Sign hashes and signs message, writes the signature to sig and returns its length. entropy is EntropySize bytes of fresh
	// randomness. If Sign returns ErrPending, the signature has to be given to Conn.Signed later; message stays valid until
	// then.
	Sign(s signature.Scheme, sig []byte, message, entropy []byte) (n int, err error)
}

// noIdentity is what a client without a fitting certificate shows: an empty chain.
var noIdentity Identity

// wish is what the peer says about the certificate it wants to see; views of its message.
type wish struct {
	schemes     wire.U16s // that our key may sign with
	certSchemes wire.U16s // that our certificates may be signed with
	authorities []byte    // who should have issued them; nil: anybody
	name        []byte    // of the server that a client wants; nil: any
	raw, noX509 bool      // accepts raw public keys; accepts nothing else

	ours []signature.Scheme // that we may sign with; nil: those of TLS 1.3
}

// How well an identity suits the peer: the more important sign is the higher bit.
const (
	suitsType    = 1 << iota // it is of the type that we would rather show
	suitsSchemes             // all certificates are signed under schemes that the peer knows
	suitsAuthorities
	suitsName
)

// chooseIdentity takes the identity that suits the peer best, the first of several; its key must have a scheme that the peer
// accepts. A server shows its best even if that bears another name, unless Config.RefuseUnknownNames forbids it.
func (c *Conn) chooseIdentity(w *wish) error {
	if w.certSchemes == nil {
		w.certSchemes = w.schemes // RFC 8446, section 4.2.3.
	}
	if w.ours == nil {
		w.ours = c.signable()
	}
	strict := !c.client && c.cfg.RefuseUnknownNames && w.name != nil
	anyone := len(c.cfg.Identities) == 1 && !strict && w.authorities == nil
	known, typed, best := false, false, -1
	for i := range c.cfg.Identities {
		id := &c.cfg.Identities[i]
		if id.Raw && !w.raw || !id.Raw && w.noX509 || !listed(c.cfg.CertificateTypes, id.kind()) {
			continue
		}
		typed = true
		s := id.scheme(w)
		if anyone && s != 0 {
			c.hs.identity, c.hs.scheme = id, s
			return nil
		}
		suits := id.suits(w)
		if len(c.cfg.CertificateTypes) > 0 && c.cfg.CertificateTypes[0] == id.kind() {
			suits |= suitsType
		}
		known = known || suits&suitsName != 0
		binds := id.Authorities == AuthoritiesBind || id.Authorities == AuthoritiesByRole && c.client
		if s == 0 || strict && suits&suitsName == 0 || binds && suits&suitsAuthorities == 0 {
			continue
		}
		if suits > best {
			best = suits
			c.hs.identity, c.hs.scheme = id, s
		}
	}
	switch {
	case !typed && w.noX509:
		return ErrNoCertificateType
	case strict && !known:
		return ErrUnknownName
	case best < 0:
		return ErrNoScheme
	}
	return nil
}

// scheme returns the first scheme of the identity that fits the handshake, and that the peer accepts; 0 if there is none.
func (id *Identity) scheme(w *wish) signature.Scheme {
	preferred := id.SignatureSchemes
	if len(preferred) == 0 {
		preferred = w.ours
	}
	for _, s := range preferred {
		if includes(w.ours, s) && id.Key.Supports(s) && w.schemes.Contains(uint16(s)) {
			return s
		}
	}
	return 0
}

func includes(list []signature.Scheme, s signature.Scheme) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// suits tells how well the chain suits the peer. A certificate of ours that cannot be read suits nobody.
func (id *Identity) suits(w *wish) int {
	if id.Raw {
		return suitsName | suitsAuthorities | suitsSchemes // It has neither name nor issuer.
	}
	suits := suitsSchemes
	if w.name == nil {
		suits |= suitsName
	}
	if w.authorities == nil {
		suits |= suitsAuthorities
	}
	var cert x509lite.Certificate
	for i, der := range id.Chain {
		if cert.Parse(der) != nil {
			return 0
		}
		if i == 0 && w.name != nil && cert.CoversHost(w.name) {
			suits |= suitsName
		}
		if hasAuthority(w.authorities, cert.Issuer) {
			suits |= suitsAuthorities
		}
		if !cert.SelfIssued() && !covered(w.certSchemes, cert.SignatureAlgorithm) {
			suits &^= suitsSchemes
		}
	}
	return suits
}

func hasAuthority(list, issuer []byte) bool {
	for len(list) > 0 {
		var name []byte
		if name, list = wire.NextAuthority(list); wire.Equal(name, issuer) {
			return true
		}
	}
	return false
}

func covered(schemes wire.U16s, a x509lite.SignatureAlgorithm) bool {
	for i := range schemes.Len() {
		if signature.Scheme(schemes.At(i)).Covers(a) {
			return true
		}
	}
	return false
}

const (
	// maxAuthorities and maxAuthorityBytes bound the names in our CertificateRequest, so that it fits the smallest buffer.
	maxAuthorities     = 16
	maxAuthorityBytes  = 400
	authorityNameExtra = 2 // the length before each
)

// authorities puts the names of all trust anchors into names and returns how many they are; none if Config.SendAuthorities does not
// ask for them or they are too many: a list that leaves one out would turn its clients away.
func (c *Conn) authorities(names *[maxAuthorities][]byte) int {
	if !c.cfg.SendAuthorities || c.cfg.Anchors.Len() > maxAuthorities {
		return 0
	}
	n, size := c.cfg.Anchors.Len(), 0
	for i := range n {
		names[i] = c.cfg.Anchors.Subject(i)
		if size += len(names[i]) + authorityNameExtra; len(names[i]) == 0 || size > maxAuthorityBytes {
			return 0
		}
	}
	return n
}
