package x509lite

// Error says why a certificate, a chain or a CRL was refused. The order of the constants is their rank: where
// several paths were tried and all failed, the largest is reported, because it is the most telling. A path
// that ended because nobody knows the issuer says little; one that ended because a certificate has expired
// says what to do. An Error is returned as error; nil means success.
type Error uint8

const (
	_ Error = iota

	// Own misuse: the caller's options or anchors do not make sense. Nothing was verified.

	// ErrOptions: Usage, Profile, Rules or Legacy has a value that does not exist, Crypto is missing, or a
	// budget is beyond what Verifier has room for.
	ErrOptions
	// ErrName: Options.Name is neither a host name in A-label form nor an IP address, or was not set.
	ErrName
	// ErrAnchor: trust anchors in flash form (Packed) are not in the form that Pack writes, or a triple lacks
	// its name or key.
	ErrAnchor

	// Nothing to trust: the end of a path that led nowhere.

	// ErrNoCertificate: the chain is empty.
	ErrNoCertificate
	// ErrUnknownIssuer: no trust anchor and no certificate of the chain bears the name that issued the last
	// one of a path.
	ErrUnknownIssuer
	// ErrLoop: the only certificate that bears the issuer's name stands in the path already (RFC 4158 5.2).
	ErrLoop
	// ErrUntrustedRoot: the path ends at a self-signed certificate that is no trust anchor.
	ErrUntrustedRoot
	// ErrKeyIdentifier: the issuer's subjectKeyIdentifier is not the authorityKeyIdentifier asked for (RFC
	// 5280 4.2.1.1).
	ErrKeyIdentifier

	// Not a certificate: the bytes are not what RFC 5280 4.1 and X.690 describe.

	// ErrDER: the certificate is not DER of the right shape.
	ErrDER
	// ErrTooLarge: the certificate is longer than MaxCertificateSize or has more than MaxExtensions
	// extensions.
	ErrTooLarge
	// ErrVersion: the version is not v3, or extensions and unique identifiers stand in a version that has
	// none (RFC 5280 4.1.2.1).
	ErrVersion
	// ErrSerial: the serial number is zero, negative or longer than 20 octets (RFC 5280 4.1.2.2).
	ErrSerial
	// ErrAlgorithmMismatch: the algorithm inside the signed part differs from the one beside the signature
	// (RFC 5280 4.1.1.2).
	ErrAlgorithmMismatch
	// ErrTime: a date is not in the form that RFC 5280 4.1.2.5 prescribes.
	ErrTime
	// ErrEmptyIssuer: the issuer's name is empty (RFC 5280 4.1.2.4).
	ErrEmptyIssuer
	// ErrEmptySubject: the subject is empty in a CA certificate, or without a critical subjectAltName (RFC
	// 5280 4.1.2.6).
	ErrEmptySubject
	// ErrDuplicateExtension: two extensions bear one identifier (RFC 5280 4.2).
	ErrDuplicateExtension
	// ErrExtension: the contents of a known extension are malformed or break its rules.
	ErrExtension
	// ErrCriticality: an extension is critical and must not be, or is not and must be (RFC 5280 4.2.1,
	// 4.2.2).
	ErrCriticality
	// ErrMissingKeyIdentifier: the authorityKeyIdentifier is missing, or the subjectKeyIdentifier of a CA
	// (RFC 5280 4.2.1.1, 4.2.1.2); LegacyKeyIdentifiers admits it.
	ErrMissingKeyIdentifier
	// ErrPublicKey: the SubjectPublicKeyInfo is malformed: the point is compressed or of the wrong size, the
	// parameters are not a named curve, the modulus is not a positive odd number.
	ErrPublicKey
	// ErrNameForm: a name in subjectAltName or nameConstraints is not in its prescribed form (RFC 5280
	// 4.2.1.6, 4.2.1.10).
	ErrNameForm
	// ErrBaselineRequirements: Options.Rules is WebPKI and the certificate breaks the profile of the
	// CA/Browser Forum.
	ErrBaselineRequirements

	// Understood, and not supported.

	// ErrCriticalExtension: an extension that is critical is not processed here (RFC 5280 4.2).
	ErrCriticalExtension
	// ErrPolicy: the path demands an explicit policy, which is not processed here (RFC 5280 4.2.1.11), or
	// maps anyPolicy (4.2.1.5).
	ErrPolicy
	// ErrUnsupportedAlgorithm: the algorithm of a signature is unknown.
	ErrUnsupportedAlgorithm
	// ErrUnsupportedKey: the algorithm or the curve of a key is unknown.
	ErrUnsupportedKey

	// The path is known and breaks a rule.

	// ErrNotCA: an issuer is not a CA: basicConstraints is absent or says so (RFC 5280 6.1.4 (k)).
	ErrNotCA
	// ErrCAKeyUsage: an issuer's keyUsage does not allow certificates to be signed (RFC 5280 6.1.4 (n)), or
	// keyCertSign stands in a certificate that is not a CA (4.2.1.9).
	ErrCAKeyUsage
	// ErrPathLength: more intermediates follow a CA than its pathLenConstraint allows (RFC 5280 6.1.4 (l)),
	// or than Options.MaxIntermediates.
	ErrPathLength
	// ErrSignature: the signature is not one by the issuer's key.
	ErrSignature
	// ErrNameConstraints: a name lies outside the space that a CA may name (RFC 5280 6.1.3 (b), (c)), or has
	// a form that is constrained and cannot be compared.
	ErrNameConstraints
	// ErrKeyUsage: the end entity's keyUsage does not allow digitalSignature, which is what TLS asks of it.
	ErrKeyUsage
	// ErrExtendedKeyUsage: extKeyUsage of a certificate in the path does not contain the usage asked for (RFC
	// 5280 4.2.1.12).
	ErrExtendedKeyUsage
	// ErrWeakKey: the profile does not allow the key: its algorithm, its curve or its size.
	ErrWeakKey
	// ErrCRL: a CRL that is needed is malformed, has a wrong signature, comes from a key that must not sign
	// CRLs, or has a critical extension that is not processed here (RFC 5280 6.3.3).
	ErrCRL
	// ErrCRLExpired: a CRL that is needed is not in date.
	ErrCRLExpired
	// ErrRevocationUnknown: Options.Revocation has no CRL that covers a certificate of the path.
	ErrRevocationUnknown

	// What an operator can mend.

	// ErrNameMismatch: the certificate is for other names than Options.Name.
	ErrNameMismatch
	// ErrNoClock: the time is unknown and no Options.Floor stands in for it.
	ErrNoClock
	// ErrNotYetValid: notBefore of a certificate is in the future.
	ErrNotYetValid
	// ErrExpired: notAfter of a certificate has passed.
	ErrExpired
	// ErrRevoked: a certificate of the path is on its issuer's CRL.
	ErrRevoked
	// ErrPin: the key is not one of the pinned ones.
	ErrPin
	// ErrUnacceptableHash: a certificate that is not a trust anchor is signed with MD5, SHA-1 or another hash
	// that the profile does not allow. It is found before any signature is computed.
	ErrUnacceptableHash

	// Ended for lack of budget: the search was stopped, whatever else was found.

	// ErrChainTooLong: the chain has more than MaxChain certificates.
	ErrChainTooLong
	// ErrBudgetSteps: Options.MaxSteps issuers were considered.
	ErrBudgetSteps
	// ErrBudgetSignatures: Options.MaxSignatures signatures were verified.
	ErrBudgetSignatures
	// ErrBudgetNames: Options.MaxComparisons names were compared with constraints.
	ErrBudgetNames
)

