package x509lite

import "colibri/x509lite/der"

// SignatureStream verifies a signature over a message that arrives in pieces. Begin returns false if the algorithm cannot be
// used that way, like Ed25519, which reads its message twice. Of the arguments only key may be kept.
type SignatureStream interface {
	Begin(alg SignatureAlgorithm, key *PublicKey) bool
	Write(message []byte)
	End(sig []byte) bool
}

// CRLStream looks one certificate up on a CRL that arrives in pieces and need not fit in memory. It takes 1 KB of the caller's
// memory, however long the list is.
//
// Beyond the rules of CRL.Parse, a header field, an entry or an extension may have at most 568 bytes, in which RSA signatures of
// 4096 bits fit; there may be at most 16 extensions; and the list must be shorter than 4 GB.
type CRLStream struct {
	crypto     SignatureStream
	cert       *Certificate
	issuer     *Certificate
	key        PublicKey
	list       CRL
	profile    Profile
	now, floor int64
	tbs, inner uint32     // octets left in tbsCertList, and in the list within it that is being read
	oids       [16]uint32 // hashes of the identifiers of the extensions so far
	count      uint8      // of them
	n          int        // octets in buffer
	mark       int        // where the current element begins in buffer
	algLen     uint8
	stage      stage
	revoked    bool
	failure    Error
	outer      uint32 // octets left of the outer SEQUENCE
	alg        [80]byte
	buffer     [568]byte
}

// stage is what CRLStream reads next.
type stage uint8

const (
	stageOuter stage = iota // header of CertificateList
	stageTBS                // header of tbsCertList
	stageVersion
	stageInnerAlgorithm
	stageIssuer
	stageThisUpdate
	stageNextUpdate
	stageRevoked // header of revokedCertificates, or of the extensions
	stageEntry
	stageExtensions // header of [0]
	stageList       // header of the SEQUENCE in it
	stageExtension
	stageAlgorithm
	stageSignature
	stageEnd
)

// header tells the stages that read the header of an element only, and go on inside of it.
func (s stage) header() bool {
	return s == stageOuter || s == stageTBS || s == stageRevoked || s == stageExtensions || s == stageList
}

// Begin prepares to look up cert, which issuer has issued; neither may change until End. profile, now and floor are as in
// Options. It fails, as End will too, if the key of issuer is not acceptable. For an anchor without a certificate, issuer is a
// Certificate that has only Subject and SPKI.
func (s *CRLStream) Begin(
	crypto SignatureStream, cert, issuer *Certificate, profile Profile, now, floor int64,
) error {
	*s = CRLStream{crypto: crypto, cert: cert, issuer: issuer, profile: profile, now: now, floor: floor}
	if crypto == nil || profile >= profiles || now < 0 || floor < 0 {
		s.failure = ErrOptions
	} else if e := s.key.parse(issuer.SPKI); e != 0 {
		s.failure = e
	} else {
		s.failure = profile.keyFault(&s.key)
	}
	return s.failure.result()
}

// Write takes the next piece of the DER, of any size. After an error there is no use in writing more: End will return that
// error.
func (s *CRLStream) Write(p []byte) error {
	for len(p) > 0 && s.failure == 0 {
		if s.stage == stageEnd {
			s.failure = ErrCRL
			break
		}
		// Octets go to the buffer one at a time until an element is complete; it is short, and lists are
		// long, so that nothing is gained by more at once.
		if s.n == len(s.buffer) {
			s.failure = ErrCRL
			break
		}
		s.buffer[s.n] = p[0]
		s.n++
		p = p[1:]
		s.failure = s.advance()
	}
	return s.failure.result()
}

// End returns the result once everything has been written: nil if the list is good and cert is not on it, ErrRevoked if cert is
// on it, ErrRevocationUnknown if the list does not cover cert, or the reason why the list is not good.
func (s *CRLStream) End() error {
	switch {
	case s.failure != 0:
		return s.failure
	case s.stage != stageEnd:
		return ErrCRL
	case s.revoked:
		return ErrRevoked
	}
	return nil
}

// advance looks whether the element that begins at mark is complete, and takes it in if it is.
func (s *CRLStream) advance() Error {
	element := s.buffer[s.mark:s.n]
	tag, head, length, more, ok := der.Header(element)
	switch {
	case !ok:
		return ErrCRL
	case more:
		return 0
	case s.stage.header():
		return s.enter(tag, uint32(head), length)
	case uint32(len(element)-head) < length:
		return 0
	}
	return s.take(tag, element)
}

// spend counts octets off the lists that they lie in, and hands those of tbsCertList to the cryptography.
// Before the algorithm is known, they are kept in the buffer.
func (s *CRLStream) spend(n uint32) bool {
	inTBS := s.stage > stageTBS && s.stage < stageAlgorithm
	inList := s.stage == stageEntry || s.stage == stageExtension
	if n > s.outer || inTBS && n > s.tbs || inList && n > s.inner {
		return false
	}
	s.outer -= n
	if inTBS {
		s.tbs -= n
	}
	if inList {
		s.inner -= n
	}
	if s.stage == stageTBS || s.stage == stageVersion {
		s.mark = s.n
		return true
	}
	if s.stage == stageInnerAlgorithm || inTBS {
		s.crypto.Write(s.buffer[:s.n])
	}
	s.n, s.mark = 0, 0
	return true
}

