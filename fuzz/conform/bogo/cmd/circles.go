package main

import "regexp"

// circle is a set of tests that is counted for itself.
type circle struct {
	name, what string
	without    []*regexp.Regexp // the tests that are not in it
}

// circles are ordered from the widest to the narrowest.
var circles = [...]circle{
	{"all", "every test of the runner", nil},
	{"applicable", "over a stream, and not about a version before TLS 1.2", []*regexp.Regexp{transport, oldVersion}},
	{"core", "applicable, without what only BoringSSL has or what TLS 1.2 had better lost, and each order of events once",
		[]*regexp.Regexp{transport, oldVersion, family, variant}},
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
