package main

import "regexp"

// circle is a set of tests that is counted for itself.
type circle struct {
	name, what string
	without    []*regexp.Regexp // the tests that are not in it
}

// circles are ordered from the widest to the narrowest, but for the last, which is another core: it counts ways to use an interface, such as
// callbacks, and no algorithm that our protocol does without. It is the closest we know to the core that the figures of other libraries are
// about, 1,260 tests of which crypto/tls is said to pass 708 and rustls to leave 1,187 enabled: of its 1,281, crypto/tls (Go 1.26, with its own
// configuration and the runner's errors taken loosely) passes 713, and rustls' configuration enables 1,192, for a
// runner that rustls has changed so that its own errors may be expected of single tests. In our own core the two have 776 and
// 1,034 of 1,222. Raw public keys are out of both: crypto/tls has none, and their 239 tests would leave the figures far behind.
var circles = [...]circle{
	{"all", "every test of the runner", nil},
	{"applicable", "over a stream, and not about a version before TLS 1.2", []*regexp.Regexp{transport, oldVersion}},
	{"core", "applicable, without what only BoringSSL has or what TLS 1.2 had better lost, and each order of events once",
		[]*regexp.Regexp{transport, oldVersion, family, variant}},
	{"field", "applicable, without what only BoringSSL has, drafts, raw public keys and algorithms of old, and each order of events once",
		[]*regexp.Regexp{transport, oldVersion, peculiar, outdated, variant}},
}

// applicable is the circle whose disabled tests want a reason each.
var applicable = &circles[1]

var (
	transport  = regexp.MustCompile(`DTLS|QUIC|^SendSplitAlert-|^StrayChangeCipherSpec$`) // The last two are over datagrams, too.
	oldVersion = regexp.MustCompile(`(TLS1|TLS11|SSL3)(-|$)`)

	// family are features that BoringSSL's tests share with nobody, or that TLS 1.3 took out of TLS.
	family = regexp.MustCompile(`ECH|Compliance|CertificateSelection|CertificateType|ALPS|ChannelID|NPN|NextProto|` +
		`DelegatedCredential|PAKE|TrustAnchor|ServerPadding|CertCompression|HintMismatch|OCSPCallback|DDoS|` +
		`SignedCertificateTimestamp|SCT|JDK11|SRTP|FalseStart|TicketCallback|PSKHint|^PSK-|Renego|CBC|V2ClientHello|` +
		`RetainOnlySHA256|TLSUnique|RSAClientKey|ML-DSA|RSA_WITH|_PSK|MLKEM1024|Kyber|ResumptionAcrossNames|TicketFlags|` +
		`KeyShareWithServerHint`)

	// peculiar are features that hardly anybody but BoringSSL has, and those of drafts; raw public keys among them.
	peculiar = regexp.MustCompile(`ECH|Compliance|CertificateSelection|ALPS|ChannelID|DelegatedCredential|PAKE|TrustAnchor|ServerPadding|` +
		`HintMismatch|SignedCertificateTimestamp|SCT|JDK11|SRTP|RetainOnlySHA256|TicketFlags|KeyShareWithServerHint|MLKEM1024|` +
		`CertificateType|RPK|RawPublicKey`)

	// outdated is what was left behind, and P-521, which nobody asks for.
	outdated = regexp.MustCompile(`SHA1|LEGACY|MD5|CBC|3DES|RSA_WITH|RSAClientKey|Basic-Server-RSA|RSAEphemeral|Encipherment|Renego|` +
		`HelloRequest|NoExtendedMaster|V2ClientHello|_PSK|PSKHint|NPN|NextProto|P-?521`)

	// variant is how a test of the order of events runs besides the plain way.
	variant = regexp.MustCompile(`-(Async|ImplicitHandshake|PackHandshake|SplitHandshakeRecords)(-|$)`)
)

func (c *circle) has(name string) bool {
	for _, w := range c.without {
		if w.MatchString(name) {
			return false
		}
	}
	return true
}
