package wire

// Messages of TLS 1.2 that TLS 1.3 does not have, or has in another form (RFC 5246, section 7.4, and RFC 8422, section 5).

// namedCurve is the one ECCurveType that is left (RFC 8422, section 5.4).
const namedCurve = 3

// ServerKeyExchange carries the server's share of the key exchange, signed (RFC 8422, section 5.4).
type ServerKeyExchange struct {
	Params    []byte // ServerECDHParams as it stands in the message: what is signed, behind both randoms
	Group     uint16
	Point     []byte // the server's public key
	Scheme    uint16
	Signature []byte
}

// Parse reads the body of the message (without its header). It fails with ErrValue on a curve that has no name.
func (k *ServerKeyExchange) Parse(body []byte) error {
	*k = ServerKeyExchange{}
	r := NewReader(body)
	kind := r.U8()
	k.Group = r.U16()
	k.Point = r.Vec8()
	if r.Failed() || len(k.Point) == 0 {
		return ErrDecode
	}
	if kind != namedCurve {
		return ErrValue
	}
	k.Params = body[:4+len(k.Point)]
	k.Scheme = r.U16()
	k.Signature = r.Vec16()
	if !r.Empty() {
		return ErrDecode
	}
	return nil
}

// Append writes the whole message from Params, Scheme and Signature.
func (k *ServerKeyExchange) Append(b *Builder) {
	msg := b.BeginMessage(TypeServerKeyExchange)
	b.Bytes(k.Params)
	b.U16(k.Scheme)
	sig := b.Begin(2)
	b.Bytes(k.Signature)
	b.End(sig)
	b.End(msg)
}

// AppendParams writes ServerECDHParams for a public key of size bytes, and returns the room for that; nil if there is none.
func AppendParams(b *Builder, group uint16, size int) []byte {
	b.U8(namedCurve)
	b.U16(group)
	b.U8(uint8(size))
	return b.Extend(size)
}

// ParseClientKeyExchange reads the client's public key from the body of a ClientKeyExchange (RFC 8422, section 5.7).
func ParseClientKeyExchange(body []byte) ([]byte, error) {
	r := NewReader(body)
	point := r.Vec8()
	if !r.Empty() || len(point) == 0 {
		return nil, ErrDecode
	}
	return point, nil
}

// AppendClientKeyExchange writes the whole message.
func AppendClientKeyExchange(b *Builder, point []byte) {
	msg := b.BeginMessage(TypeClientKeyExchange)
	p := b.Begin(1)
	b.Bytes(point)
	b.End(p)
	b.End(msg)
}

// ClientCertificateType (RFC 8422, section 5.5).
const (
	RSASign   = 1
	ECDSASign = 64
)

// CertificateRequest12 asks the client for a certificate (RFC 5246, section 7.4.4).
type CertificateRequest12 struct {
	Schemes U16s // supported_signature_algorithms

	// What Parse finds, as views; Append does not write it.
	Types       []byte // certificate_types
	Authorities []byte // certificate_authorities without their length, nil if there are none; read them with NextAuthority
}

// Parse reads the body of the message (without its header).
func (q *CertificateRequest12) Parse(body []byte) error {
	*q = CertificateRequest12{}
	r := NewReader(body)
	q.Types = r.Vec8()
	q.Schemes = r.Vec16()
	names := r.Vec16()
	if !r.Empty() || len(q.Types) == 0 || !q.Schemes.wellFormed() {
		return ErrDecode
	}
	if len(names) > 0 {
		q.Authorities = names
	}
	for len(names) > 0 {
		if _, names = NextAuthority(names); names == nil {
			return ErrDecode
		}
	}
	return nil
}

// Append writes the whole message. names are certificate_authorities, DER; there may be none.
func (q *CertificateRequest12) Append(b *Builder, names [][]byte) {
	msg := b.BeginMessage(TypeCertificateRequest)
	types := b.Begin(1)
	b.U8(ECDSASign)
	b.U8(RSASign)
	b.End(types)
	list := b.Begin(2)
	b.Bytes(q.Schemes)
	b.End(list)
	authorities := b.Begin(2)
	for _, name := range names {
		n := b.Begin(2)
		b.Bytes(name)
		b.End(n)
	}
	b.End(authorities)
	b.End(msg)
}

// Certificate12 is a view of a Certificate message (RFC 5246, section 7.4.2): certificates and nothing else.
type Certificate12 struct {
	Entries []byte // certificate_list without its length; read it with NextCertificate12
	Count   int
}

// Parse reads the body of a Certificate message (without the message's header).
func (c *Certificate12) Parse(body []byte) error {
	*c = Certificate12{}
	r := NewReader(body)
	c.Entries = r.Vec24()
	if !r.Empty() {
		return ErrDecode
	}
	for entries := c.Entries; len(entries) > 0; c.Count++ {
		if _, entries = NextCertificate12(entries); entries == nil {
			return ErrDecode
		}
	}
	return nil
}

