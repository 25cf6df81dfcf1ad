package record

// ContentType is the type of a record (RFC 8446, section 5.1).
type ContentType uint8

const (
	ChangeCipherSpec ContentType = 20
	Alert            ContentType = 21
	Handshake        ContentType = 22
	ApplicationData  ContentType = 23
)

// Sizes in bytes.
const (
	HeaderSize = 5
	// MaxPlaintext is the most a record may carry (RFC 8446, section 5.1).
	MaxPlaintext = 1 << 14
	// MaxCiphertext is the longest fragment of a protected record (RFC 8446, section 5.2).
	MaxCiphertext = MaxPlaintext + 256
	// Overhead is the most that a protected record of ours is longer than its plaintext: header, explicit nonce of TLS 1.2
	// (TLS 1.3 has a content type of one byte instead), tag.
	Overhead = HeaderSize + explicitNonce + tagSize

	tagSize       = 16
	explicitNonce = 8
)

// Error says why a record cannot be accepted.
type Error uint8

const (
	// ErrNotTLS: the bytes are not a record; most likely the peer speaks another protocol. Alert: decode_error.
	ErrNotTLS Error = iota + 1
	// ErrContentType: the record is of a type that does not exist (RFC 8446, section 5). Alert: unexpected_message.
	ErrContentType
	// ErrOverflow: the record is longer than the protocol allows. Alert: record_overflow.
	ErrOverflow
	// ErrBadMAC: the record does not authenticate under the current key. Alert: bad_record_mac.
	ErrBadMAC
	// ErrNoContentType: a protected record holds padding only (RFC 8446, section 5.4). Alert: unexpected_message.
	ErrNoContentType
	// ErrUnprotected: a record came in the clear where a protected one is due. Alert: unexpected_message.
	ErrUnprotected
)

var texts = [...]string{
	ErrNotTLS:        "not a TLS record; does the peer speak plain HTTP to a TLS port?",
	ErrContentType:   "record of a type that does not exist",
	ErrOverflow:      "record too long",
	ErrBadMAC:        "record does not authenticate",
	ErrNoContentType: "protected record without a content type",
	ErrUnprotected:   "unprotected record where a protected one is due",
}

func (e Error) Error() string {
	if int(e) < len(texts) && texts[e] != "" {
		return texts[e]
	}
	return "unknown record error"
}

// ParseHeader reads the header of a record. Of legacy_record_version only the first byte is looked at (RFC 8446, section 5.1):
// if it is not 3, this is another protocol.
func ParseHeader(b []byte) (t ContentType, length int, err error) {
	_ = b[HeaderSize-1]
	t = ContentType(b[0])
	if b[1] != 3 {
		return 0, 0, ErrNotTLS
	}
	if t < ChangeCipherSpec || t > ApplicationData {
		return 0, 0, ErrContentType
	}
	length = int(b[3])<<8 | int(b[4])
	if length > MaxCiphertext {
		return 0, 0, ErrOverflow
	}
	return t, length, nil
}

// PutFirstVersion makes the version in a header that of TLS 1.0, as in a client's first record: some old servers refuse to read
// a newer one (RFC 8446, section 5.1).
func PutFirstVersion(b []byte) { b[1], b[2] = 3, 1 }

// PutHeader writes the header of a record whose fragment has the given length.
func PutHeader(b []byte, t ContentType, length int) {
	_ = b[HeaderSize-1]
	b[0] = byte(t)
	b[1], b[2] = 3, 3 // legacy_record_version
	b[3], b[4] = byte(length>>8), byte(length)
}
