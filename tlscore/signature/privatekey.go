package signature

import (
	"colibri/tlscore/primitive/ed25519"
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/primitive/rsa"
	"colibri/tlscore/primitive/subtle"
	"colibri/x509lite"
	"colibri/x509lite/der"
)

// PrivateKey is a private key that signs, with the memory it needs to do so. The RSA numbers in it are views of the DER it was
// parsed from, which must stay unchanged. On hosts it may be used by several goroutines at once; the portable RSA works in
// memory of the key, and so makes one signature at a time.
type PrivateKey struct {
	algorithm x509lite.KeyAlgorithm
	p256      [p256.ScalarSize]byte
	p384      [p384.ScalarSize]byte
	seed      [ed25519.SeedSize]byte
	rsa       rsa.PrivateKey
	public    [p384.PointSize]byte // what belongs to the private part, for curves

	scratch rsa.Scratch
}

// OIDs, contents.
const (
	oidRSA     = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" // rsaEncryption, RFC 8017 appendix C
	oidEC      = "\x2a\x86\x48\xce\x3d\x02\x01"         // id-ecPublicKey, RFC 5480 section 2.1.1
	oidP256    = "\x2a\x86\x48\xce\x3d\x03\x01\x07"     // secp256r1
	oidP384    = "\x2b\x81\x04\x00\x22"                 // secp384r1
	oidEd25519 = "\x2b\x65\x70"                         // RFC 8410 section 3
)

// Algorithm returns the kind of the key; 0 before Parse.
func (k *PrivateKey) Algorithm() x509lite.KeyAlgorithm { return k.algorithm }

// Parse reads a private key in PKCS #8 (RFC 5958), PKCS #1 (RFC 8017, appendix A.1.2) or SEC 1 (RFC 5915) form. The forms
// are told apart by their first elements.
func (k *PrivateKey) Parse(b []byte) error {
	k.Wipe()
	c, ok := der.Only(b, der.Sequence)
	if !ok {
		return ErrKeyFormat
	}
	if c.Next(der.Sequence) {
		return encryptedOr(c)
	}
	version, ok := c.Uint32()
	if !ok {
		return ErrKeyFormat
	}
	var err error
	switch {
	case version <= 1 && c.Next(der.Sequence):
		err = k.parsePKCS8(c)
	case version == 0 && c.Next(der.Integer):
		err = k.parseRSA(c)
	case version == 1 && c.Next(der.OctetString):
		err = k.parseEC(c, "")
	default:
		err = ErrKeyFormat
	}
	if err != nil {
		k.Wipe()
	}
	return err
}

// encryptedOr tells an EncryptedPrivateKeyInfo (RFC 5958, section 3) from what is no key at all.
func encryptedOr(c der.Cursor) error {
	if _, ok := c.Read(der.Sequence); ok && c.Next(der.OctetString) {
		return ErrKeyEncrypted
	}
	return ErrKeyFormat
}

func (k *PrivateKey) parsePKCS8(c der.Cursor) error {
	algorithm, ok := c.Enter(der.Sequence)
	if !ok {
		return ErrKeyFormat
	}
	oid, ok := algorithm.ObjectID()
	if !ok {
		return ErrKeyFormat
	}
	key, ok := c.Read(der.OctetString)
	if !ok {
		return ErrKeyFormat
	}
	switch string(oid) {
	case oidRSA:
		c, ok := der.Only(key, der.Sequence)
		if version, fine := c.Uint32(); !ok || !fine || version != 0 {
			return ErrKeyFormat
		}
		return k.parseRSA(c)
	case oidEC:
		curve, ok := algorithm.ObjectID()
		if !ok {
			return ErrKeyFormat
		}
		c, ok := der.Only(key, der.Sequence)
		if version, fine := c.Uint32(); !ok || !fine || version != 1 {
			return ErrKeyFormat
		}
		return k.parseEC(c, string(curve))
	case oidEd25519:
		seed, ok := der.Only(key, der.OctetString)
		if !ok || len(seed) != len(k.seed) {
			return ErrKeyFormat
		}
		copy(k.seed[:], seed)
		ed25519.PublicKey((*[ed25519.SeedSize]byte)(k.public[:ed25519.SeedSize]), &k.seed)
		k.algorithm = x509lite.KeyEd25519
		return nil
	}
	return ErrKeyAlgorithm
}