// enter goes into an element whose header is complete.
func (s *CRLStream) enter(tag der.Tag, head, length uint32) Error {
	next := s.stage + 1
	switch s.stage {
	case stageOuter:
		s.outer = head + length
		if tag != der.Sequence || s.outer < length {
			return ErrCRL
		}
	case stageTBS:
		s.tbs = length
		if tag != der.Sequence || length > s.outer-min(head, s.outer) {
			return ErrCRL
		}
	case stageRevoked:
		switch {
		case tag == der.Sequence && length > 0 && length <= s.tbs-min(head, s.tbs):
			s.inner = length
		case tag == der.ContextConstructed(0):
			s.stage, next = stageExtensions, stageList
		default:
			return ErrCRL
		}
	case stageExtensions:
		if tag != der.ContextConstructed(0) {
			return ErrCRL
		}
	case stageList:
		s.inner = length
		// The SEQUENCE fills [0], which fills the rest of tbsCertList.
		if tag != der.Sequence || length == 0 || length != s.tbs-min(head, s.tbs) {
			return ErrCRL
		}
	}
	if s.stage == stageExtensions && length != s.tbs-min(head, s.tbs) {
		return ErrCRL
	}
	if !s.spend(head) {
		return ErrCRL
	}
	s.stage = next
	return 0
}

// take reads an element that is complete.
func (s *CRLStream) take(tag der.Tag, element []byte) Error {
	l := &s.list
	c := der.Cursor(element)
	ok := true
	next := s.stage + 1
	switch s.stage {
	case stageVersion:
		var version uint32
		version, ok = c.Uint32()
		ok = ok && version == crlVersion2
	case stageInnerAlgorithm:
		var algorithm []byte
		algorithm, ok = c.Read(der.Sequence)
		if !ok || len(element) > len(s.alg) {
			return ErrCRL
		}
		s.algLen = uint8(copy(s.alg[:], element))
		l.SignatureAlgorithm = signatureAlgorithm(algorithm)
		if e := s.profile.hashFault(l.SignatureAlgorithm); e != 0 {
			return e
		}
		if !l.SignatureAlgorithm.fits(&s.key) {
			return ErrCRL
		}
		if !s.crypto.Begin(l.SignatureAlgorithm, &s.key) {
			return ErrUnsupportedAlgorithm
		}
	case stageIssuer:
		if tag != der.Sequence || isEmptyName(element) {
			return ErrCRL
		}
		if !sameName(element, s.cert.Issuer) || !sameName(element, s.issuer.Subject) {
			return ErrRevocationUnknown
		}
	case stageThisUpdate:
		l.ThisUpdate, ok = c.Time()
	case stageNextUpdate:
		if l.NextUpdate, ok = c.Time(); ok {
			if e := l.fault(s.issuer, s.profile, s.now, s.floor); e != 0 {
				return e
			}
		}
	case stageEntry:
		entry, is := c.Enter(der.Sequence)
		if !is {
			return ErrCRL
		}
		var found bool
		found, ok = readEntry(entry, s.cert.Serial)
		s.revoked = s.revoked || found
		if ok && uint32(len(element)) < s.inner {
			next = stageEntry
		}
	case stageExtension:
		if e := s.takeExtension(&c); e != 0 {
			return e
		}
		if uint32(len(element)) < s.inner {
			next = stageExtension
		} else if !l.numbered {
			return ErrCRL
		}
	case stageAlgorithm:
		ok = s.tbs == 0 && same(element, s.alg[:s.algLen])
	case stageSignature:
		var sig []byte
		if sig, ok = c.BitString(); ok && (!s.crypto.End(sig) || uint32(len(element)) != s.outer) {
			return ErrCRL
		}
	}
	if !ok || !s.spend(uint32(len(element))) {
		return ErrCRL
	}
	s.stage = next
	return 0
}

// takeExtension reads one extension and compares what it says while it is in the buffer.
func (s *CRLStream) takeExtension(c *der.Cursor) Error {
	l := &s.list
	var x extension
	if !x.read(c) {
		return ErrCRL
	}
	hash := nameHash(x.oid())
	for _, h := range s.oids[:s.count] {
		if h == hash {
			return ErrCRL
		}
	}
	if int(s.count) == len(s.oids) {
		return ErrCRL
	}
	s.oids[s.count] = hash
	s.count++
	if !l.parseExtension(&x) {
		return ErrCRL
	}
	if !keyIDsAgree(l.AuthorityKeyID, s.issuer.SubjectKeyID) ||
		l.distributionPoint != nil && !s.cert.namesDistributionPoint(l.distributionPoint) ||
		l.onlyUser && s.cert.IsCA || l.onlyCA && !s.cert.IsCA {
		return ErrRevocationUnknown
	}
	l.AuthorityKeyID, l.distributionPoint = nil, nil
	return 0
}
