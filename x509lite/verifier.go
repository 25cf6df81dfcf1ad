package x509lite

// Verifier verifies chains of certificates. It holds all memory that a verification needs, less than 1 KB on
// 32 bits, and may be used again and again, though not by two goroutines at once. The zero value is ready.
type Verifier struct {
	leaf   Certificate // the end entity's certificate
	cert   Certificate // the last certificate of the path
	issuer Certificate // a candidate for its issuer
	other  Certificate // any other certificate of the path

	anchor Anchor // the anchor under trial
	spare  Anchor
	key    PublicKey // handed to Crypto, and therefore not on the stack

	path  [maxPath]step
	depth uint8 // the number of certificates in the path

	steps, signatures, comparisons uint32 // what is left of the budgets

	best    Error // the most telling failure so far
	culprit int16 // the position in the chain of the certificate that best is about, -1 for an anchor
	notes   Notes
}

// step is one certificate of the path, and how far the search for its issuer has come.
type step struct {
	cert   uint8 // position in the chain
	next   uint8 // the position of the next candidate
	below  uint8 // intermediates up to here that are not self-issued
	tried  bool  // the anchors have been tried
	issued bool  // self-issued
	notes  Notes // what this certificate was admitted with
}

// Leaf is the end entity's certificate after a Verify that got as far as to parse it.
func (v *Verifier) Leaf() *Certificate { return &v.leaf }

// Notes tells what was remarkable about the last Verify, if it succeeded.
func (v *Verifier) Notes() Notes { return v.notes }

// Culprit is the position in the chain of the certificate that the error of the last Verify is about, or -1
// if it is about an anchor or about no certificate.
func (v *Verifier) Culprit() int { return int(v.culprit) }

// Path writes the positions in the chain of the certificates on the verified path to out, from the end entity
// to the one that an anchor issued, and returns their number. It is 0 unless the last Verify succeeded.
func (v *Verifier) Path(out []uint8) int {
	n := 0
	for n < int(v.depth) && n < len(out) {
		out[n] = v.path[n].cert
		n++
	}
	return n
}

// Verify looks for a path from chain[0], the end entity's certificate, through any of the others in any order
// to a trust anchor, such that every rule of RFC 5280 6 and of the options holds (RFC 4158 has the ideas of
// path building). chain holds DER; certificates that are of no use do not harm. nil means that such a path
// exists; otherwise the error is the Error that tells most about why none does.
//
// The search goes from the end entity upward, depth first, anchors before others, guided by names and key
// identifiers. Signatures are verified once a path has reached an anchor, from the anchor downward, so that
// no key is used before it is known to be good; constraints on names and revocation come last. Budgets bound
// every part of it.
func (v *Verifier) Verify(o *Options, chain [][]byte) error {
	e := v.verify(o, chain)
	if e != 0 {
		v.depth, v.notes = 0, 0
		return e
	}
	v.culprit = -1
	return nil
}

func (v *Verifier) verify(o *Options, chain [][]byte) Error {
	v.depth, v.notes, v.best, v.culprit = 0, 0, 0, -1
	if e := o.fault(); e != 0 {
		return e
	}
	if o.Name != nil && o.Name.matches == nil {
		return ErrName
	}
	switch {
	case len(chain) == 0:
		return ErrNoCertificate
	case len(chain) > MaxChain:
		return ErrChainTooLong
	}
	v.steps = orDefault(o.MaxSteps, DefaultSteps)
	v.signatures = orDefault(o.MaxSignatures, DefaultSignatures)
	v.comparisons = orDefault(o.MaxComparisons, DefaultComparisons)

	v.culprit = 0
	if e := v.leaf.parse(chain[0]); e != 0 {
		return e
	}
	v.path[0] = step{next: 1}
	if e := v.leafFault(o); e != 0 {
		return e
	}
	v.cert = v.leaf
	v.depth = 1
	v.note(ErrUnknownIssuer, 0)
	return v.search(o, chain)
}

// leafFault judges the end entity's certificate by itself and returns the most telling of its faults.
func (v *Verifier) leafFault(o *Options) Error {
	c := &v.leaf
	notes := &v.path[0].notes
	e := max(o.Profile.hashFault(c.SignatureAlgorithm), v.timeFault(o, c, notes), c.usageFault(o.Usage),
		c.endEntityFault(), v.keyFault(o, c.SPKI), c.check(o, endEntity, 0, notes))
	if o.Name != nil {
		ok, usedCN := o.Name.matches(o.Name, c, o.Legacy&LegacyCommonName != 0)
		if !ok {
			e = max(e, ErrNameMismatch)
		} else if usedCN {
			*notes |= NoteCommonName
		}
	}
	return e
}

