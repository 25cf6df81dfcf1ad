package wire

// ClientHello is a view of a ClientHello (RFC 8446, section 4.1.2). A field that stands for an extension is nil if the
// client did not send it; the lists in them are not empty and hold whole elements.
type ClientHello struct {
	LegacyVersion      uint16
	Random             []byte // 32 bytes
	SessionID          []byte // at most 32 bytes
	CipherSuites       U16s
	CompressionMethods []byte
	Extensions         Extensions

	ServerName          []byte // the host_name, not terminated, not yet checked for what a name may contain
	SupportedGroups     U16s
	SignatureAlgorithms U16s
	CertificateSchemes  U16s   // signature_algorithms_cert
	Authorities         []byte // certificate_authorities without its length; read it with NextAuthority
	SupportedVersions   U16s
	ClientTypes         CertificateTypes // client_certificate_type
	ServerTypes         CertificateTypes // server_certificate_type
	ALPN                []byte           // ProtocolNameList without its length; read it with NextProtocol
	KeyShare            []byte           // client_shares without its length, may be empty; read it with NextKeyShare
	HasKeyShare         bool
	Cookie              []byte
	HasEarlyData        bool
	WantsOCSP           bool   // status_request for an OCSP response
	RecordSizeLimit     uint16 // 0 if the client did not send it
	MaxFragment         uint8  // the value of max_fragment_length, 1 to 4; 0 if the client did not send it

	PSKModes   []byte // psk_key_exchange_modes, one byte each
	Identities []byte // of pre_shared_key, without their length, as many as Binders; read them with NextPSK
	Binders    []byte // of pre_shared_key, without their length; read them with NextPSK
}

// Modes of psk_key_exchange_modes (RFC 8446, section 4.2.9).
const (
	PSKOnly          = 0 // psk_ke
	PSKWithKeyShares = 1 // psk_dhe_ke
)

// Parse reads the body of a ClientHello (without the message's header).
func (h *ClientHello) Parse(body []byte) error {
	*h = ClientHello{}
	r := NewReader(body)
	h.LegacyVersion = r.U16()
	h.Random = r.Bytes(32)
	h.SessionID = r.Vec8()
	h.CipherSuites = r.Vec16()
	h.CompressionMethods = r.Vec8()
	if r.Failed() || len(h.SessionID) > 32 || !h.CipherSuites.wellFormed() || len(h.CompressionMethods) == 0 {
		return ErrDecode
	}
	if r.Empty() {
		return nil // A ClientHello of TLS 1.2 or older may end here.
	}
	var err error
	if h.Extensions, err = r.extensions(); err != nil {
		return err
	}
	return h.parseExtensions()
}

func (h *ClientHello) parseExtensions() error {
	r := NewReader(h.Extensions)
	for r.More() {
		t := ExtensionType(r.U16())
		body := NewReader(r.Vec16())
		known, err := h.parseAlgorithms(t, &body)
		if !known {
			known, err = h.parseOther(t, &body)
		}
		if err != nil {
			return err
		}
		if known && !body.Empty() {
			return ErrDecode
		}
	}
	return nil
}

// parseAlgorithms parses the body of an extension that lists what can be chosen. The two parts of this are kept apart: TinyGo's
// compiler gives up on seeing that h is not kept where one function does more with it than about a hundred things, and would
// take it from the heap.
//
//go:noinline
func (h *ClientHello) parseAlgorithms(t ExtensionType, body *Reader) (known bool, err error) {
	switch t {
	case ExtSupportedGroups:
		h.SupportedGroups = body.Vec16()
		if !h.SupportedGroups.wellFormed() {
			return true, ErrDecode
		}
	case ExtSignatureAlgorithms:
		h.SignatureAlgorithms = body.Vec16()
		if !h.SignatureAlgorithms.wellFormed() {
			return true, ErrDecode
		}
	case ExtSignatureAlgsCert:
		h.CertificateSchemes = body.Vec16()
		if !h.CertificateSchemes.wellFormed() {
			return true, ErrDecode
		}
	case ExtCertificateAuthority:
		if h.Authorities, err = authorities(body); err != nil {
			return true, err
		}
	case ExtSupportedVersions:
		h.SupportedVersions = body.Vec8()
		if !h.SupportedVersions.wellFormed() {
			return true, ErrDecode
		}
	case ExtKeyShare:
		h.KeyShare, h.HasKeyShare = body.Vec16(), true
		shares := h.KeyShare
		for len(shares) > 0 {
			if _, _, shares = NextKeyShare(shares); shares == nil {
				return true, ErrDecode
			}
		}
	case ExtClientCertificateType:
		if h.ClientTypes = body.Vec8(); len(h.ClientTypes) == 0 {
			return true, ErrDecode
		}
	case ExtServerCertificateType:
		if h.ServerTypes = body.Vec8(); len(h.ServerTypes) == 0 {
			return true, ErrDecode
		}
	default:
		return false, nil
	}
	return true, nil
}

