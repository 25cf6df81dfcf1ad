package wire

// Error says what is wrong with the syntax of a message.
type Error uint8

const (
	// ErrDecode: a length, a list or a fixed field does not fit the bytes that are there. Alert: decode_error.
	ErrDecode Error = iota + 1
	// ErrDuplicateExtension: an extension stands twice in one block (RFC 8446, section 4.2). Alert: illegal_parameter.
	ErrDuplicateExtension
	// ErrPreSharedKeyNotLast: pre_shared_key is not the last extension (RFC 8446, section 4.2.11).
	// Alert: illegal_parameter.
	ErrPreSharedKeyNotLast
	// ErrTooManyExtensions: a block has more than MaxExtensions extensions. Alert: decode_error.
	ErrTooManyExtensions
	// ErrUnsolicited: an answer has an extension that was not asked for or is not for this message (RFC 8446, section 4.2).
	// Alert: unsupported_extension.
	ErrUnsolicited
	// ErrMisplaced: an extension stands in a message that it is not for (RFC 8446, section 4.2). Alert: illegal_parameter.
	ErrMisplaced
	// ErrCompression: a server selects a compression method (RFC 8446, section 4.1.3). Alert: illegal_parameter.
	ErrCompression
	// ErrBinders: pre_shared_key has not one binder for each identity (RFC 8446, section 4.2.11). Alert: illegal_parameter.
	ErrBinders
	// ErrValue: a number is outside of the range that its extension allows. Alert: illegal_parameter.
	ErrValue
)

var texts = [...]string{
	ErrDecode:              "malformed handshake message",
	ErrDuplicateExtension:  "an extension stands twice in one message",
	ErrPreSharedKeyNotLast: "pre_shared_key is not the last extension",
	ErrTooManyExtensions:   "too many extensions in one message",
	ErrUnsolicited:         "an extension that was not asked for",
	ErrMisplaced:           "an extension in a message that it is not for",
	ErrCompression:         "the server selects a compression method",
	ErrBinders:             "pre_shared_key has not one binder for each identity",
	ErrValue:               "an extension with a value outside of its range",
}

func (e Error) Error() string {
	if int(e) < len(texts) && texts[e] != "" {
		return texts[e]
	}
	return "unknown wire error"
}
