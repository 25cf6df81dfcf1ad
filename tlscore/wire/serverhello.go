package wire

// HelloRetryRequestRandom is the Random that marks a ServerHello as a HelloRetryRequest: SHA-256 of "HelloRetryRequest"
// (RFC 8446, section 4.1.3).
var HelloRetryRequestRandom = [32]byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// Protocol versions as they stand in messages.
const (
	VersionTLS12 uint16 = 0x0303
	VersionTLS13 uint16 = 0x0304
)

// ServerHello is what a TLS 1.3 ServerHello or HelloRetryRequest says (RFC 8446, sections 4.1.3 and 4.1.4).
type ServerHello struct {
	Random      []byte // 32 bytes; HelloRetryRequestRandom makes it a HelloRetryRequest
	SessionID   []byte // echo of the client's legacy_session_id
	CipherSuite uint16
	Group       uint16 // 0: there is no key exchange
	ShareSize   int    // of the server's key_exchange; 0 in a HelloRetryRequest, which names the group only
	HasPSK      bool   // the client's identity number PSK was accepted
	PSK         uint16
	Cookie      []byte // of a HelloRetryRequest; nil if there is none

	// What Parse finds besides; Append does not write it.
	LegacyVersion uint16
	Version       uint16 // selected_version; 0 without supported_versions, as older servers answer
	KeyShare      []byte // key_exchange of the server
	HasKeyShare   bool
}

// Retry reports whether h is a HelloRetryRequest.
func (h *ServerHello) Retry() bool { return Equal(h.Random, HelloRetryRequestRandom[:]) }

// Parse reads the body of the message (without its header). It fails with ErrUnsolicited on an extension that is not for
// this message.
func (h *ServerHello) Parse(body []byte) error {
	*h = ServerHello{}
	r := NewReader(body)
	h.LegacyVersion = r.U16()
	h.Random = r.Bytes(32)
	h.SessionID = r.Vec8()
	h.CipherSuite = r.U16()
	compression := r.U8()
	if r.Failed() || len(h.SessionID) > 32 {
		return ErrDecode
	}
	if compression != 0 {
		return ErrCompression
	}
	if r.Empty() {
		return nil // A ServerHello of TLS 1.2 or older may end here.
	}
	exts, err := r.extensions()
	if err != nil {
		return err
	}
	version, found := exts.Find(ExtSupportedVersions)
	if !found {
		return nil // Not TLS 1.3: what else stands in it is of no interest.
	}
	v := NewReader(version)
	h.Version = v.U16()
	if !v.Empty() {
		return ErrDecode
	}
	return h.parseExtensions(exts)
}

func (h *ServerHello) parseExtensions(exts Extensions) error {
	retry := h.Retry()
	r := NewReader(exts)
	for r.More() {
		t := ExtensionType(r.U16())
		body := NewReader(r.Vec16())
		switch {
		case t == ExtSupportedVersions:
			continue
		case t == ExtKeyShare:
			h.HasKeyShare = true
			h.Group = body.U16()
			if !retry {
				h.KeyShare = body.Vec16()
				if len(h.KeyShare) == 0 {
					return ErrDecode
				}
			}
		case t == ExtPreSharedKey && !retry:
			h.HasPSK = true
			h.PSK = body.U16()
		case t == ExtCookie && retry:
			if h.Cookie = body.Vec16(); len(h.Cookie) == 0 {
				return ErrDecode
			}
		default:
			return ErrUnsolicited
		}
		if !body.Empty() {
			return ErrDecode
		}
	}
	return nil
}

// Append writes the whole message and returns the room for the server's key_exchange, which the caller fills; nil if there is
// none.
func (h *ServerHello) Append(b *Builder) (share []byte) {
	msg := b.BeginMessage(TypeServerHello)
	b.U16(VersionTLS12) // legacy_version
	b.Bytes(h.Random)
	id := b.Begin(1)
	b.Bytes(h.SessionID)
	b.End(id)
	b.U16(h.CipherSuite)
	b.U8(0) // legacy_compression_method
	exts := b.Begin(2)
	// In this order RFC 8448 has them.
	if h.HasPSK {
		ext := b.BeginExtension(ExtPreSharedKey)
		b.U16(h.PSK)
		b.End(ext)
	}
	if h.Group != 0 {
		ext := b.BeginExtension(ExtKeyShare)
		b.U16(h.Group)
		if h.ShareSize > 0 {
			key := b.Begin(2)
			share = b.Extend(h.ShareSize)
			b.End(key)
		}
		b.End(ext)
	}
	if h.Cookie != nil {
		ext := b.BeginExtension(ExtCookie)
		cookie := b.Begin(2)
		b.Bytes(h.Cookie)
		b.End(cookie)
		b.End(ext)
	}
	ext := b.BeginExtension(ExtSupportedVersions)
	b.U16(VersionTLS13)
	b.End(ext)
	b.End(exts)
	b.End(msg)
	return share
}
