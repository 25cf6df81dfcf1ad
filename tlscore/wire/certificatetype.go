package wire

// CertificateType says what stands in the place of a certificate (RFC 7250, section 3). It is one more than its number in
// messages, so that the zero value stands for an extension that is absent.
type CertificateType uint8

const (
	X509         CertificateType = 1 + 0
	RawPublicKey CertificateType = 1 + 2
)

// CertificateTypes is a list of certificate types as it stands in a ClientHello, in order of preference.
type CertificateTypes []byte

// Contains reports whether t is in the list.
func (l CertificateTypes) Contains(t CertificateType) bool {
	for _, b := range l {
		if CertificateType(b)+1 == t {
			return true
		}
	}
	return false
}

// AppendCertificateTypes writes client_certificate_type or server_certificate_type (which ext says) into a ClientHello.
func AppendCertificateTypes(b *Builder, ext ExtensionType, types ...CertificateType) {
	m := b.BeginExtension(ext)
	list := b.Begin(1)
	for _, t := range types {
		b.U8(uint8(t) - 1)
	}
	b.End(list)
	b.End(m)
}

// appendCertificateType writes the server's choice, if there is one.
func appendCertificateType(b *Builder, ext ExtensionType, t CertificateType) {
	if t != 0 {
		m := b.BeginExtension(ext)
		b.U8(uint8(t) - 1)
		b.End(m)
	}
}

// certificateType reads the server's choice; ErrValue if it is none that we could have offered.
func certificateType(r *Reader) (CertificateType, error) {
	t := CertificateType(r.U8()) + 1
	if !r.Failed() && t != X509 && t != RawPublicKey {
		return 0, ErrValue
	}
	return t, nil
}
