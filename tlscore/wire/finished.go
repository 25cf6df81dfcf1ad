package wire

// AppendFinished writes a Finished message with the given verify_data (RFC 8446, section 4.4.4).
func AppendFinished(b *Builder, verifyData []byte) {
	msg := b.BeginMessage(TypeFinished)
	b.Bytes(verifyData)
	b.End(msg)
}

// AppendEndOfEarlyData writes an EndOfEarlyData message (RFC 8446, section 4.5).
func AppendEndOfEarlyData(b *Builder) { b.End(b.BeginMessage(TypeEndOfEarlyData)) }

// KeyUpdateRequest says whether the receiver of a KeyUpdate shall update its own keys too (RFC 8446, section 4.6.3).
type KeyUpdateRequest uint8

const (
	UpdateNotRequested KeyUpdateRequest = 0
	UpdateRequested    KeyUpdateRequest = 1
)

// AppendKeyUpdate writes a KeyUpdate message.
func AppendKeyUpdate(b *Builder, q KeyUpdateRequest) {
	msg := b.BeginMessage(TypeKeyUpdate)
	b.U8(uint8(q))
	b.End(msg)
}