// NextCertificate12 returns the DER of the first certificate of a list, and the rest; the rest is nil if the list is malformed, and
// empty, not nil, after the last certificate.
func NextCertificate12(list []byte) (der, rest []byte) {
	r := NewReader(list)
	der = r.Vec24()
	if r.Failed() || len(der) == 0 {
		return nil, nil
	}
	return der, r.rest
}

// CertificateSize12 returns the length of the Certificate message for chain (DER, leaf first), header included.
func CertificateSize12(chain [][]byte) int {
	n := HeaderSize + 3
	for _, der := range chain {
		n += 3 + len(der)
	}
	return n
}

// CopyCertificate12 is CopyCertificate for TLS 1.2.
func CopyCertificate12(dst []byte, chain [][]byte, offset int) int {
	c := pieces{dst: dst, skip: offset}
	body := CertificateSize12(chain) - HeaderSize
	list := body - 3
	c.put(byte(TypeCertificate), byte(body>>16), byte(body>>8), byte(body))
	c.put(byte(list>>16), byte(list>>8), byte(list))
	for _, der := range chain {
		c.put(byte(len(der)>>16), byte(len(der)>>8), byte(len(der)))
		c.copy(der)
	}
	return c.n
}

// ParseRawKey12 returns the SubjectPublicKeyInfo of the body of a Certificate message where raw public keys were agreed on (RFC 7250,
// section 3), which holds nothing else; it is empty if the peer shows none.
func ParseRawKey12(body []byte) ([]byte, error) {
	r := NewReader(body)
	spki := r.Vec24()
	if !r.Empty() {
		return nil, ErrDecode
	}
	return spki, nil
}

// RawKeySize12 returns the length of the Certificate message for a raw public key, header included.
func RawKeySize12(spki []byte) int { return HeaderSize + 3 + len(spki) }

// CopyRawKey12 copies into dst the bytes of that Certificate message from offset on, and returns how many they were.
func CopyRawKey12(dst, spki []byte, offset int) int {
	c := pieces{dst: dst, skip: offset}
	n := len(spki)
	body := n + 3
	c.put(byte(TypeCertificate), byte(body>>16), byte(body>>8), byte(body))
	c.put(byte(n>>16), byte(n>>8), byte(n))
	c.copy(spki)
	return c.n
}

// ParseCertificateStatus returns the OCSP response, DER, of the body of a CertificateStatus (RFC 6066, section 8). It fails with ErrValue
// if what it holds is something else.
func ParseCertificateStatus(body []byte) ([]byte, error) {
	r := NewReader(body)
	if kind := r.U8(); !r.Failed() && kind != statusOCSP {
		return nil, ErrValue
	}
	response := r.Vec24()
	if !r.Empty() || len(response) == 0 {
		return nil, ErrDecode
	}
	return response, nil
}

// CertificateStatusSize returns the length of the CertificateStatus message for an OCSP response, header included.
func CertificateStatusSize(response []byte) int { return HeaderSize + 1 + 3 + len(response) }

// CopyCertificateStatus copies into dst the bytes of the CertificateStatus message from offset on, and returns how many they were.
func CopyCertificateStatus(dst, response []byte, offset int) int {
	c := pieces{dst: dst, skip: offset}
	n := len(response)
	body := n + 1 + 3
	c.put(byte(TypeCertificateStatus), byte(body>>16), byte(body>>8), byte(body))
	c.put(statusOCSP, byte(n>>16), byte(n>>8), byte(n))
	c.copy(response)
	return c.n
}

// NewSessionTicket12 gives the client a ticket (RFC 5077, section 3.3). An empty one gives none.
type NewSessionTicket12 struct {
	Lifetime uint32 // a hint, in seconds; 0 if the server does not say
	Ticket   []byte
}

// Parse reads the body of the message (without its header).
func (t *NewSessionTicket12) Parse(body []byte) error {
	r := NewReader(body)
	t.Lifetime = uint32(r.U16())<<16 | uint32(r.U16())
	t.Ticket = r.Vec16()
	if !r.Empty() {
		return ErrDecode
	}
	return nil
}

// Append writes the whole message.
func (t *NewSessionTicket12) Append(b *Builder) {
	msg := b.BeginMessage(TypeNewSessionTicket)
	b.U16(uint16(t.Lifetime >> 16))
	b.U16(uint16(t.Lifetime))
	ticket := b.Begin(2)
	b.Bytes(t.Ticket)
	b.End(ticket)
	b.End(msg)
}

// AppendServerHelloDone writes the whole message, which is empty (RFC 5246, section 7.4.5).
func AppendServerHelloDone(b *Builder) { b.End(b.BeginMessage(TypeServerHelloDone)) }