// texts holds the sentences of Error. Where mbedTLS has a sentence for the same finding, it is the same
// sentence, because that is what people search for.
var texts = [...]string{
	0:                       "no error",
	ErrOptions:              "x509lite: the verification options do not make sense",
	ErrName:                 "x509lite: the expected name is neither a host name nor an IP address",
	ErrAnchor:               "x509lite: the trust anchors are malformed",
	ErrNoCertificate:        "the peer has no certificate",
	ErrUnknownIssuer:        "The certificate is not correctly signed by the trusted CA (its issuer is unknown)",
	ErrLoop:                 "The certificate is not correctly signed by the trusted CA (issuers form a loop)",
	ErrUntrustedRoot:        "The certificate is not correctly signed by the trusted CA (its root is not trusted)",
	ErrKeyIdentifier:        "The certificate is not correctly signed by the trusted CA (no issuer has the key)",
	ErrDER:                  "the certificate is malformed",
	ErrTooLarge:             "the certificate is too large",
	ErrVersion:              "the certificate is not of version 3",
	ErrSerial:               "the serial number of the certificate is not a positive number of at most 20 octets",
	ErrAlgorithmMismatch:    "the certificate names two different signature algorithms",
	ErrTime:                 "a date in the certificate is malformed",
	ErrEmptyIssuer:          "the certificate has no issuer name",
	ErrEmptySubject:         "the certificate has no subject name where it needs one",
	ErrDuplicateExtension:   "the certificate has an extension twice",
	ErrExtension:            "an extension of the certificate is malformed",
	ErrCriticality:          "an extension of the certificate is critical and must not be, or the reverse",
	ErrMissingKeyIdentifier: "the certificate has no authority or subject key identifier",
	ErrPublicKey:            "the public key in the certificate is malformed",
	ErrNameForm:             "a name in the certificate is malformed",
	ErrBaselineRequirements: "the certificate breaks the Baseline Requirements of the CA/Browser Forum",
	ErrCriticalExtension:    "the certificate has a critical extension that is not supported",
	ErrPolicy:               "the certificate demands policies that are not supported",
	ErrUnsupportedAlgorithm: "the certificate is signed with an unknown algorithm",
	ErrUnsupportedKey:       "The certificate is signed with an unacceptable PK alg (eg RSA vs ECDSA)",
	ErrNotCA:                "the issuer of the certificate is not a CA",
	ErrCAKeyUsage:           "the issuer of the certificate may not sign certificates",
	ErrPathLength:           "the certificate chain is longer than a CA in it allows",
	ErrSignature:            "The certificate is not correctly signed by the trusted CA",
	ErrNameConstraints:      "the certificate names what its CA may not name",
	ErrKeyUsage:             "Usage does not match the keyUsage extension",
	ErrExtendedKeyUsage:     "Usage does not match the extendedKeyUsage extension",
	ErrWeakKey:              "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)",
	ErrCRL:                  "The CRL is not correctly signed by the trusted CA, or cannot be used",
	ErrCRLExpired:           "The CRL is expired",
	ErrRevocationUnknown:    "no CRL tells whether the certificate has been revoked",
	ErrNameMismatch:         "The certificate Common Name (CN) does not match with the expected CN",
	ErrNoClock:              "the time is unknown, so the validity of the certificate cannot be checked",
	ErrNotYetValid:          "The certificate validity starts in the future",
	ErrExpired:              "The certificate validity has expired",
	ErrRevoked:              "The certificate has been revoked (is on a CRL)",
	ErrPin:                  "the public key is not one of the pinned keys",
	ErrUnacceptableHash:     "The certificate is signed with an unacceptable hash",
	ErrChainTooLong:         "the peer sent too many certificates",
	ErrBudgetSteps:          "the certificate chain takes too many steps to verify",
	ErrBudgetSignatures:     "the certificate chain takes too many signatures to verify",
	ErrBudgetNames:          "the certificate chain takes too many name comparisons to verify",
}

// Error is the sentence for a log.
func (e Error) Error() string {
	if int(e) < len(texts) {
		return texts[e]
	}
	return "x509lite: unknown error"
}

// fatal tells whether the search for a path ends with e, whatever other candidates there are.
func (e Error) fatal() bool { return e >= ErrChainTooLong || e != 0 && e <= ErrAnchor }

// result turns e into what the exported functions return.
func (e Error) result() error {
	if e == 0 {
		return nil
	}
	return e
}
