package config

// Error is the kind of a Fault.
type Error uint8

// What can be wrong with a schema line or a value.
const (
	_             Error = iota
	ErrUnknownKey       // no such key
	ErrType             // the value is not of the key's type
	ErrRule             // the value is of the key's type and breaks its rule
	ErrLong             // the text is longer than MaxText
	ErrGroup            // the key names a group and the value is no object
	ErrJSON             // the text is not JSON, or not an object or array where one must be
	ErrLine             // a schema line is not one of the two forms
	ErrKind             // a schema line gives a type which does not exist or is not the one that the key has
	ErrKey              // a schema line names a key which cannot be one
	ErrFull             // more keys than MaxKeys
)

var errorTexts = [...]string{
	ErrUnknownKey: "unknown key",
	ErrType:       "wrong type",
	ErrRule:       "not a valid value",
	ErrLong:       "text too long",
	ErrGroup:      "is a group of keys, not a value",
	ErrJSON:       "not a JSON object",
	ErrLine:       "a schema line is [key, default] or [key, type, default, {title: ...}]",
	ErrKind:       "wrong type",
	ErrKey:        "not a valid key",
	ErrFull:       "too many keys",
}

// Error returns the text for people.
func (e Error) Error() string {
	if e == 0 || int(e) >= len(errorTexts) {
		return "config: unknown error"
	}
	return errorTexts[e]
}

// Fault is what is wrong, with the key concerned and how to mend it. The zero Fault means that nothing is.
type Fault struct {
	Err    Error
	Line   int    // index of the schema line, for faults of New
	Remedy string // what to do instead, "" if nothing is known
	Near   string // a known key that the unknown one resembles, or ""
	key    [MaxKey]byte
	keyLen uint8
}

// OK reports whether there is no fault.
func (f *Fault) OK() bool { return f.Err == 0 }

// Key returns the key concerned, cut to MaxKey bytes.
func (f *Fault) Key() []byte { return f.key[:f.keyLen] }

// Text writes the whole fault as a sentence to dst, cut to its size, and returns the length.
func (f *Fault) Text(dst []byte) int {
	n := 0
	if f.keyLen > 0 {
		n += copy(dst[n:], f.Key())
		n += copy(dst[n:], ": ")
	}
	n += copy(dst[n:], f.Err.Error())
	if f.Near != "" {
		n += copy(dst[n:], "; did you mean ")
		n += copy(dst[n:], f.Near)
		n += copy(dst[n:], "?")
	} else if f.Remedy != "" {
		n += copy(dst[n:], "; ")
		n += copy(dst[n:], f.Remedy)
	}
	return n
}

// Error implements error for programs that only pass it on.
func (f *Fault) Error() string {
	var text [256]byte
	return string(text[:f.Text(text[:])])
}
