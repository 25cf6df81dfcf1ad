package json

// Error is why a text was refused.
type Error uint8

// The errors of Parse.
const (
	_            Error = iota
	ErrSyntax          // not JSON by RFC 8259
	ErrTruncated       // JSON so far, but it ends too early
	ErrTrailing        // something follows the value
	ErrDepth           // arrays and objects nested deeper than MaxDepth
	ErrMembers         // an object of more than MaxMembers members
	ErrDuplicate       // an object names a member twice
	ErrEncoding        // a string is not UTF-8, or escapes half a surrogate pair
	ErrSize            // the text is longer than MaxSize
)

var errorTexts = [...]string{
	ErrSyntax:    "not valid JSON",
	ErrTruncated: "JSON ends too early",
	ErrTrailing:  "text after the JSON value",
	ErrDepth:     "JSON nested too deeply",
	ErrMembers:   "JSON object of too many members",
	ErrDuplicate: "JSON object names a member twice",
	ErrEncoding:  "JSON string is not UTF-8",
	ErrSize:      "JSON text too long",
}

// Error returns the text for people.
func (e Error) Error() string {
	if e == 0 || int(e) >= len(errorTexts) {
		return "unknown JSON error"
	}
	return errorTexts[e]
}
