package tlscore

import (
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// Slow work as a state: doc.go says what it is for. A handler that needs a public-key operation asks mayWork before each. If that says no,
// the handler returns errLater, having changed nothing that it would not find again, and is called again by the next call. An operation
// is not divided.

// Neither of these leaves the package. errLater ends a handler whose turn is used up, errWaiting one that waits for a signature.
const (
	errLater   Error = numErrors + 1
	errWaiting Error = numErrors + 2
)

// Working reports whether there is an operation left for Work to do. Look at it after each call that may have moved the
// handshake on, and before waiting for the transport. Without Config.Stepwise it is always false.
func (c *Conn) Working() bool { return c.later && c.err == nil }

// Work does the next public-key operation of a connection that is Working, and what follows it until the next one. Any other
// call may do the same.
func (c *Conn) Work() {
	if c.Working() {
		c.run()
	}
}

// mayWork reports whether this call may do one more operation.
func (c *Conn) mayWork() bool {
	if !c.cfg.Stepwise {
		return true
	}
	first := !c.worked
	c.worked = true
	return first
}

// PendingSignature returns what the key of our identity has to sign, when its Signer has returned ErrPending and the connection
// waits for the signature: the scheme, and the message, which is not hashed. message is valid until Signed or SignFailed.
func (c *Conn) PendingSignature() (s signature.Scheme, message []byte, ok bool) {
	if c.hs == nil || !c.hs.waiting || c.hs.hashed {
		return 0, nil, false
	}
	return c.hs.scheme, c.hs.content, true
}

// Signed gives the connection the signature that PendingSignature asked for, and continues. It is not verified here: the peer
// does that.
func (c *Conn) Signed(sig []byte) {
	if c.hs == nil || !c.hs.waiting {
		c.fail(ErrMisuse)
		return
	}
	if len(sig) == 0 || len(sig) > len(c.hs.signatureRoom()) {
		c.SignFailed()
		return
	}
	c.hs.waiting, c.hs.content = false, nil
	c.hs.signatureLen = copy(c.hs.signatureRoom(), sig)
	c.run()
}

// SignFailed ends a connection that waits for a signature, with ErrSigning.
func (c *Conn) SignFailed() {
	if c.hs == nil || !c.hs.waiting {
		c.fail(ErrMisuse)
		return
	}
	c.fail(ErrSigning)
}

// sign signs content, which stands in memory of the handshake, with the key of our identity; the signature is in h.signatureRoom
// then, and has signatureLen bytes. It returns errLater or errWaiting if that takes another call.
func (c *Conn) sign(content []byte) error {
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
	n, err := h.identity.Key.Sign(h.scheme, h.signatureRoom(), content, h.entropy[:])
	return c.keepSignature(content, n, err)
}

// keepSignature takes the result of a Signer: the signature of content in h.signatureRoom, or that it will come later.
func (c *Conn) keepSignature(content []byte, n int, err error) error {
	h := c.hs
	if is(err, ErrPending) {
		h.waiting, h.content = true, content
		return errWaiting
	}
	if err != nil || n <= 0 || n > len(h.signatureRoom()) {
		return ErrSigning
	}
	h.signatureLen = n
	return nil
}

// stepVerifier verifies the signatures of a chain, one in each call. It remembers, in the handshake, only how those turned out
// that it has verified: the path is built anew each time, which takes next to nothing and asks for the same signatures in the same
// order, as it depends on the message, the configuration and a time that stays the same.
type stepVerifier struct {
	conn   *Conn
	inner  *signature.Verifier
	asked  uint8 // how many signatures were asked for in this call
	halted bool  // one was left out, so that the result is worth nothing
}

// maxSteps is how many results a handshake remembers.
const maxSteps = 32

// maxSteps is not below the number of signatures that one verification may ask for.
var _ [maxSteps - x509lite.DefaultSignatures]struct{}

// VerifySignature implements x509lite.SignatureVerifier.
func (s *stepVerifier) VerifySignature(alg x509lite.SignatureAlgorithm, key *x509lite.PublicKey, message, sig []byte) bool {
	h := s.conn.hs
	i := s.asked
	switch {
	case s.halted:
		return false
	case i < h.verified:
		s.asked++
		return h.verdicts>>i&1 != 0
	case i == maxSteps || !s.conn.mayWork():
		s.halted = true
		return false
	}
	ok := s.inner.VerifySignature(alg, key, message, sig)
	if ok {
		h.verdicts |= 1 << i
	}
	h.verified++
	s.asked++
	return ok
}