// parseRSA reads what follows the version of an RSAPrivateKey.
func (k *PrivateKey) parseRSA(c der.Cursor) error {
	n, ok := c.Unsigned()
	e, fine := c.Uint32()
	if !ok || !fine {
		return ErrKeyFormat
	}
	var parts [6][]byte
	for i := range parts {
		if parts[i], ok = c.Unsigned(); !ok {
			return ErrKeyFormat
		}
	}
	if !c.Empty() {
		return ErrKeyFormat // Keys of more than two primes end here too.
	}
	if 8*len(n) < rsa.MinBits || 8*len(n) > rsa.MaxBits {
		return ErrKeyAlgorithm
	}
	k.rsa = rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: n, E: e},
		P:         parts[1], Q: parts[2], Dp: parts[3], Dq: parts[4], Qinv: parts[5],
	}
	k.algorithm = x509lite.KeyRSA
	return nil
}

// parseEC reads what follows the version of an ECPrivateKey. curve is what the algorithm identifier around it says, "" if
// there was none. A public key inside must belong to the private one.
func (k *PrivateKey) parseEC(c der.Cursor, curve string) error {
	const parameters, publicKey der.Tag = 0xa0, 0xa1
	d, ok := c.Read(der.OctetString)
	if !ok {
		return ErrKeyFormat
	}
	inner, present, ok := c.Optional(parameters)
	if !ok {
		return ErrKeyFormat
	}
	if present {
		oid, ok := der.Only(inner, der.ObjectID)
		if !ok || curve != "" && curve != string(oid) {
			return ErrKeyFormat
		}
		curve = string(oid)
	}
	public, present, ok := c.Optional(publicKey)
	if !ok || !c.Empty() {
		return ErrKeyFormat
	}
	switch {
	case curve == oidP256 && len(d) == len(k.p256):
		copy(k.p256[:], d)
		if !p256.PublicKey((*[p256.PointSize]byte)(k.public[:p256.PointSize]), &k.p256) {
			return ErrKeyInconsistent
		}
		k.algorithm = x509lite.KeyP256
	case curve == oidP384 && len(d) == len(k.p384):
		copy(k.p384[:], d)
		if !p384.PublicKey(&k.public, &k.p384) {
			return ErrKeyInconsistent
		}
		k.algorithm = x509lite.KeyP384
	default:
		return ErrKeyAlgorithm
	}
	if present {
		bits := der.Cursor(public)
		point, ok := bits.BitString()
		if !ok || !subtle.Equal(point, k.point()) {
			return ErrKeyInconsistent
		}
	}
	return nil
}

// point returns the public key of a key on a curve.
func (k *PrivateKey) point() []byte {
	switch k.algorithm {
	case x509lite.KeyP256:
		return k.public[:p256.PointSize]
	case x509lite.KeyP384:
		return k.public[:]
	case x509lite.KeyEd25519:
		return k.public[:ed25519.SeedSize]
	}
	return nil
}

// Matches reports whether pub is the public key of k: whether a certificate belongs to the key.
func (k *PrivateKey) Matches(pub *x509lite.PublicKey) bool {
	if k.algorithm == 0 || pub.Algorithm != k.algorithm {
		return false
	}
	if k.algorithm == x509lite.KeyRSA {
		return subtle.Equal(pub.N, k.rsa.N) && pub.E == k.rsa.E
	}
	return subtle.Equal(pub.Bytes, k.point())
}

// Wipe forgets the key. The DER it was parsed from is the caller's to wipe.
func (k *PrivateKey) Wipe() {
	subtle.Wipe(k.p256[:])
	subtle.Wipe(k.p384[:])
	subtle.Wipe(k.seed[:])
	*k = PrivateKey{}
}
