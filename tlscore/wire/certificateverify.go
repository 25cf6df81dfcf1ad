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

// Size returns the length of the message, header included.
func (v *CertificateVerify) Size() int { return certificateVerifyHead + len(v.Signature) }

// certificateVerifyHead is what stands before the signature: the header, the scheme and the length.
const certificateVerifyHead = HeaderSize + 2 + 2

// Copy copies into dst the bytes of the message from offset on, and returns how many they were, as OwnCertificate.Copy does.
func (v *CertificateVerify) Copy(dst []byte, offset int) int {
	c := pieces{dst: dst, skip: offset}
	body, n := v.Size()-HeaderSize, len(v.Signature)
	c.put(byte(TypeCertificateVerify), byte(body>>16), byte(body>>8), byte(body))
	c.put(byte(v.Scheme>>8), byte(v.Scheme), byte(n>>8), byte(n))
	c.copy(v.Signature)
	return c.n
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
