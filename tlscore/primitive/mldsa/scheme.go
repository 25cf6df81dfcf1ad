package mldsa

// Scheme has the operations of this package as methods, with the empty context of certificates and of TLS. A value of it tells,
// for instance, tlscore.Config that there is an ML-DSA.
type Scheme struct{}

// Verify is the function Verify.
func (Scheme) Verify(pub, message, sig []byte) bool { return Verify(pub, message, nil, sig) }

// Sign is the function Sign.
func (Scheme) Sign(sig, private, message, entropy []byte) bool {
	return Sign(sig, private, message, nil, entropy)
}

// Matches is the function Matches.
func (Scheme) Matches(pub, private []byte) bool { return Matches(pub, private) }

// Consistent is the function Consistent.
func (Scheme) Consistent(seed, expanded []byte) bool { return Consistent(seed, expanded) }
