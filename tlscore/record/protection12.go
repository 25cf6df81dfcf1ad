package record

// TLS 1.2 protects records with the same ciphers in another form (RFC 5246, section 6.2.3.3): the type of a record stands in
// its header, in the clear. Sequence number and the header as it would be without protection are authenticated beside it. For AES
// the nonce has a part that is sent (RFC 5288, section 3; RFC 6655, section 3); for ChaCha20-Poly1305 nothing is (RFC 7905, section 2).

// form is how records look, if not as in TLS 1.3. The functions are reached only through it, so that a program without TLS 1.2 links
// neither.
type form struct {
	seal func(p *Protection, rec []byte, t ContentType, n int) int
	open func(p *Protection, rec []byte) (ContentType, []byte, error)
}

var form12 = form{seal12, open12}

// explicitSize returns the length of the part of TLS 1.2's nonces that stands in records, in bytes.
func (c Cipher) explicitSize() int {
	if c == ChaCha20Poly1305 {
		return 0
	}
	return explicitNonce
}

// SaltSize returns the length of the part of TLS 1.2's nonces that both sides keep to themselves, in bytes: the length of an IV in the
// key block.
func (c Cipher) SaltSize() int { return 12 - c.explicitSize() }

// Init12 is Init for TLS 1.2. The length of salt is c.SaltSize().
func (p *Protection) Init12(c Cipher, key, salt []byte) {
	var iv [12]byte
	copy(iv[:], salt)
	p.form = &form12
	p.setKey(c, key, &iv)
}

// seal12 is Seal. The explicit nonce is the sequence number, so that no two are the same (RFC 5288, section 3); the salt with zeros
// behind it, XORed with the sequence number, is the whole nonce.
func seal12(p *Protection, rec []byte, t ContentType, n int) int {
	from, end := p.Head(), p.Room(n)
	p.mix()
	copy(rec[HeaderSize:from], p.ad[:sequenceSize])
	PutHeader(p.ad[sequenceSize:], t, n)
	p.encrypt(rec[from:end], p.ad[:])
	p.mix()
	PutHeader(rec, t, end-HeaderSize)
	p.count()
	return end
}

// open12 is Open. An explicit nonce may be any: it is the peer's to see that none repeats.
func open12(p *Protection, rec []byte) (ContentType, []byte, error) {
	t, from := ContentType(rec[0]), p.Head()
	n := len(rec) - p.Room(0)
	if n < 0 {
		return 0, nil, ErrBadMAC
	}
	if n > MaxPlaintext {
		return 0, nil, ErrOverflow
	}
	explicit := p.iv[p.cipher.SaltSize():]
	if copy(explicit, rec[HeaderSize:from]) == 0 {
		p.mix()
	}
	PutHeader(p.ad[sequenceSize:], t, n)
	copy(p.ad[sequenceSize+1:], rec[1:3]) // The version is authenticated as it stands there.
	ok := p.decrypt(rec[from:], p.ad[:])
	if clear(explicit); len(explicit) == 0 {
		p.mix()
	}
	if !ok {
		return 0, nil, ErrBadMAC
	}
	p.count()
	return t, rec[from : from+n], nil
}
