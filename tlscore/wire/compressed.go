package wire

// Certificate compression (RFC 8879): the extension compress_certificate, and the message CompressedCertificate.

// CompressedCertificate is a view of a CompressedCertificate message (RFC 8879, section 4).
type CompressedCertificate struct {
	Algorithm  uint16
	Size       int    // uncompressed_length, of the body of the Certificate message, in bytes
	Compressed []byte // that body, compressed; not empty
}

// CompressedHead is how much of a CompressedCertificate message stands before what is compressed, in bytes: header, algorithm and two
// lengths.
const CompressedHead = HeaderSize + 2 + 3 + 3

// Parse reads the body of the message (without its header).
func (c *CompressedCertificate) Parse(body []byte) error {
	r := NewReader(body)
	*c = CompressedCertificate{Algorithm: r.U16(), Size: r.U24(), Compressed: r.Vec24()}
	if !r.Empty() || len(c.Compressed) == 0 {
		return ErrDecode
	}
	return nil
}

// PutCompressedHead writes to msg, which is the whole message, what stands before the Certificate message that is compressed in it and
// whose body has size bytes.
func PutCompressedHead(msg []byte, algorithm uint16, size int) {
	b := NewBuilder(msg)
	b.U8(uint8(TypeCompressedCertificate))
	b.U24(len(msg) - HeaderSize)
	b.U16(algorithm)
	b.U24(size)
	b.U24(len(msg) - CompressedHead)
}

// AppendCompressions writes the extension compress_certificate.
func AppendCompressions(b *Builder, algorithms ...uint16) {
	ext := b.BeginExtension(ExtCompressCertificate)
	list := b.Begin(1)
	for _, a := range algorithms {
		b.U16(a)
	}
	b.End(list)
	b.End(ext)
}

// Compressions returns the algorithms that the extension compress_certificate lists, nil if it is not in the block. It fails with
// ErrValue if one stands there twice.
func (e Extensions) Compressions() (U16s, error) {
	body, found := e.Find(ExtCompressCertificate)
	if !found {
		return nil, nil
	}
	r := NewReader(body)
	list := U16s(r.Vec8())
	if !r.Empty() || !list.wellFormed() {
		return nil, ErrDecode
	}
	for i := range list.Len() {
		if list.Index(list.At(i)) != i {
			return nil, ErrValue
		}
	}
	return list, nil
}
