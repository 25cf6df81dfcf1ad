package signature

import (
	"colibri/tlscore/primitive/ed25519"
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/primitive/rsa"
	"colibri/tlscore/primitive/subtle"
	"colibri/x509lite"
	"colibri/x509lite/der"
)

// OIDs, contents.
const (
	oidRSA     = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" // rsaEncryption, RFC 8017 appendix C
	oidEC      = "\x2a\x86\x48\xce\x3d\x02\x01"         // id-ecPublicKey, RFC 5480 section 2.1.1
	oidP256    = "\x2a\x86\x48\xce\x3d\x03\x01\x07"     // secp256r1
	oidP384    = "\x2b\x81\x04\x00\x22"                 // secp384r1
	oidEd25519 = "\x2b\x65\x70"                         // RFC 8410 section 3
)

// Parse reads a private key in PKCS #8 (RFC 5958, both versions), PKCS #1 (RFC 8017, appendix A.1.2) or SEC 1 (RFC 5915)
// form, which it tells apart by their first elements, and sees to it that the parts of the key belong together. The errors
// are those of this package; k is empty after one.
func (k *PrivateKey) Parse(b []byte) error {
	k.Wipe()
	if err := k.parse(b); err != 0 {
		k.Wipe()
		return err
	}
	return nil
}

func (k *PrivateKey) parse(b []byte) Error {
	c, ok := der.Only(b, der.Sequence)
	if !ok {
		return ErrKeyFormat
	}
	if c.Next(der.Sequence) {
		return encryptedOr(c)
	}
	version, ok := c.Uint32()
	switch {
	case !ok:
		return ErrKeyFormat
	case version <= 1 && c.Next(der.Sequence):
		return k.parsePKCS8(c, version)
	case version <= 1 && c.Next(der.Integer):
		return k.parsePKCS1(c, version)
	case version == 1 && c.Next(der.OctetString):
		return k.parseSEC1(c, nil)
	}
	return ErrKeyFormat
}

// encryptedOr tells an EncryptedPrivateKeyInfo (RFC 5958, section 3) from what is no key at all.
func encryptedOr(c der.Cursor) Error {
	if _, ok := c.Read(der.Sequence); !ok {
		return ErrKeyFormat
	}
	if _, ok := c.Read(der.OctetString); !ok || !c.Empty() {
		return ErrKeyFormat
	}
	return ErrKeyEncrypted
}

// parsePKCS8 reads what follows the version of a OneAsymmetricKey (RFC 5958, section 2). Attributes, which the first version may
// have too, do not matter; the public key, which only the second may have, must belong to the private one.
func (k *PrivateKey) parsePKCS8(c der.Cursor, version uint32) Error {
	const publicKey = der.Tag(0x81) // [1] IMPLICIT BIT STRING
	algorithm, ok := c.Enter(der.Sequence)
	if !ok {
		return ErrKeyFormat
	}
	key, ok := c.Read(der.OctetString)
	if !ok {
		return ErrKeyFormat
	}
	if _, _, ok := c.Optional(der.ContextConstructed(0)); !ok {
		return ErrKeyFormat
	}
	public, present, ok := c.Optional(publicKey)
	if !ok || present && version == 0 || !c.Empty() {
		return ErrKeyFormat
	}
	if err := k.parseInner(algorithm, key); err != 0 {
		return err
	}
	if present && !k.hasPublic(public) {
		return ErrKeyInconsistent
	}
	return 0
}

// parseInner reads the private key that a PKCS #8 file wraps, in the form that its algorithm says.
func (k *PrivateKey) parseInner(algorithm der.Cursor, key []byte) Error {
	var only x509lite.SignatureAlgorithm
	pss := false
	if !profile.Small {
		only, pss = x509lite.RSAPSSKey(algorithm)
	}
	oid, ok := algorithm.Read(der.ObjectID)
	if !ok {
		return ErrKeyFormat
	}
	switch {
	case !profile.Small && is(oid, oidRSA) || pss:
		if null, ok := algorithm.Read(der.Null); !pss && (!ok || len(null) != 0 || !algorithm.Empty()) {
			return ErrKeyFormat
		}
		c, ok := der.Only(key, der.Sequence)
		if !ok {
			return ErrKeyFormat
		}
		version, ok := c.Uint32()
		if !ok {
			return ErrKeyFormat
		}
		err := k.parsePKCS1(c, version)
		if err == 0 && pss {
			k.algorithm, k.only = x509lite.KeyRSAPSS, only
		}
		return err
	case is(oid, oidEC):
		if algorithm.Next(der.Sequence) {
			return ErrKeyAlgorithm // the curve's numbers instead of its name
		}
		curve, ok := algorithm.Read(der.ObjectID)
		if !ok || !algorithm.Empty() {
			return ErrKeyFormat
		}
		c, ok := der.Only(key, der.Sequence)
		if !ok {
			return ErrKeyFormat
		}
		if version, ok := c.Uint32(); !ok || version != 1 {
			return ErrKeyFormat
		}
		return k.parseSEC1(c, curve)
	case !profile.Small && is(oid, oidEd25519):
		// CurvePrivateKey (RFC 8410, section 7); the algorithm has no parameters.
		seed, ok := der.Only(key, der.OctetString)
		if !ok || len(seed) != ed25519.SeedSize || !algorithm.Empty() {
			return ErrKeyFormat
		}
		k.ed25519.Init((*[ed25519.SeedSize]byte)(seed))
		k.algorithm = x509lite.KeyEd25519
		return 0
	}
	for i := range mldsaSets {
		if !profile.Small && is(oid, mldsaSets[i].oid) {
			if !algorithm.Empty() {
				return ErrKeyFormat
			}
			return k.parseMLDSA(&mldsaSets[i], key)
		}
	}
	return ErrKeyAlgorithm
}

