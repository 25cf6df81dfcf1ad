// Package json reads and writes JSON (RFC 8259) without allocation, reflection or recursion, for texts that
// come from strangers: RPC frames, configurations.
//
// Reading has two steps. Parse checks a whole text once, strictly, within bounds of depth and members; a
// Value is a view of a checked text (or of a part of it), and walking it can then rely on the grammar. Parse
// refuses what RFC 8259 leaves to the implementation wherever two readers could understand it differently:
// invalid UTF-8, escapes of lone surrogates, and objects that name a member twice (RFC 7493 forbids all
// three). Numbers are read as integers; a fraction or an exponent makes a number that Int refuses.
//
// A Writer appends values to a caller's buffer, places commas and colons itself and remembers whether
// something did not fit.
package json
