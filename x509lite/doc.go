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
// Policies: the extensions are read and their form is checked, but the tree of valid policies is not
// computed. A path on which a CA demands an explicit policy is refused (ErrPolicy). Names: internationalised
// ones are compared as A-labels, byte strings in names of issuers are folded in ASCII only. CRLs are complete
// ones, signed by a key on the path; delta and indirect ones, those for some reasons only or for relative
// distribution points, OCSP and the fetching of anything are not done. The hosts that the public suffix list
// names are not known: a wildcard needs two labels after it, no more.
//
// # Small programs
//
// A program built with the tag colibri_small knows ECDSA on P-256 with SHA-256. Any other algorithm of a key or
// of a signature is one that it has never heard of (ErrUnsupportedKey, ErrUnsupportedAlgorithm), and a CA with
// nameConstraints is refused (ErrCriticalExtension), in the chain or as an anchor, since nothing would hold the
// names below it against them. All other rules are the same. It takes a third less flash.
//
// Certificates are public, so that nothing here needs to be constant time.
package x509lite
