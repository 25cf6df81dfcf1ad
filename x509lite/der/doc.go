// Package der reads and writes the Distinguished Encoding Rules of ASN.1 (ITU-T X.690) as far as
// certificates, CRLs, keys and ECDSA signatures need them. It is the only code of colibri that reads or
// writes a tag or a length.
//
// Reading goes through a [Cursor], a slice that shrinks from the front. Every method returns views into the
// input, copies nothing, allocates nothing and answers false when the input is not exactly what was asked
// for; the Cursor is then as it was. DER is enforced, not guessed: definite lengths in their shortest form
// (X.690 10.1), INTEGER in its shortest form (8.3.2), BOOLEAN as 00 or FF (11.1), BIT STRING without stray
// unused bits (11.2.1), tags of one octet.
//
// Writing is a handful of functions over memory of the caller, made for small structures whose sizes are
// known beforehand.
//
// Nothing here is constant time in the contents, except that the position of a value never depends on its
// secret bytes: a key file's INTEGERs are passed through as views.
package der