// timeFault holds the validity period, whose ends are inclusive (RFC 5280 4.1.2.5), against the clock.
func (v *Verifier) timeFault(o *Options, c *Certificate, notes *Notes) Error {
	now := o.Now
	switch {
	case now < o.Floor:
		*notes |= NoteFloor
		now = o.Floor
	case now == 0:
		return ErrNoClock
	case now < c.NotBefore:
		return ErrNotYetValid
	}
	if now > c.NotAfter {
		return ErrExpired
	}
	return 0
}

// keyFault parses a SubjectPublicKeyInfo into v.key and judges it.
func (v *Verifier) keyFault(o *Options, spki []byte) Error {
	if e := v.key.parse(spki); e != 0 {
		return e
	}
	e := o.Profile.keyFault(&v.key)
	if e == 0 && o.Rules != nil {
		e = o.Rules.keyFault(&v.key)
	}
	return e
}

// note remembers e, found at a position of the chain, if it tells more than what was found before.
//
//go:noinline
func (v *Verifier) note(e Error, position int) {
	if e > v.best {
		v.best = e
		v.culprit = int16(position)
	}
}

// search tries all paths until one is good. v.cert is the last certificate of the path whenever a round
// begins. The larger ones of the functions that it leads to are not inlined: their frames would lie on the
// stack below the verification of a signature, which is the deepest point of a handshake.
func (v *Verifier) search(o *Options, chain [][]byte) Error {
	for v.depth > 0 {
		top := &v.path[v.depth-1]
		var e Error
		position := -1
		switch {
		case !top.tried:
			top.tried = true
			if e = v.tryAnchors(o, chain); e == 0 {
				return 0
			}
			position = int(v.culprit)
		case int(top.next) < len(chain):
			position = int(top.next)
			top.next++
			e = v.tryIssuer(o, chain, position)
			v.note(e, position)
		default:
			v.depth--
			if v.depth > 0 {
				v.cert.parse(chain[v.path[v.depth-1].cert])
			}
		}
		if e.fatal() {
			v.culprit = int16(position)
			return e
		}
	}
	return v.best
}

// tryIssuer considers chain[position] as the issuer of v.cert, and makes the path longer by it if nothing
// speaks against that.
//
//go:noinline
func (v *Verifier) tryIssuer(o *Options, chain [][]byte, position int) Error {
	for i := range v.path[:v.depth] {
		if int(v.path[i].cert) == position {
			return 0
		}
	}
	// Large certificates count more than once, so that the budget bounds the octets that are read as well.
	if cost := 1 + uint32(len(chain[position])/stepSize); v.steps >= cost {
		v.steps -= cost
	} else {
		v.steps = 0
		return ErrBudgetSteps
	}
	if subject, _ := subjectAndKey(chain[position]); subject != nil && !sameName(subject, v.cert.Issuer) {
		return 0
	}
	if e := v.issuer.parse(chain[position]); e != 0 {
		return e
	}
	// The anchor's own certificate adds nothing to the anchor, which has been tried.
	if o.Anchors.has(&v.spare, v.issuer.Subject, v.issuer.SPKI) {
		return 0
	}
	if v.loops(chain) {
		return ErrLoop
	}
	if e := o.Profile.hashFault(v.issuer.SignatureAlgorithm); e != 0 {
		return e
	}
	below := int(v.path[v.depth-1].below)
	s := step{cert: uint8(position), next: 1, issued: v.issuer.SelfIssued()}
	if s.issued && v.issuer.AuthorityKeyID != nil && same(v.issuer.AuthorityKeyID, v.issuer.SubjectKeyID) {
		return ErrUntrustedRoot
	}
	if e := v.issuerFault(o, intermediate, below, &s.notes); e != 0 {
		// Only a self-signed certificate may lack the authorityKeyIdentifier.
		if e == ErrMissingKeyIdentifier && s.issued {
			return ErrUntrustedRoot
		}
		return e
	}
	s.below = uint8(below)
	if !s.issued {
		s.below++
	}
	if int(s.below) > o.intermediates() || v.depth == maxPath {
		return ErrPathLength
	}
	v.path[v.depth] = s
	v.depth++
	v.cert = v.issuer
	return 0
}

// loops reports whether the name and key of v.issuer stand in the path already: then whatever leads on from
// here led on from there (RFC 4158 5.2).
func (v *Verifier) loops(chain [][]byte) bool {
	for i := range v.path[:v.depth] {
		subject, key := subjectAndKey(chain[v.path[i].cert])
		if same(key, v.issuer.SPKI) && sameName(subject, v.issuer.Subject) {
			return true
		}
	}
	return false
}

// issuerFault judges v.issuer, a certificate, as the issuer of v.cert, and returns the most telling of its
// faults.
func (v *Verifier) issuerFault(o *Options, r role, below int, notes *Notes) Error {
	c := &v.issuer
	e := max(c.caFault(r, below), v.timeFault(o, c, notes), c.usageFault(o.Usage), v.keyFault(o, c.SPKI),
		c.check(o, r, below, notes))
	// RFC 5280 4.2.1.1 has key identifiers help to find the issuer. One that is not the one asked for is
	// another key's, and its signature need not be tried; OpenSSL sees it likewise.
	if !keyIDsAgree(v.cert.AuthorityKeyID, c.SubjectKeyID) {
		e = max(e, ErrKeyIdentifier)
	}
	return e
}