// parseOther parses the body of any other extension.
//
//go:noinline
func (h *ClientHello) parseOther(t ExtensionType, body *Reader) (known bool, err error) {
	switch t {
	case ExtServerName:
		// RFC 6066 allows one name for each type and has only ever defined host_name.
		list := NewReader(body.Vec16())
		nameType := list.U8()
		h.ServerName = list.Vec16()
		if !list.Empty() || nameType != 0 || len(h.ServerName) == 0 {
			return true, ErrDecode
		}
	case ExtALPN:
		h.ALPN = body.Vec16()
		if len(h.ALPN) == 0 {
			return true, ErrDecode
		}
		names := h.ALPN
		for len(names) > 0 {
			if _, names = NextProtocol(names); names == nil {
				return true, ErrDecode
			}
		}
	case ExtCookie:
		h.Cookie = body.Vec16()
		if len(h.Cookie) == 0 {
			return true, ErrDecode
		}
	case ExtStatusRequest:
		h.WantsOCSP = statusRequest(body)
	case ExtRecordSizeLimit:
		if h.RecordSizeLimit, err = recordSizeLimit(body); err != nil {
			return true, err
		}
	case ExtMaxFragmentLength:
		if h.MaxFragment, err = maxFragment(body); err != nil {
			return true, err
		}
	case ExtEarlyData:
		h.HasEarlyData = true
	case ExtPreSharedKey:
		if !h.Extensions.last(ExtPreSharedKey) {
			return true, ErrPreSharedKeyNotLast
		}
		h.Identities, h.Binders = body.Vec16(), body.Vec16()
		if err := h.checkPSKs(); err != nil {
			return true, err
		}
	case ExtPSKKeyExchangeModes:
		if h.PSKModes = body.Vec8(); len(h.PSKModes) == 0 {
			return true, ErrDecode
		}
	default:
		return false, nil
	}
	return true, nil
}

// checkPSKs checks that identities and binders are whole, at least one, and one binder for each identity.
func (h *ClientHello) checkPSKs() error {
	identities, binders := h.Identities, h.Binders
	for len(identities) > 0 && len(binders) > 0 {
		if _, _, identities, binders = NextPSK(identities, binders); identities == nil {
			return ErrDecode
		}
	}
	if len(h.Identities) == 0 || len(h.Binders) == 0 {
		return ErrDecode
	}
	if len(identities) > 0 || len(binders) > 0 {
		return ErrBinders
	}
	return nil
}

// NextPSK returns the first identity of a list and the first binder of another (RFC 8446, section 4.2.11), and the rests; both
// rests are nil if one of the lists is malformed, and empty, not nil, after the last element. The obfuscated age of the
// identity is left out: see FirstAge. A binder may be shorter than any hash: it is just not right, and those of other identities are of no
// concern (RFC 8446, section 4.2.11.2).
func NextPSK(identities, binders []byte) (identity, binder, restIdentities, restBinders []byte) {
	i, b := NewReader(identities), NewReader(binders)
	identity = i.Vec16()
	i.Bytes(4) // obfuscated_ticket_age
	binder = b.Vec8()
	if i.Failed() || b.Failed() || len(identity) == 0 {
		return nil, nil, nil, nil
	}
	return identity, binder, i.rest, b.rest
}

// FirstAge returns the obfuscated_ticket_age of the first identity of a list that has one, in milliseconds. Only early data wants it, and
// only of the first.
func FirstAge(identities []byte) uint32 {
	r := NewReader(identities)
	r.Vec16()
	return uint32(r.U16())<<16 | uint32(r.U16())
}

// WithoutBinders returns the part of the ClientHello msg (the whole message) that its binders cover: all but the list of
// binders, with which it ends (RFC 8446, section 4.2.11.2).
func (h *ClientHello) WithoutBinders(msg []byte) []byte { return msg[:len(msg)-2-len(h.Binders)] }

// NextProtocol returns the first name of a ProtocolNameList (RFC 7301) and the rest; the rest is nil if the list is
// malformed, and empty, not nil, after the last name.
func NextProtocol(list []byte) (name, rest []byte) {
	r := NewReader(list)
	name = r.Vec8()
	if r.Failed() || len(name) == 0 {
		return nil, nil
	}
	return name, r.rest
}

// NextKeyShare returns the first KeyShareEntry (RFC 8446, section 4.2.8) of a list and the rest; the rest is nil if the
// list is malformed, and empty, not nil, after the last entry.
func NextKeyShare(list []byte) (group uint16, key, rest []byte) {
	r := NewReader(list)
	group = r.U16()
	key = r.Vec16()
	if r.Failed() || len(key) == 0 {
		return 0, nil, nil
	}
	return group, key, r.rest
}
