// Package x509lite reads X.509 certificates and verifies chains of them for TLS, without allocating:
// certificates are views over their DER, and all state lies in a Verifier of the caller's. It knows neither
// TLS nor cryptography; signatures are verified by the [SignatureVerifier] that it is handed.
//
// In reading order:
//
//	errors.go       why something was refused, ranked by how much it tells
//	algorithm.go    signature algorithms, and which of them are weak
//	publickey.go    SubjectPublicKeyInfo
//	tables.go       which algorithms there are; tables_small.go, those of small programs
//	certificate.go  the view of a certificate, and extensions.go, what of its extensions path building needs
//	dn.go           names of issuers and subjects
//	generalname.go  all other names
//	identity.go     the name that a peer must have
//	constraints.go  what a CA may name
//	check.go        the profile of RFC 5280; baseline.go, that of public CAs
//	profile.go      policy for hashes and keys
//	options.go      what a verification depends on
//	anchors.go      whom to trust; packed.go, the same in flash
//	verifier.go     path building and validation
//	crl.go          revocation lists in memory; crlstream.go, those that are too long for it
//	pins.go         keys that are trusted by themselves
//	altnames.go     the names of a certificate for programs
//	describe.go     a certificate in one line for a log
//
// # Limits
//
// Certificate policies: the form of the extensions is checked, but the tree of valid policies is not computed. A path on
// which a CA demands an explicit policy is refused (ErrPolicy).
//
// Names: internationalised names are compared as A-labels. In names of issuers and subjects upper and lower case are the same in
// ASCII only. The public suffix list is not known: the part of a host name after a wildcard needs two labels, and nothing more is
// checked.
//
// Revocation: only complete CRLs signed by a key on the path. There are no delta or indirect CRLs, none that are for
// some reasons or relative distribution points only, and no OCSP. Nothing is fetched.
//
// # Small programs
//
// A program built with the tag colibri_small knows ECDSA on P-256 with SHA-256 only. It refuses any other algorithm of a key or
// a signature as unknown (ErrUnsupportedKey, ErrUnsupportedAlgorithm). It also refuses CAs with nameConstraints
// (ErrCriticalExtension), in the chain or as an anchor, because it contains no code to check names against them. All other rules are the
// same. This takes a third less flash.
//
// Certificates are public, so nothing here needs to be constant time.
package x509lite
