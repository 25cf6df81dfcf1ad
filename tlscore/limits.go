package tlscore

import (
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// How long records may be. Each side tells the other by record_size_limit (RFC 8449) how much it can take; older peers know only
// max_fragment_length (RFC 6066, section 4), by which a client lowers the limit for both directions.

const (
	// MinRecordSizeLimit is the least that a record_size_limit may be (RFC 8449, section 4).
	MinRecordSizeLimit = 64
	// MaxRecordSizeLimit means records of any size: the longest content of a record, and its type.
	MaxRecordSizeLimit = record.MaxPlaintext + 1

	// growth is what protection adds to a record at most, in any version: the explicit nonce of TLS 1.2, and the tag.
	growth = 8 + 16
)

// recordSizeLimit returns the limit that we tell the peer: what Config allows and the largest buffer holds. In TLS 1.3 it
// counts the content of a record, its type and its padding; in TLS 1.2 there is only the content.
func (c *Conn) recordSizeLimit() int {
	limit := min(c.mem.Largest()-record.HeaderSize-growth, MaxRecordSizeLimit-c.untyped())
	if asked := c.cfg.RecordSizeLimit; asked > 0 && asked < limit {
		return asked
	}
	return limit
}

// untyped is how much less a record_size_limit of TLS 1.2 counts than one of TLS 1.3.
func (c *Conn) untyped() int {
	if c.tls12 {
		return 1
	}
	return 0
}

// fragmentCode returns the max_fragment_length that a client with this limit asks for, 0 for none: the largest that its buffers
// hold. A server that knows record_size_limit ignores it.
func fragmentCode(limit int) uint8 {
	for code := wire.MaxFragmentCode; code > 0; code-- {
		if limit <= record.MaxPlaintext && limit > wire.FragmentLength(code) {
			return code
		}
	}
	return 0
}

// writeLimits writes both extensions into a ClientHello.
func (c *Conn) writeLimits(b *wire.Builder) {
	limit := c.recordSizeLimit()
	wire.AppendRecordSizeLimit(b, uint16(limit))
	if code := fragmentCode(limit); code > 0 {
		wire.AppendMaxFragment(b, code)
	}
}

// takeLimits makes what we send as short as the client wants it.
func (c *Conn) takeLimits(hello *wire.ClientHello) {
	switch {
	case hello.RecordSizeLimit > 0:
		c.out.limitTo(int(hello.RecordSizeLimit) - 1 + c.untyped())
	case hello.MaxFragment > 0:
		c.out.limitTo(wire.FragmentLength(hello.MaxFragment))
	}
	c.hs.limited, c.hs.fragment = hello.RecordSizeLimit > 0, hello.MaxFragment
}

// answerLimits puts our answer to the client's wish into exts. The client keeps to it in all that it sends under protection, unless
// that is early data, sent before it could know: who announces some is not held to the limit.
func (c *Conn) answerLimits(exts *wire.EncryptedExtensions) {
	h := c.hs
	switch {
	case h.limited:
		exts.RecordSizeLimit = uint16(c.recordSizeLimit())
	case h.fragment > 0:
		exts.MaxFragment = h.fragment
	}
	if c.earlyLeft == 0 {
		c.expectLimits(exts)
	}
}

// expectLimits refuses from now on what is longer than we have agreed on in exts.
func (c *Conn) expectLimits(exts *wire.EncryptedExtensions) {
	switch {
	case exts.RecordSizeLimit > 0:
		c.in.limit = uint16(c.recordSizeLimit() - 1 + c.untyped())
	case exts.MaxFragment > 0:
		c.in.limit = uint16(wire.FragmentLength(exts.MaxFragment))
	}
}

// receiveLimits takes the server's answer.
func (c *Conn) receiveLimits(exts *wire.EncryptedExtensions) error {
	if exts.MaxFragment > 0 {
		if exts.RecordSizeLimit > 0 || exts.MaxFragment != fragmentCode(c.recordSizeLimit()) {
			return ErrBadLimit
		}
		c.out.limitTo(wire.FragmentLength(exts.MaxFragment))
	}
	if exts.RecordSizeLimit > 0 {
		c.out.limitTo(int(exts.RecordSizeLimit) - 1 + c.untyped())
	}
	c.expectLimits(exts)
	return nil
}