// parsePKCS1 reads what follows the version of an RSAPrivateKey.
func (k *PrivateKey) parsePKCS1(c der.Cursor, version uint32) Error {
	if version == 1 || profile.Small {
		return ErrKeyAlgorithm // more than two primes, or none wanted
	}
	n, ok := c.Unsigned()
	if !ok {
		return ErrKeyFormat
	}
	e, small := c.Uint32()
	if !small {
		if _, ok = c.Unsigned(); !ok {
			return ErrKeyFormat
		}
	}
	var parts [6][]byte // d, p, q, dp, dq, qinv
	for i := range parts {
		if parts[i], ok = c.Unsigned(); !ok {
			return ErrKeyFormat
		}
	}
	if version != 0 || !c.Empty() {
		return ErrKeyFormat
	}
	k.rsa = rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: n, E: e},
		P:         parts[1], Q: parts[2], Dp: parts[3], Dq: parts[4], Qinv: parts[5],
	}
	half := len(n) / 2
	if !small || len(n)%32 != 0 || 8*len(n) < rsa.MinBits || 8*len(n) > rsa.MaxBits ||
		len(k.rsa.P) != half || len(k.rsa.Q) != half {
		return ErrKeyAlgorithm
	}
	if k.RSA == nil {
		k.RSA = new(Scratch)
	}
	if k.rsa.Check(k.RSA) != nil {
		return ErrKeyInconsistent
	}
	k.algorithm = x509lite.KeyRSA
	return 0
}

// parseSEC1 reads what follows the version of an ECPrivateKey. curve is what the algorithm identifier around it says, nil if
// there was none; then the key must name its curve itself. A public key inside must belong to the private one.
func (k *PrivateKey) parseSEC1(c der.Cursor, curve []byte) Error {
	d, ok := c.Read(der.OctetString)
	if !ok {
		return ErrKeyFormat
	}
	parameters, present, ok := c.Optional(der.ContextConstructed(0))
	if !ok {
		return ErrKeyFormat
	}
	if present {
		inside := der.Cursor(parameters)
		oid, ok := inside.Read(der.ObjectID)
		if !ok {
			return ErrKeyAlgorithm // the curve's numbers instead of its name
		}
		if !inside.Empty() || curve != nil && !subtle.Equal(curve, oid) {
			return ErrKeyFormat
		}
		curve = oid
	}
	public, present, ok := c.Optional(der.ContextConstructed(1))
	if !ok || !c.Empty() {
		return ErrKeyFormat
	}
	switch {
	case is(curve, oidP256):
		if len(d) != len(k.p256) {
			return ErrKeyFormat
		}
		copy(k.p256[:], d)
		if !p256.PublicKey((*[p256.PointSize]byte)(k.public[:p256.PointSize]), &k.p256) {
			return ErrKeyInconsistent
		}
		k.algorithm = x509lite.KeyP256
	case !profile.Small && is(curve, oidP384):
		if len(d) != len(k.p384) {
			return ErrKeyFormat
		}
		copy(k.p384[:], d)
		if !p384.PublicKey(&k.public, &k.p384) {
			return ErrKeyInconsistent
		}
		k.algorithm = x509lite.KeyP384
	default:
		return ErrKeyAlgorithm
	}
	if present {
		inside := der.Cursor(public)
		bits, ok := inside.Read(der.BitString)
		if !ok || !inside.Empty() {
			return ErrKeyFormat
		}
		if !k.hasPublic(bits) {
			return ErrKeyInconsistent
		}
	}
	return 0
}

// hasPublic reports whether the contents of a BIT STRING are the public key of k.
func (k *PrivateKey) hasPublic(bits []byte) bool {
	if len(bits) == 0 || bits[0] != 0 {
		return false
	}
	if !profile.Small && k.algorithm.MLDSA() {
		return k.MLDSA.Matches(bits[1:], k.mldsa)
	}
	if profile.Small || !k.algorithm.RSA() {
		return subtle.Equal(bits[1:], k.point()) || k.isCompressed(bits[1:])
	}
	c, ok := der.Only(bits[1:], der.Sequence) // RSAPublicKey, RFC 8017, appendix A.1.1
	if !ok {
		return false
	}
	n, ok := c.Unsigned()
	if !ok {
		return false
	}
	e, ok := c.Uint32()
	return ok && c.Empty() && subtle.Equal(n, k.rsa.N) && e == k.rsa.E
}

// isCompressed reports whether b is the compressed form of the point of k (SEC 1, section 2.3.3).
func (k *PrivateKey) isCompressed(b []byte) bool {
	point := k.point()
	size := len(point) / 2
	return k.algorithm != x509lite.KeyEd25519 && len(b) == 1+size && b[0] == 2|point[2*size]&1 && subtle.Equal(b[1:], point[1:1+size])
}

// is reports whether b is the string s. A conversion would allocate in small compilers.
func is(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if b[i] != s[i] {
			return false
		}
	}
	return true
}
