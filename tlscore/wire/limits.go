package wire

// The two extensions that bound the length of records.

// MinRecordSizeLimit is the least value of record_size_limit (RFC 8449, section 4).
const MinRecordSizeLimit = 64

// MaxFragmentCode is the highest value of max_fragment_length; 1 is the lowest (RFC 6066, section 4).
const MaxFragmentCode uint8 = 4

// FragmentLength returns how many bytes of content a value of max_fragment_length stands for.
func FragmentLength(code uint8) int { return 256 << code }

// AppendRecordSizeLimit writes the extension record_size_limit.
func AppendRecordSizeLimit(b *Builder, limit uint16) {
	ext := b.BeginExtension(ExtRecordSizeLimit)
	b.U16(limit)
	b.End(ext)
}

// AppendMaxFragment writes the extension max_fragment_length.
func AppendMaxFragment(b *Builder, code uint8) {
	ext := b.BeginExtension(ExtMaxFragmentLength)
	b.U8(code)
	b.End(ext)
}

// recordSizeLimit reads the body of the extension; ErrValue if it is below the least.
func recordSizeLimit(r *Reader) (uint16, error) {
	limit := r.U16()
	if !r.Failed() && limit < MinRecordSizeLimit {
		return 0, ErrValue
	}
	return limit, nil
}

// maxFragment reads the body of the extension; ErrValue if it is not one of the values.
func maxFragment(r *Reader) (uint8, error) {
	code := r.U8()
	if !r.Failed() && (code == 0 || code > MaxFragmentCode) {
		return 0, ErrValue
	}
	return code, nil
}
