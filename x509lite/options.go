package x509lite

// SignatureVerifier is the cryptography that this package does not contain. VerifySignature reports whether sig is a signature
// of message by key. For ECDSA, sig is an ECDSA-Sig-Value (RFC 3279 2.2.3). alg always fits the kind of key.
type SignatureVerifier interface {
	VerifySignature(alg SignatureAlgorithm, key *PublicKey, message, sig []byte) bool
}

// Usage is what the end entity's certificate is to be used for. There is no default.
type Usage uint8

const (
	UsageServer Usage = iota + 1 // the certificate of a TLS server: id-kp-serverAuth
	UsageClient                  // the certificate of a TLS client: id-kp-clientAuth
)

// Rules is a certificate profile that demands more than RFC 5280 does. WebPKI is the only one.
type Rules interface {
	check(c *Certificate, r role) Error
	keyFault(k *PublicKey) Error
}

// Legacy is a set of exceptions to the rules, each for a kind of certificate that home-made CAs issue. All are off by default.
// Verifier.Notes reports which exceptions were needed; that belongs in the log.
type Legacy uint8

const (
	// LegacyCommonName lets a commonName stand for a missing dNSName. RFC 9525 forbids it; certificates from
	// before 2017 need it.
	LegacyCommonName Legacy = 1 << iota
	// LegacyKeyIdentifiers admits certificates without authorityKeyIdentifier and CAs without
	// subjectKeyIdentifier, as "openssl x509
	// -req" made them before version 3.2.
	LegacyKeyIdentifiers
	// LegacyVersion1 admits an end entity's certificate of version 1, as "openssl x509 -req" makes them
	// without an extension file.
	LegacyVersion1
	// LegacyEmptySubject admits an end entity's certificate with an empty subject whose subjectAltName is not
	// critical, as small tools make them that fill in names for the host only; BoringSSL's test runner for one.
	LegacyEmptySubject

	legacies Legacy = 1<<iota - 1
)

// Notes is a set of remarks on a verification that succeeded.
type Notes uint8

const (
	NoteCommonName     Notes = 1 << iota // LegacyCommonName was needed
	NoteKeyIdentifiers                   // LegacyKeyIdentifiers was needed
	NoteVersion1                         // LegacyVersion1 was needed
	NoteFloor                            // the clock is unknown; Options.Floor stood in for it
	NoteEmptySubject                     // LegacyEmptySubject was needed
)

var noteTexts = [...]string{
	"warning: the name was taken from the commonName, which RFC 9525 forbids (legacy switch)",
	"warning: a certificate has no key identifier, which RFC 5280 forbids (legacy switch)",
	"warning: the certificate is of version 1, which RFC 5280 forbids (legacy switch)",
	"warning: the clock is unknown; dates were checked against the time of the build",
	"warning: the subject is empty and subjectAltName not critical, which RFC 5280 forbids (legacy switch)",
}

// Next removes one note from the set and returns its sentence for a log, and "" when the set is empty.
func (n *Notes) Next() string {
	for i, text := range noteTexts {
		if *n>>i&1 != 0 {
			*n &^= 1 << i
			return text
		}
	}
	return ""
}

// The defaults and limits of a verification's budgets.
const (
	// MaxChain is the largest number of certificates that Verify looks at: an end entity, and more issuers
	// than the longest path with every one of them cross-signed ten times would need. x509-limbo's largest
	// case has 101.
	MaxChain = 128
	// DefaultIntermediates is the default of Options.MaxIntermediates; webpki's MAX_SUB_CA_COUNT is the same,
	// and the deepest hierarchies of public CAs have 3.
	DefaultIntermediates = 6
	// maxPath is the room for a path, self-issued certificates, which MaxIntermediates does not count,
	// included.
	maxPath = 10
	// DefaultSignatures is the default of Options.MaxSignatures. A path of full length needs 7 of them.
	// crypto/x509 and webpki allow 100; where one takes 17 million instructions, 70 ms at 240 MHz, that would
	// be longer than peers wait for a handshake. 24 leave room for three paths.
	DefaultSignatures = 24
	// DefaultSteps is the default of Options.MaxSteps, which counts issuers considered, and one more for every
	// 2 KB of each. A path of full length through a chain of 128 certificates of ordinary size takes 896.
	// webpki allows 200,000. TestPathologicalChains shows that 2,000 end any search within milliseconds on a
	// host.
	DefaultSteps = 2_000
	stepSize     = 2 << 10
	// DefaultComparisons is the default of Options.MaxComparisons, of a name with a constraint, and one more
	// for every 256 octets of the name, which is as long as host names get. webpki and crypto/x509 allow
	// 250,000, which fits the largest certificates; those that a device meets have a hundred names and a
	// dozen constraints.
	DefaultComparisons = 20_000
	comparisonSize     = 256
)

// Options says what to verify against.
type Options struct {
	Anchors *Anchors          // whom to trust
	Crypto  SignatureVerifier // how to verify signatures

	// Now is the time in Unix seconds, 0 if it is unknown. If it is unknown and there is no Floor, Verify fails with ErrNoClock.
	Now int64
	// Floor is a time that has certainly passed, in Unix seconds, for instance when the firmware was built; 0 if there is none.
	// If Now is unknown or before Floor, the clock is wrong, and Floor takes its place: certificates that had expired by then
	// are refused. Those that were not yet valid are accepted, because they may be valid by now. Verifier.Notes reports this.
	Floor int64

	// Name is what the end entity's certificate must be for. nil means that Verify does not look at names, as for the
	// certificates of TLS clients.
	Name *Host

	Usage   Usage   // what the end entity's certificate must be good for
	Profile Profile // which hashes and keys are acceptable
	Legacy  Legacy  // which exceptions are made for old certificates

	// Rules, if not nil, is a stricter profile. With nil, every MUST of RFC 5280 that a verifier can see is enforced, and no
	// more. Like Revocation it is a value, so that programs which do not name one do not contain it.
	Rules Rules

	// Revocation tells which certificates have been revoked; nil means that this is not checked.
	Revocation Revocation

	// MaxIntermediates is how many certificates may be between the end entity and the anchor, not counting self-issued ones. 0
	// means DefaultIntermediates; a negative number means none.
	MaxIntermediates int8

	// How much work a verification may take. 0 means the default.
	MaxSignatures  uint32 // signatures verified; DefaultSignatures
	MaxSteps       uint32 // issuers considered; DefaultSteps
	MaxComparisons uint32 // names compared with constraints; DefaultComparisons
}

// fault finds options that do not make sense.
func (o *Options) fault() Error {
	if o.Anchors == nil || o.Crypto == nil || o.Usage != UsageServer && o.Usage != UsageClient ||
		o.Profile >= profiles || o.Legacy&^legacies != 0 ||
		o.MaxIntermediates > maxPath-1 || o.Now < 0 || o.Floor < 0 {
		return ErrOptions
	}
	return 0
}

func (o *Options) intermediates() int {
	switch {
	case o.MaxIntermediates < 0:
		return 0
	case o.MaxIntermediates == 0:
		return DefaultIntermediates
	}
	return int(o.MaxIntermediates)
}

func orDefault(n, otherwise uint32) uint32 {
	if n == 0 {
		return otherwise
	}
	return n
}
