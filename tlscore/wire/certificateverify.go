package wire

// CertificateVerify is a view of a CertificateVerify message (RFC 8446, section 4.4.3).
type CertificateVerify struct {
	Scheme    uint16
	Signature []byte
}

// Parse reads the body of the message (without the message's header).
func (v *CertificateVerify) Parse(body []byte) error {
	r := NewReader(body)
	v.Scheme = r.U16()
	v.Signature = r.Vec16()
	if !r.Empty() {
		return ErrDecode
	}
	return nil
}

// Append writes the whole message.
func (v *CertificateVerify) Append(b *Builder) {
	msg := b.BeginMessage(TypeCertificateVerify)
	b.U16(v.Scheme)
	sig := b.Begin(2)
	b.Bytes(v.Signature)
	b.End(sig)
	b.End(msg)
}
