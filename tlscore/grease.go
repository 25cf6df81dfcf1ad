package tlscore

import "colibri/tlscore/wire"

// GREASE (RFC 8701): values that mean nothing, added to what we send, so that peers which do not tolerate unknown values are found today
// and not when something new is introduced. Tolerating them ourselves needs no code: we search lists for what we know.

// grease is a place for such a value; each has one of its own.
type grease uint8

const (
	greaseSuite grease = iota
	greaseVersion
	greaseGroup // and its key share
	greaseScheme
	greaseFirst // extension, empty
	greaseSecond
)

// grease returns the value for a place. It comes from our random, which is on its way to the peer anyway, and so is the same
// in a second ClientHello.
func (h *Handshake) grease(p grease) uint16 {
	v := uint16(h.random[p]&0xf0 | 0x0a)
	if p == greaseSecond && h.random[p]&0xf0 == h.random[greaseFirst]&0xf0 {
		v ^= 0x10 // No extension twice.
	}
	return v<<8 | v
}

// writeGrease writes one value into a list.
func (c *Conn) writeGrease(b *wire.Builder, p grease) {
	if c.cfg.GREASE {
		b.U16(c.hs.grease(p))
	}
}

// writeGreaseExtension writes an extension of no meaning, with the given content.
func (c *Conn) writeGreaseExtension(b *wire.Builder, p grease, content ...byte) {
	if c.cfg.GREASE {
		ext := b.BeginExtension(wire.ExtensionType(c.hs.grease(p)))
		b.Bytes(content)
		b.End(ext)
	}
}
