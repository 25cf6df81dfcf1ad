package wire

// What the hellos of TLS 1.2 say in extensions that TLS 1.3 has done away with.

// Signalling values among the cipher suites of a ClientHello.
const (
	FallbackSCSV      uint16 = 0x5600 // RFC 7507
	RenegotiationSCSV uint16 = 0x00ff // RFC 5746, section 3.3
)

// Uncompressed is the one point format there is (RFC 8422, section 5.1.2).
const Uncompressed = 0

// Extensions12 is what the hellos of both sides say about TLS 1.2, as views.
type Extensions12 struct {
	ExtendedMasterSecret bool   // RFC 7627
	PointFormats         []byte // RFC 8422, section 5.1.2; nil if it is absent
	HasTicket            bool   // session_ticket is there (RFC 5077, section 3.2)
	Ticket               []byte // what is in it
	SecureRenegotiation  bool   // renegotiation_info is there (RFC 5746)
	Renegotiated         []byte // its renegotiated_connection
}

// Parse reads those of exts that it knows.
func (x *Extensions12) Parse(exts Extensions) error {
	*x = Extensions12{}
	r := NewReader(exts)
	for r.More() {
		t := ExtensionType(r.U16())
		body := NewReader(r.Vec16())
		if known, err := x.parse(t, &body); err != nil || known && !body.Empty() {
			return ErrDecode
		}
	}
	return nil
}

// parse reads the extension of type t, if it is one of those.
func (x *Extensions12) parse(t ExtensionType, body *Reader) (known bool, err error) {
	switch t {
	case ExtExtendedMasterSecret:
		x.ExtendedMasterSecret = true
	case ExtECPointFormats:
		if x.PointFormats = body.Vec8(); len(x.PointFormats) == 0 {
			return true, ErrDecode
		}
	case ExtSessionTicket:
		x.HasTicket, x.Ticket = true, body.Rest()
	case ExtRenegotiationInfo:
		x.SecureRenegotiation, x.Renegotiated = true, body.Vec8()
	default:
		return false, nil
	}
	return true, nil
}

// append writes those extensions that both sides have in common.
func (x *Extensions12) append(b *Builder) {
	if x.ExtendedMasterSecret {
		b.End(b.BeginExtension(ExtExtendedMasterSecret))
	}
	if x.SecureRenegotiation {
		ext := b.BeginExtension(ExtRenegotiationInfo)
		b.U8(0) // nothing was negotiated before
		b.End(ext)
	}
	if x.PointFormats != nil {
		ext := b.BeginExtension(ExtECPointFormats)
		list := b.Begin(1)
		b.Bytes(x.PointFormats)
		b.End(list)
		b.End(ext)
	}
	if x.HasTicket {
		ext := b.BeginExtension(ExtSessionTicket)
		b.Bytes(x.Ticket)
		b.End(ext)
	}
}

// Append writes the extensions into a ClientHello.
func (x *Extensions12) Append(b *Builder) { x.append(b) }

// ServerHello12 is a ServerHello of TLS 1.2 (RFC 5246, section 7.4.1.3). What it answers to extensions that TLS 1.3 has too, it has in
// the form of EncryptedExtensions.
type ServerHello12 struct {
	Random      []byte // 32 bytes
	SessionID   []byte
	CipherSuite uint16
	Answers     EncryptedExtensions
	Status      bool // a CertificateStatus will follow (RFC 6066, section 8)
	Extensions12

	LegacyVersion uint16 // as Parse finds it; Append writes that of TLS 1.2
}

// Parse reads the body of the message (without its header). It fails with ErrUnsolicited on an extension that is not for
// this message, or that we never ask for.
func (h *ServerHello12) Parse(body []byte) error {
	*h = ServerHello12{}
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
		return nil
	}
	exts, err := r.extensions()
	if err != nil {
		return err
	}
	r = NewReader(exts)
	for r.More() {
		t := ExtensionType(r.U16())
		body := NewReader(r.Vec16())
		if t == ExtStatusRequest {
			h.Status = true
		} else if known, err := h.Extensions12.parse(t, &body); err != nil {
			return err
		} else if !known {
			if err := h.Answers.parse(t, &body); err != nil {
				return err
			}
		}
		if !body.Empty() {
			return ErrDecode
		}
	}
	return nil
}

// Append writes the whole message.
func (h *ServerHello12) Append(b *Builder) {
	msg := b.BeginMessage(TypeServerHello)
	b.U16(VersionTLS12)
	b.Bytes(h.Random)
	id := b.Begin(1)
	b.Bytes(h.SessionID)
	b.End(id)
	b.U16(h.CipherSuite)
	b.U8(0) // compression_method
	exts := b.Begin(2)
	h.Extensions12.append(b)
	if h.Status {
		b.End(b.BeginExtension(ExtStatusRequest))
	}
	h.Answers.append(b)
	b.End(exts)
	b.End(msg)
}
