package wire

// CertificateRequest asks the client for a certificate in the main handshake (RFC 8446, section 4.3.2).
type CertificateRequest struct {
	Schemes U16s   // signature_algorithms; nil if Parse finds none
	GREASE  uint16 // a scheme and an extension that mean nothing (RFC 8701); 0: none
	More    []byte // other extensions to append, as they stand in the message; Parse leaves it alone

	// What Parse finds, as views; Append does not write it.
	Context    []byte // certificate_request_context
	Extensions Extensions

	CertificateSchemes U16s   // signature_algorithms_cert; nil if it is absent
	Authorities        []byte // certificate_authorities without its length, nil if it is absent; read it with NextAuthority
}

// Parse reads the body of the message (without its header). Extensions it does not know are to be ignored (RFC 8446, section
// 4.3.2).
func (q *CertificateRequest) Parse(body []byte) error {
	*q = CertificateRequest{}
	r := NewReader(body)
	q.Context = r.Vec8()
	exts, err := r.extensions()
	if err != nil {
		return err
	}
	q.Extensions = exts
	r = NewReader(exts)
	for r.More() {
		t := ExtensionType(r.U16())
		body := NewReader(r.Vec16())
		switch t {
		case ExtSignatureAlgorithms:
			if q.Schemes = body.Vec16(); !q.Schemes.wellFormed() {
				return ErrDecode
			}
		case ExtSignatureAlgsCert:
			if q.CertificateSchemes = body.Vec16(); !q.CertificateSchemes.wellFormed() {
				return ErrDecode
			}
		case ExtCertificateAuthority:
			if q.Authorities, err = authorities(&body); err != nil {
				return err
			}
		default:
			continue
		}
		if !body.Empty() {
			return ErrDecode
		}
	}
	return nil
}

// authorities reads the body of certificate_authorities (RFC 8446, section 4.2.4).
func authorities(r *Reader) ([]byte, error) {
	list := r.Vec16()
	if len(list) == 0 {
		return nil, ErrDecode
	}
	rest := list
	for len(rest) > 0 {
		if _, rest = NextAuthority(rest); rest == nil {
			return nil, ErrDecode
		}
	}
	return list, nil
}

// NextAuthority returns the first DistinguishedName of a list, DER, and the rest; the rest is nil if the list is malformed, and
// empty, not nil, after the last name.
func NextAuthority(list []byte) (name, rest []byte) {
	r := NewReader(list)
	name = r.Vec16()
	if r.Failed() || len(name) == 0 {
		return nil, nil
	}
	return name, r.rest
}

// Append writes the whole message. Its certificate_request_context is empty, as it is in the main handshake. names are those of
// certificate_authorities, DER; without any there is no such extension.
func (q *CertificateRequest) Append(b *Builder, names [][]byte) {
	msg := b.BeginMessage(TypeCertificateRequest)
	b.U8(0) // certificate_request_context
	exts := b.Begin(2)
	ext := b.BeginExtension(ExtSignatureAlgorithms)
	list := b.Begin(2)
	if q.GREASE != 0 {
		b.U16(q.GREASE)
	}
	b.Bytes(q.Schemes)
	b.End(list)
	b.End(ext)
	if q.GREASE != 0 {
		b.End(b.BeginExtension(ExtensionType(q.GREASE)))
	}
	if len(names) > 0 {
		ext = b.BeginExtension(ExtCertificateAuthority)
		list = b.Begin(2)
		for _, name := range names {
			dn := b.Begin(2)
			b.Bytes(name)
			b.End(dn)
		}
		b.End(list)
		b.End(ext)
	}
	b.Bytes(q.More)
	b.End(exts)
	b.End(msg)
}

// Certificate is a view of a Certificate message (RFC 8446, section 4.4.2).
type Certificate struct {
	Context []byte // certificate_request_context
	Entries []byte // certificate_list without its length; read it with NextCertificate
	Count   int    // the number of entries
}

// Parse reads the body of a Certificate message (without the message's header).
func (c *Certificate) Parse(body []byte) error {
	*c = Certificate{}
	r := NewReader(body)
	c.Context = r.Vec8()
	c.Entries = r.Vec24()
	if !r.Empty() {
		return ErrDecode
	}
	for entries := c.Entries; len(entries) > 0; c.Count++ {
		var exts []byte
		if _, exts, entries = NextCertificate(entries); entries == nil {
			return ErrDecode
		}
		if _, err := CheckExtensions(exts); err != nil {
			return err
		}
	}
	return nil
}

// NextCertificate returns the DER and the extensions of the first CertificateEntry of a list, and the rest; the rest is nil
// if the list is malformed, and empty, not nil, after the last entry.
func NextCertificate(list []byte) (der, extensions, rest []byte) {
	r := NewReader(list)
	der = r.Vec24()
	extensions = r.Vec16()
	if r.Failed() || len(der) == 0 {
		return nil, nil, nil
	}
	return der, extensions, r.rest
}

// Sizes of the parts of a Certificate message around the certificates themselves.
const (
	certificateHead   = HeaderSize + 1 + 3        // header, empty certificate_request_context, length of the list
	certificateEntry  = 3 + 2                     // length of the certificate, length of its extensions
	certificateOCSP   = 2 + 2 + certificateStatus // type and length of the extension
	certificateStatus = 1 + 3                     // CertificateStatus: type, length of the response
)

// OwnCertificate is a Certificate message to send.
type OwnCertificate struct {
	Chain [][]byte // DER, leaf first
	OCSP  []byte   // an OCSP response for the leaf, to go with it; empty: none
}

// Size returns the length of the message, header included.
func (o *OwnCertificate) Size() int {
	n := certificateHead
	for _, der := range o.Chain {
		n += certificateEntry + len(der)
	}
	if len(o.OCSP) > 0 && len(o.Chain) > 0 {
		n += certificateOCSP + len(o.OCSP)
	}
	return n
}

// Copy copies into dst the bytes of the message from offset on, and returns how many they were. A message that is longer than
// the send buffer is so written piece by piece, without ever being whole in memory.
func (o *OwnCertificate) Copy(dst []byte, offset int) int {
	c := pieces{dst: dst, skip: offset}
	size := o.Size()
	body, list := size-HeaderSize, size-certificateHead
	c.put(byte(TypeCertificate), byte(body>>16), byte(body>>8), byte(body))
	c.put(0, byte(list>>16), byte(list>>8), byte(list))
	for i, der := range o.Chain {
		c.put(byte(len(der)>>16), byte(len(der)>>8), byte(len(der)))
		c.copy(der)
		if i > 0 || len(o.OCSP) == 0 {
			c.put(0, 0)
			continue
		}
		n := len(o.OCSP)
		exts, ext := n+certificateOCSP, n+certificateStatus
		c.put(byte(exts>>8), byte(exts), byte(ExtStatusRequest>>8), byte(ExtStatusRequest), byte(ext>>8), byte(ext))
		c.put(statusOCSP, byte(n>>16), byte(n>>8), byte(n))
		c.copy(o.OCSP)
	}
	return c.n
}

// pieces takes a message part by part and keeps of it what falls into the window [skip, skip+len(dst)).
type pieces struct {
	dst  []byte
	n    int // bytes of dst filled
	skip int // bytes of the message still before the window
}

func (c *pieces) copy(part []byte) {
	if c.skip >= len(part) {
		c.skip -= len(part)
		return
	}
	c.n += copy(c.dst[c.n:], part[c.skip:])
	c.skip = 0
}

func (c *pieces) put(part ...byte) { c.copy(part) }
