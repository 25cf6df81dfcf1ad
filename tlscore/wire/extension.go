package wire

// ExtensionType is the type of an extension (RFC 8446, section 4.2, and the documents it names).
type ExtensionType uint16

const (
	ExtServerName            ExtensionType = 0  // RFC 6066, section 3
	ExtMaxFragmentLength     ExtensionType = 1  // RFC 6066, section 4
	ExtStatusRequest         ExtensionType = 5  // RFC 6066, section 8
	ExtSupportedGroups       ExtensionType = 10 // RFC 8446, section 4.2.7
	ExtECPointFormats        ExtensionType = 11 // RFC 8422, section 5.1.2
	ExtSignatureAlgorithms   ExtensionType = 13 // RFC 8446, section 4.2.3
	ExtALPN                  ExtensionType = 16 // RFC 7301
	ExtClientCertificateType ExtensionType = 19 // RFC 7250, section 3
	ExtServerCertificateType ExtensionType = 20 // RFC 7250, section 3
	ExtExtendedMasterSecret  ExtensionType = 23 // RFC 7627
	ExtCompressCertificate   ExtensionType = 27 // RFC 8879
	ExtRecordSizeLimit       ExtensionType = 28 // RFC 8449
	ExtSessionTicket         ExtensionType = 35 // RFC 5077
	ExtPreSharedKey          ExtensionType = 41 // RFC 8446, section 4.2.11
	ExtEarlyData             ExtensionType = 42 // RFC 8446, section 4.2.10
	ExtSupportedVersions     ExtensionType = 43 // RFC 8446, section 4.2.1
	ExtCookie                ExtensionType = 44 // RFC 8446, section 4.2.2
	ExtPSKKeyExchangeModes   ExtensionType = 45 // RFC 8446, section 4.2.9
	ExtCertificateAuthority  ExtensionType = 47 // RFC 8446, section 4.2.4
	ExtSignatureAlgsCert     ExtensionType = 50 // RFC 8446, section 4.2.3
	ExtKeyShare              ExtensionType = 51 // RFC 8446, section 4.2.8

	ExtRenegotiationInfo ExtensionType = 0xff01 // RFC 5746
)

// MaxExtensions bounds the extensions of one message. Duplicates are found by comparing each with those before it, so the
// bound also bounds that work; clients of today send about twenty.
const MaxExtensions = 64

// Extensions is an extension block: the bytes after its length field, well-formed if CheckExtensions has passed it.
type Extensions []byte

// extensions reads the block of extensions with which a message ends, and checks it.
func (r *Reader) extensions() (Extensions, error) {
	block := r.Vec16()
	if !r.Empty() {
		return nil, ErrDecode
	}
	return CheckExtensions(block)
}

// CheckExtensions checks that b is a sequence of whole extensions, none of them twice.
func CheckExtensions(b []byte) (Extensions, error) {
	var seen [MaxExtensions]ExtensionType
	n := 0
	r := NewReader(b)
	for !r.Empty() {
		t := ExtensionType(r.U16())
		r.Vec16()
		if r.Failed() {
			return nil, ErrDecode
		}
		for _, s := range seen[:n] {
			if s == t {
				return nil, ErrDuplicateExtension
			}
		}
		if n == MaxExtensions {
			return nil, ErrTooManyExtensions
		}
		seen[n] = t
		n++
	}
	return b, nil
}

// Find returns the body of the extension of type t.
func (e Extensions) Find(t ExtensionType) (body []byte, found bool) {
	r := NewReader(e)
	for r.More() {
		et := ExtensionType(r.U16())
		body = r.Vec16()
		if et == t && !r.Failed() {
			return body, true
		}
	}
	return nil, false
}

// last reports whether no extension follows the one of type t.
func (e Extensions) last(t ExtensionType) bool {
	var final ExtensionType
	r := NewReader(e)
	for r.More() {
		final = ExtensionType(r.U16())
		r.Vec16()
	}
	return final == t
}
