package wire

// EncryptedExtensions is what the server answers under protection (RFC 8446, section 4.3.1).
type EncryptedExtensions struct {
	ServerName bool   // acknowledge server_name with an empty extension (RFC 6066, section 3)
	ALPN       string // the selected protocol; empty: no extension
}

// Append writes the whole message.
func (e *EncryptedExtensions) Append(b *Builder) {
	msg := b.BeginMessage(TypeEncryptedExtensions)
	exts := b.Begin(2)
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
	b.End(exts)
	b.End(msg)
}
