package tlscore

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// How the two sides of TLS 1.2 prove who they are. The server signs its share of the key exchange, the client all messages so far.

// DigestSigner is a Signer that can sign what is hashed already. A client whose key is none shows no certificate in TLS 1.2;
// *signature.PrivateKey is one.
type DigestSigner interface {
	Signer
	// SignDigest is Sign for a message of which there is only the digest, under the hash of the scheme.
	SignDigest(s signature.Scheme, sig []byte, digest, entropy []byte) (n int, err error)
}

// What a client signs in its CertificateVerify is all messages so far (RFC 5246, section 7.4.8). The hashes of the cipher suites, SHA-256 and
// SHA-384, run over them; for other schemes, those with SHA-512 and Ed25519 (RFC 8422, section 5.10), the messages themselves must be
// there. They are kept where there is memory: PoolConfig.Messages.

// overTranscript reports whether the hash of s is one that runs over the transcript.
func overTranscript(s signature.Scheme) bool {
	a := s.Hash()
	return a == sha2.SHA256 || a == sha2.SHA384
}

// keep adds a message to those that are kept.
func (h *Handshake) keep(msg []byte) {
	n := len(h.messages)
	if h.tooMany || len(msg) > cap(h.messages)-n {
		h.tooMany = true
		return
	}
	h.messages = h.messages[:n+len(msg)]
	copy(h.messages[n:], msg)
}

// keeps reports whether all messages so far are kept, and will be when n bytes more have come.
func (h *Handshake) keeps(n int) bool { return !h.tooMany && n <= cap(h.messages)-len(h.messages) }

// usualFlight is what a server expects of a client until CertificateVerify, in bytes: a chain of three certificates on curves.
const usualFlight = 2048

// proves reports whether a client may sign its CertificateVerify under s.
func (h *Handshake) proves(s signature.Scheme) bool {
	return (overTranscript(s) || h.whole && !s.MLDSA()) && !s.Fits(x509lite.KeyRSAPSS)
}

// verifiable12 is verifiable for a CertificateVerify.
func (c *Conn) verifiable12() wire.U16s {
	list := c.hs.signed[:0]
	c.hs.whole = c.hs.keeps(usualFlight)
	for _, s := range c.cfg.signatureSchemes() {
		if c.hs.proves(s) && c.verifies(s) {
			list = append(list, byte(s>>8), byte(s))
		}
	}
	return list
}

// sendCertificate12 sends as much of our chain as there is room for; done says that it was all.
func (c *Conn) sendCertificate12() (done bool, err error) {
	h := c.hs
	w := c.out.window(record.Handshake)
	var n, size int
	if chain := h.identity.Chain; h.identity.Raw {
		n, size = wire.CopyRawKey12(w, chain[0], h.sent), wire.RawKeySize12(chain[0])
	} else {
		n, size = wire.CopyCertificate12(w, chain, h.sent), wire.CertificateSize12(chain)
	}
	if n == 0 {
		return false, errNoRoom
	}
	h.absorb(w[:n])
	c.out.append(n)
	h.sent += n
	return h.sent == size, nil
}

// judgePeer12 verifies what the peer shows in the body of a Certificate message, and keeps its key; shown is false if that is nothing.
func (c *Conn) judgePeer12(body []byte, usage x509lite.Usage) (shown bool, err error) {
	if c.hs.peerType == RawPublicKey {
		spki, err := wire.ParseRawKey12(body)
		if err != nil || len(spki) == 0 {
			return false, err
		}
		return true, c.verifyRawKey(spki)
	}
	var m wire.Certificate12
	if err := m.Parse(body); err != nil || m.Count == 0 {
		return false, err
	}
	return true, c.verifyChain12(&m, usage)
}

// verifyChain12 verifies the chain of a Certificate message and keeps the key of its leaf.
func (c *Conn) verifyChain12(m *wire.Certificate12, usage x509lite.Usage) error {
	if !c.cfg.accepts(X509) {
		return ErrNoCertificateType
	}
	if m.Count > MaxChain {
		return ErrChainTooLong
	}
	v := c.borrowVerifier()
	defer c.giveBack(v)
	chain := v.chain[:m.Count]
	for i, list := 0, m.Entries; i < m.Count; i++ {
		chain[i], list = wire.NextCertificate12(list)
	}
	return c.verifyChain(v, chain, nil, usage)
}

// signDigest is sign for what is hashed already.
func (c *Conn) signDigest(digest []byte) error {
	h := c.hs
	if h.waiting {
		return errWaiting
	}
	if !c.mayWork() {
		return errLater
	}
	if err := c.drawEntropy(); err != nil {
		return err
	}
	h.hashed = true
	n, err := h.identity.Key.(DigestSigner).SignDigest(h.scheme, h.public[:], digest, h.entropy[:])
	return c.keepSignature(digest, n, err)
}

// PendingDigest is PendingSignature for a client of TLS 1.2 whose DigestSigner returned ErrPending: there is only the digest of what has to
// be signed, under the hash of the scheme.
func (c *Conn) PendingDigest() (s signature.Scheme, digest []byte, ok bool) {
	if c.hs == nil || !c.hs.waiting || !c.hs.hashed {
		return 0, nil, false
	}
	return c.hs.scheme, c.hs.content, true
}

// drawEntropy gets the randomness of a signature.
func (c *Conn) drawEntropy() error {
	if err := random(c.cfg.Rand, c.hs.entropy[:]); err != nil {
		return err
	}
	return nil
}