// tryAnchors tries every anchor that bears the name of the issuer of v.cert. 0 means that the path is good;
// any other result has been noted. v.cert is as before.
func (v *Verifier) tryAnchors(o *Options, chain [][]byte) Error {
	top := int(v.path[v.depth-1].cert)
	for at := 0; ; {
		var ok bool
		if at, ok = o.Anchors.find(&v.anchor, v.cert.Issuer, at); !ok {
			return v.best
		}
		if v.steps == 0 {
			v.note(ErrBudgetSteps, top)
			return ErrBudgetSteps
		}
		v.steps--
		var notes Notes
		e := v.anchorFault(o, &notes)
		if e != 0 {
			v.note(e, -1)
			continue
		}
		if e = v.validate(o, chain); e == 0 {
			v.notes = notes
			for i := range v.path[:v.depth] {
				v.notes |= v.path[i].notes
			}
			return 0
		}
		v.cert.parse(chain[top])
		if e.fatal() {
			return e
		}
	}
}

// anchorFault judges v.anchor as the issuer of v.cert.
//
//go:noinline
func (v *Verifier) anchorFault(o *Options, notes *Notes) Error {
	below := int(v.path[v.depth-1].below)
	if v.anchor.Certificate == nil {
		if v.anchor.NameConstraints != nil {
			if small {
				return ErrCriticalExtension
			}
			if e := checkNameConstraints(v.anchor.NameConstraints); e != 0 {
				return e
			}
		}
		return v.keyFault(o, v.anchor.SPKI)
	}
	if e := v.issuer.parse(v.anchor.Certificate); e != 0 {
		return e
	}
	return v.issuerFault(o, anchor, below, notes)
}

// validate verifies the path below v.anchor: signatures from above to below (RFC 5280 6.1.3 (a) (1)), then
// the constraints that each CA puts on names below it ((b), (c)), then revocation ((a) (3)). It leaves v.cert
// as any certificate of the path, and notes what it returns.
func (v *Verifier) validate(o *Options, chain [][]byte) Error {
	spki := v.anchor.SPKI
	for i := int(v.depth) - 1; i >= 0; i-- {
		position := int(v.path[i].cert)
		v.cert.parse(chain[position])
		e := v.verifySignature(o, v.cert.SignatureAlgorithm, spki, v.cert.TBS, v.cert.Signature, ErrSignature)
		if e != 0 {
			v.note(e, position)
			return e
		}
		spki = v.cert.SPKI
	}
	if !small {
		if e := v.checkAllConstraints(o, chain); e != 0 {
			return e
		}
	}
	if o.Revocation != nil {
		return o.Revocation.check(v, o, chain)
	}
	return 0
}

// checkAllConstraints holds the path against the name constraints of the anchor and of each CA in it.
func (v *Verifier) checkAllConstraints(o *Options, chain [][]byte) Error {
	if e := v.checkConstraints(o, chain, v.anchor.NameConstraints, int(v.depth)); e != 0 {
		return e
	}
	for i := int(v.depth) - 1; i > 0; i-- {
		v.other.parse(chain[v.path[i].cert])
		if e := v.checkConstraints(o, chain, v.other.nameConstraints, i); e != 0 {
			return e
		}
	}
	return 0
}

// verifySignature asks o.Crypto about one signature; bad is the Error for one that is not good.
func (v *Verifier) verifySignature(o *Options, a SignatureAlgorithm, spki, message, sig []byte, bad Error) Error {
	if v.signatures == 0 {
		return ErrBudgetSignatures
	}
	v.signatures--
	if e := v.key.parse(spki); e != 0 {
		return e
	}
	if !a.fits(&v.key) || !o.Crypto.VerifySignature(a, &v.key, message, sig) {
		return bad
	}
	return 0
}

// checkConstraints holds the names of the lowest n certificates of the path against the name constraints of
// the CA above them. Self-issued certificates are exempt, unless they are the end entity's (RFC 5280 6.1.3
// (b)).
//
//go:noinline
func (v *Verifier) checkConstraints(o *Options, chain [][]byte, constraints []byte, n int) Error {
	if constraints == nil {
		return 0
	}
	for i := 0; i < n; i++ {
		if i > 0 && v.path[i].issued {
			continue
		}
		position := int(v.path[i].cert)
		v.cert.parse(chain[position])
		legacyCN := i == 0 && o.Legacy&LegacyCommonName != 0
		if e := checkNames(constraints, &v.cert, legacyCN, &v.comparisons); e != 0 {
			v.note(e, position)
			return e
		}
	}
	return 0
}
