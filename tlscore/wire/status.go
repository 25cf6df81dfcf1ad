package wire

// OCSP responses that travel with a certificate: status_request (RFC 6066, section 8; RFC 8446, section 4.4.2.1).

const statusOCSP = 1 // CertificateStatusType: the only one there is

// MaxOCSP is the longest OCSP response that its extension can hold, in bytes.
const MaxOCSP = 1<<16 - 1 - certificateOCSP

// AppendStatusRequest asks for an OCSP response of any responder, in a ClientHello.
func AppendStatusRequest(b *Builder) {
	ext := b.BeginExtension(ExtStatusRequest)
	b.U8(statusOCSP)
	b.U16(0) // responder_id_list
	b.U16(0) // request_extensions
	b.End(ext)
}

// statusRequest reads the body of the extension in a ClientHello; it reports whether an OCSP response is asked for.
func statusRequest(r *Reader) bool {
	if r.U8() != statusOCSP {
		r.rest = nil // A type of the future, whose form nobody knows.
		return false
	}
	ids := NewReader(r.Vec16())
	for ids.More() {
		if len(ids.Vec16()) == 0 {
			ids.failed = true
		}
	}
	r.Vec16() // request_extensions
	r.failed = r.failed || ids.failed
	return true
}

// StapledResponse returns the OCSP response in the extensions of a CertificateEntry, nil if there is none. It fails with
// ErrUnsolicited on any other extension, as we ask for no other.
func StapledResponse(extensions []byte) (response []byte, err error) {
	r := NewReader(extensions)
	for r.More() {
		t := ExtensionType(r.U16())
		body := NewReader(r.Vec16())
		if t != ExtStatusRequest {
			return nil, ErrUnsolicited
		}
		if kind := body.U8(); kind != statusOCSP {
			return nil, ErrDecode
		}
		if response = body.Vec24(); len(response) == 0 || !body.Empty() {
			return nil, ErrDecode
		}
	}
	return response, nil
}
