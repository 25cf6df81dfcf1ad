package wire

// EncryptedExtensions is what the server answers under protection (RFC 8446, section 4.3.1).
type EncryptedExtensions struct {
	ServerName bool   // acknowledge server_name with an empty extension (RFC 6066, section 3)
	ALPN       string // the selected protocol; empty: no extension
	EarlyData  bool   // the client's early data is accepted (RFC 8446, section 4.2.10)

	RecordSizeLimit uint16 // 0: no extension
	MaxFragment     uint8  // 0: no extension

	ClientType, ServerType CertificateType // 0: no extension

	// Protocol is what Parse finds for ALPN, as a view; Append does not write it.
	Protocol []byte
}

// Parse reads the body of the message (without its header). It fails with ErrMisplaced on an extension of TLS 1.3 that is
// not for this message, and with ErrUnsolicited on others that we never ask for.
func (e *EncryptedExtensions) Parse(body []byte) error {
	*e = EncryptedExtensions{}
	r := NewReader(body)
	exts, err := r.extensions()
	if err != nil {
		return err
	}
	r = NewReader(exts)
	for r.More() {
		t := ExtensionType(r.U16())
		body := NewReader(r.Vec16())
		if err := e.parse(t, &body); err != nil {
			return err
		}
		if !body.Empty() {
			return ErrDecode
		}
	}
	return nil
}

// parse reads the extension of type t.
func (e *EncryptedExtensions) parse(t ExtensionType, body *Reader) (err error) {
	switch t {
	case ExtServerName:
		e.ServerName = true
	case ExtEarlyData:
		e.EarlyData = true
	case ExtSupportedGroups:
		body.Vec16() // What the server prefers, for connections to come (RFC 8446, section 4.2.7).
	case ExtALPN:
		list := NewReader(body.Vec16())
		e.Protocol = list.Vec8()
		if !list.Empty() || len(e.Protocol) == 0 {
			return ErrDecode
		}
	case ExtRecordSizeLimit:
		if e.RecordSizeLimit, err = recordSizeLimit(body); err != nil {
			return err
		}
	case ExtMaxFragmentLength:
		if e.MaxFragment, err = maxFragment(body); err != nil {
			return err
		}
	case ExtClientCertificateType:
		if e.ClientType, err = certificateType(body); err != nil {
			return err
		}
	case ExtServerCertificateType:
		if e.ServerType, err = certificateType(body); err != nil {
			return err
		}
	case ExtKeyShare, ExtPreSharedKey, ExtPSKKeyExchangeModes, ExtCookie, ExtSupportedVersions, ExtSignatureAlgorithms,
		ExtSignatureAlgsCert, ExtCertificateAuthority:
		return ErrMisplaced
	default:
		return ErrUnsolicited
	}
	return nil
}

// Append writes the whole message.
func (e *EncryptedExtensions) Append(b *Builder) {
	msg := b.BeginMessage(TypeEncryptedExtensions)
	exts := b.Begin(2)
	e.append(b)
	b.End(exts)
	b.End(msg)
}

// append writes the extensions alone.
func (e *EncryptedExtensions) append(b *Builder) {
	if e.ServerName {
		b.End(b.BeginExtension(ExtServerName))
	}
	if e.ALPN != "" {
		ext := b.BeginExtension(ExtALPN)
		list := b.Begin(2)
		name := b.Begin(1)
		b.String(e.ALPN)
		b.End(name)
		b.End(list)
		b.End(ext)
	}
	if e.EarlyData {
		b.End(b.BeginExtension(ExtEarlyData))
	}
	if e.RecordSizeLimit > 0 {
		AppendRecordSizeLimit(b, e.RecordSizeLimit)
	}
	if e.MaxFragment > 0 {
		AppendMaxFragment(b, e.MaxFragment)
	}
	appendCertificateType(b, ExtClientCertificateType, e.ClientType)
	appendCertificateType(b, ExtServerCertificateType, e.ServerType)
}
