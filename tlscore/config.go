package tlscore

import (
	"io"

	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// Config is what connections have in common. Connections only read it: many may share one, and nobody may change it while one of them
// lives. The zero value of a field is the ordinary choice, except that Rand is always needed, Clock to judge certificates, a server needs
// Identities and a client Anchors (or in their place RawPublicKeys or PSKs).
type Config struct {
	// Rand is the source of all randomness. It must be cryptographically secure. A failed read ends the connection.
	Rand io.Reader

	// Clock returns the time in Unix seconds, or 0 while it is unknown. While it is unknown no certificate counts as valid, unless Floor
	// is set: a time in Unix seconds that has certainly passed, the build of the firmware for instance. Then only certificates that had
	// expired by that time are refused. See x509lite.Options.
	Clock func() int64
	Floor int64

	// Events, if not nil, is told what happens on a connection. It runs inside the connection's calls. It must not call
	// any of the connection's methods but Info and Exporter.
	Events func(c *Conn, e Event)

	// Veto, if not nil, may refuse what would otherwise be accepted. It is asked before Events is told of an EventClientHello,
	// EventCertificateRequest, EventPeerCertificate, EventStapled, EventPeerRawKey, EventPeerResumed or EventPSK. An error that it
	// returns ends the connection, with the alert that AlertFor returns for it: return a Refusal to choose the alert, or an error of
	// x509lite such as ErrRevoked. It cannot accept what was refused already. Like Events it may call Info and Exporter only.
	Veto func(c *Conn, e Event) error

	// Identities are our certificates, each with its key. One can be used if its key can sign under one of the peer's signature schemes.
	// Of those that can be used, one for the name that the client asks for comes first, then one from an authority that the peer names,
	// then one whose certificates are signed under schemes that the peer knows, and otherwise the first in the list. A client needs none.
	Identities []Identity

	// RefuseUnknownNames makes a server refuse clients that ask for a name that is in none of our certificates, with the alert
	// unrecognized_name. Otherwise the server shows one of its certificates all the same. Clients that ask for no name are always served.
	RefuseUnknownNames bool

	// ClientAuth says whether a server asks clients for a certificate, and whether they must have one.
	ClientAuth ClientAuth

	// SendAuthorities makes a server that asks for a certificate name its Anchors, so that a client with several certificates can choose.
	// Nothing is named if there are more than 16 anchors, or their names take more than 400 bytes.
	SendAuthorities bool

	// Anchors are the trust anchors that the peer's chain must lead to.
	Anchors *x509lite.Anchors

	// RawPublicKeys, if not nil, are the public keys that peers may show instead of a certificate (RFC 7250); PinKeys makes the list. Such
	// a key has neither name nor date, so none is checked. If Anchors is nil, a peer must show one of these keys.
	RawPublicKeys *PinnedKeys

	// CertificateTypes are the types (X509, RawPublicKey) that we show and PeerCertificateTypes those that peers may show, preferred ones
	// first. A type counts only if we have something for it: an identity for our own, Anchors or RawPublicKeys for the peer's.
	// Empty means both types, raw public keys first; but a server that could show either then follows the order of Identities.
	PeerCertificateTypes, CertificateTypes []CertificateType

	// Profile says which hashes and keys are acceptable in the peer's chain. Legacy says which deviations of old tools are tolerated in
	// it; EventPeerCertificate has in its Notes which of them occurred.
	Profile x509lite.Profile
	Legacy  x509lite.Legacy

	// SignatureSchemes are those that peers may sign handshakes with, preferred ones first. Empty means all that are implemented and
	// that there is memory for. Peers are asked to have certificates signed with these schemes too, but Profile decides what is accepted
	// there. Identity.SignatureSchemes says what we sign with. A server that asks for certificates speaks TLS 1.2 only if the list has
	// a scheme with SHA-256 or SHA-384 that is not for RSA-PSS keys, or another that PoolConfig.Messages has memory for.
	SignatureSchemes []signature.Scheme

	// RequestOCSP makes a client ask for an OCSP response together with the server's certificate. The response is handed to Events
	// without being verified; a server may send none.
	RequestOCSP bool

	// CertificateCompression, if not nil, allows certificates to be sent compressed in TLS 1.3 (RFC 8879): CompressionServer for servers,
	// CompressionClient for clients. It names the algorithms, and keeps the compressed forms of Identities.
	CertificateCompression CertificateCompression

	// TLS12, if not nil, allows TLS 1.2 with peers that do not speak TLS 1.3: TLS12Server() for servers, TLS12Client() for
	// clients. Its suites go into Suites too: if Suites is not empty, a version is spoken only if Suites has one for it. Suites with RSA in
	// their name need an identity with an RSA key, those with ECDSA one with an ECDSA or Ed25519 key.
	TLS12 *Protocol12

	// MaxVersion is the newest version to speak: 0 or 0x0304 is TLS 1.3, 0x0303 is TLS 1.2, which needs TLS12.
	MaxVersion uint16

	// Suites and Groups are those that may be negotiated, preferred ones first. Empty means all that are implemented, except the suites
	// with CCM.
	Suites []SuiteID
	Groups []GroupID

	// PreferGroups makes a server choose the first of Groups that the client supports. Without it, the server rather chooses among those
	// that the client has sent a key share for, because asking for another takes a round trip. A server that wants X25519MLKEM768 of all
	// clients that know it needs this, as some send a share of X25519 only.
	PreferGroups bool

	// KeyShares are the groups that a client sends key shares for: one or two of Groups. Empty means the first of Groups; and if that is
	// X25519MLKEM768 and X25519 is in Groups too, also X25519, which costs no second key. A server that wants another group asks for it, which
	// takes a round trip. Two groups that do not share a key are computed in one step, even if Stepwise is set.
	KeyShares []GroupID

	// WithoutKeyShares makes a client send no key share before the server has said which group it wants (RFC 8446, section 4.2.8). That
	// takes a round trip, and saves a key that may be of no use.
	WithoutKeyShares bool

	// ClientSuiteOrder makes a server take the suite that comes first in the client's list, not in its own. Clients with instructions
	// for AES prefer AES, others ChaCha20-Poly1305.
	ClientSuiteOrder bool

	// MLKEM allows the group X25519MLKEM768; set it to mlkem.KEM{}, for instance. Its messages of up to 1.3 KB need buffers of 2,048
	// bytes.
	MLKEM MLKEM

	// MLDSA allows signatures by ML-DSA in TLS 1.3; set it to mldsa.Scheme{}, for instance. Then identities may have such keys, and peers are
	// told that we prefer them to other keys. It needs PoolConfig.MLDSA, and a large buffer to receive chains of such certificates, which
	// have 4 to 8 KB each.
	MLDSA signature.MLDSA

	// P521 allows peers and authorities to sign by ECDSA with keys on P-521; set it to p521.ECDSA{}, for instance. We sign
	// nothing with such keys and exchange no keys on that curve.
	P521 signature.P521

	// ALPN lists our application protocols, preferred ones first (RFC 7301). If it is empty, a server ignores what clients offer. If it
	// is not, a handshake without a protocol in common fails; but a client that offers none is served.
	ALPN []string

	// Tickets, if not nil and with a key, lets the clients of a server resume their sessions. It needs a Clock. If ClientAuth asks for
	// certificates, it has no effect without ResumeClients.
	Tickets *TicketKeys

	// SessionCache, if not nil, lets clients of TLS 1.2 that do not know tickets resume their sessions with a server.
	SessionCache *SessionCache

	// ResumeClients lets clients resume that showed a certificate or a raw public key. What was verified then is not verified again, until
	// the session ends or the client's certificate expires. After an anchor or a pin has been removed, therefore, call Tickets.Rotate twice and
	// wipe the SessionCache. See EventPeerResumed.
	ResumeClients bool

	// Sessions, if not nil, lets a client resume its sessions. It needs a Clock.
	Sessions *Sessions

	// PSKs, if not nil, are keys that we share with peers: PSKServer makes them for servers, PSKClient for clients. A client without
	// Anchors then talks only to servers that have one of the keys, and a server without Identities only to clients that have one. Sessions that
	// begin with a key can be resumed as long as the server has the key; their tickets do not show which key it was.
	PSKs *PSKs

	// WithoutKeyExchange is for the smallest devices: handshakes by one of PSKs alone (psk_ke), which take a few hashes only. They have no
	// forward secrecy: who learns the key can read every connection that was recorded. A client then makes no other handshakes; a server
	// makes these with clients that offer nothing else.
	WithoutKeyExchange bool

	// EarlyData, if not nil, allows data before the handshake is done (0-RTT) when a session is resumed: EarlyDataServer for servers,
	// EarlyDataClient for clients. It needs Tickets or Sessions. Such data can be replayed: read about EarlyData first.
	EarlyData *EarlyData

	// Fallback says that a client repeats, with a lower MaxVersion, a connection that has failed, perhaps because somebody on the way wanted
	// it to. A server that speaks a higher version then refuses with inappropriate_fallback (RFC 7507).
	Fallback bool

	// FalseStart lets a client of TLS 1.2 that does not resume write as soon as it has sent its Finished, one round trip before the handshake
	// is done (RFC 7918). At that time the server has proven its key, but not that it saw the same hellos. An attacker may have changed
	// which suite, group and application protocol were chosen, so any of those that Config allows must be good enough. What is
	// received is still handed on only when the handshake is done.
	FalseStart bool

	// Stepwise makes each call of a Conn's methods do at most one public-key operation: see Conn.Work. An operation with
	// P-384 takes three times as long as one with P-256, a signature by RSA twenty times.
	Stepwise bool

	// Cookies, if not nil and with a key, keeps a server from holding memory for clients that have proven nothing: a connection
	// borrows a Handshake only when a whole ClientHello has come, and gives it back while a client answers a HelloRetryRequest. Conn.Server
	// then never returns ErrPoolEmpty.
	Cookies *Cookies

	// MaxClientHello is the length of the longest ClientHello that a server reads, in bytes, with its header of 4 bytes. 0 means as much as the
	// largest buffer holds. Those of today have 300 to 2,000 bytes.
	MaxClientHello uint16

	// RecordSizeLimit is how long the records may be that we receive from peers that know record_size_limit (RFC 8449) or, if they are
	// servers, max_fragment_length (RFC 6066): content, type and padding together, in bytes. 0 means as much as the largest
	// buffer holds. With PoolConfig.SmallSize-29 such peers never need a large buffer.
	RecordSizeLimit int

	// MaxFragment is how long the content of the records may be that we send, in bytes, even if the peer takes more. 0 means no limit but the
	// peer's. A peer can use a record only when all of it is there: through a slow link the first bytes of short records are usable sooner.
	MaxFragment int

	// Padding, if it is more than 1, hides the lengths of application data and handshake messages in TLS 1.3: their records are
	// padded to a multiple of so many bytes, as far as the buffers and the peer's limit allow.
	Padding int

	// WithoutServerName makes a client leave out server_name (RFC 6066, section 3), which everybody on the way can read. The server then
	// chooses a certificate without it, which must be for the name all the same. A server with WithoutServerName does not acknowledge
	// names: it is for those that have one certificate for whatever name they are called by. Small programs always acknowledge them.
	WithoutServerName bool

	// GREASE makes a client offer, and a server ask for, additional values that mean nothing (RFC 8701), so that peers keep ignoring
	// what they do not know.
	GREASE bool

	// Exporters must be set for Conn.Exporter to work.
	Exporters bool

	HostOnly
}

// ClientAuth is a server's policy for certificates of clients.
type ClientAuth uint8

const (
	// NoClientCert does not ask for a certificate.
	NoClientCert ClientAuth = iota
	// RequestClientCert asks; a client without one is let in, one with a bad certificate is not.
	RequestClientCert
	// RequireClientCert asks, and lets in only clients with a certificate that leads to one of Anchors.
	RequireClientCert
)

// Event is something that happened on a connection.
type Event struct {
	Kind EventKind
	// Alert is the alert of an EventAlertSent or EventAlertReceived.
	Alert Alert
	// Err is the reason of an EventFailed.
	Err error
	// Name is the server name that the client asked for in an EventClientHello; nil if none. Valid during the call.
	Name []byte
	// Message is the handshake message that caused an EventClientHello or EventCertificateRequest, with its header of 4 bytes. Package wire
	// parses it; in TLS 1.2 (Conn.Info().Version) the latter is a wire.CertificateRequest12. Valid during the call.
	Message []byte
	// Identity is what a client will show because of an EventCertificateRequest; nil if nothing suits.
	Identity *Identity
	// Certificate is the leaf of an EventPeerCertificate. It is a view of a receive buffer, valid during the call.
	Certificate *x509lite.Certificate
	// PublicKey is the SubjectPublicKeyInfo of an EventPeerRawKey, DER. Valid during the call.
	PublicKey []byte
	// OCSP is the OCSP response that a server sent for its certificate, DER, not verified; nil if it sent none. It comes with the
	// EventPeerCertificate, in TLS 1.2 with the EventStapled after it. Valid during the call.
	OCSP []byte
	// Session is a place in a server's session for a note of the application. What it writes there during an EventPeerCertificate or
	// EventPeerRawKey it finds there during the EventPeerResumed of every session that continues this one. Nil for clients. Valid during the
	// call.
	Session *[SessionNoteSize]byte
	// Skew is how many seconds older the ticket of an EventTicketAge is by the client's clock than by ours, with the time on the way.
	Skew int64
	// Notes, of an EventPeerCertificate, say what was accepted only because of Config.Legacy or Config.Floor.
	Notes x509lite.Notes
}

// EventKind says what happened.
type EventKind uint8

const (
	// EventClientHello: a ClientHello was read.
	EventClientHello EventKind = iota + 1
	// EventCertificateRequest: the server asks its client for a certificate. A client that has none that suits shows none (RFC 8446,
	// section 4.4.2), and the server may accept that. If the client should not, return an error from Veto.
	EventCertificateRequest
	// EventPeerCertificate: the peer's chain leads to a trust anchor. Only EventHandshakeDone proves that the peer also has the private
	// key.
	EventPeerCertificate
	// EventStapled: in TLS 1.2, the OCSP response for the certificate of the EventPeerCertificate before it has come.
	EventStapled
	// EventPeerRawKey: the peer shows a public key that is one of Config.RawPublicKeys. Only EventHandshakeDone proves that the peer also
	// has the private key.
	EventPeerRawKey
	// EventPeerResumed: a session is resumed that began with an EventPeerCertificate or EventPeerRawKey, or with a client's EventPSK. Only
	// EventHandshakeDone proves that it is the same peer.
	EventPeerResumed
	// EventPSK: both sides use the key of Config.PSKs whose identity is Name, or a server resumes a session that began with it. To a
	// client, only EventHandshakeDone proves that the server has the key.
	EventPSK
	// EventEarlyData: the client has offered early data, and Conn.Info().Early says what becomes of it. If the server rejected it, the client
	// has to write it again. It happens only with Config.EarlyData.
	EventEarlyData
	// EventTicketAge: a client resumes, and Skew says by how much its clock and ours disagree on the age of its ticket. It happens only to
	// servers with Config.EarlyData, whose Replays.Window must be wider than what is usual.
	EventTicketAge
	// EventHandshakeDone: both sides have confirmed the handshake; application data may flow.
	EventHandshakeDone
	// EventAlertSent and EventAlertReceived: an alert was queued or came.
	EventAlertSent
	EventAlertReceived
	// EventFailed: the connection is over because of Err.
	EventFailed
)

// checkServer reports the first thing that makes the configuration unusable for a server.
func (cfg *Config) checkServer() error {
	if err := cfg.check(); err != nil {
		return err
	}
	if !cfg.shows(X509) && !cfg.shows(RawPublicKey) && cfg.PSKs == nil {
		return ErrNoIdentity
	}
	if cfg.TLS12 != nil && cfg.TLS12.answer == nil {
		return ErrBadVersion
	}
	if cfg.EarlyData != nil && cfg.EarlyData.judge == nil || cfg.PSKs != nil && cfg.PSKs.server == nil ||
		cfg.CertificateCompression != nil && !cfg.CertificateCompression.forServers() {
		return ErrRole
	}
	if cfg.ClientAuth > RequireClientCert {
		return ErrUnknownClientAuth
	}
	if cfg.ClientAuth != NoClientCert && !cfg.judges() {
		return ErrNoAnchors
	}
	return nil
}

// checkClient reports the first thing that makes the configuration unusable for a client of the server called name.
func (cfg *Config) checkClient(name string) error {
	if err := cfg.check(); err != nil {
		return err
	}
	if name == "" {
		return ErrNoServerName
	}
	if cfg.TLS12 != nil && cfg.TLS12.accept == nil {
		return ErrBadVersion
	}
	if cfg.EarlyData != nil && cfg.EarlyData.offer == nil || cfg.PSKs != nil && cfg.PSKs.server != nil ||
		cfg.CertificateCompression != nil && cfg.CertificateCompression.forServers() {
		return ErrRole
	}
	for i := range len(name) {
		b := name[i] | 0x20
		if (b < 'a' || b > 'z') && (name[i] < '0' || name[i] > '9') && name[i] != '-' && name[i] != '.' && name[i] != ':' && name[i] != '_' {
			return ErrNoServerName
		}
	}
	if cfg.WithoutKeyExchange && cfg.TLS12 != nil {
		return ErrBadVersion
	}
	if !cfg.judges() && cfg.PSKs == nil {
		return ErrNoAnchors
	}
	return nil
}

// check reports the first thing that makes the configuration unusable for both.
func (cfg *Config) check() error {
	if cfg.Rand == nil {
		return ErrNoEntropy
	}
	for i := range cfg.Identities {
		if len(cfg.Identities[i].Chain) == 0 || cfg.Identities[i].Key == nil {
			return ErrNoIdentity
		}
		if len(cfg.Identities[i].OCSP) > wire.MaxOCSP {
			return ErrLongOCSP
		}
		if cfg.MLDSA == nil && supportsMLDSA(cfg.Identities[i].Key) {
			return ErrNoMLDSA
		}
	}
	if cfg.MaxVersion != 0 && cfg.MaxVersion != wire.VersionTLS13 && (cfg.MaxVersion != wire.VersionTLS12 || !cfg.speaks12()) {
		return ErrBadVersion
	}
	for _, id := range cfg.Suites {
		if suiteByID(id) == nil && !cfg.TLS12.knows(id) {
			return ErrUnknownSuite
		}
	}
	if !cfg.schemesKnown() {
		return ErrUnknownScheme
	}
	for _, g := range cfg.Groups {
		if !g.known(cfg) {
			return ErrUnknownGroup
		}
	}
	if !cfg.sharesPossible() {
		return ErrBadKeyShares
	}
	for _, p := range cfg.ALPN {
		if len(p) == 0 || len(p) > 255 {
			return ErrBadProtocol
		}
	}
	if cfg.Padding < 0 || cfg.Padding > record.MaxPlaintext {
		return ErrBadPadding
	}
	keys := cfg.psks()
	if len(keys) == 0 && (cfg.WithoutKeyExchange || cfg.PSKs != nil) {
		return ErrBadPSK
	}
	for i := range keys {
		if !keys[i].usable() {
			return ErrBadPSK
		}
	}
	if l := cfg.RecordSizeLimit; l != 0 && (l < MinRecordSizeLimit || l > MaxRecordSizeLimit) {
		return ErrBadRecordLimit
	}
	if l := cfg.MaxFragment; l != 0 && (l < MinRecordSizeLimit || l > record.MaxPlaintext) {
		return ErrBadRecordLimit
	}
	return nil
}

func supportsMLDSA(key Signer) bool {
	return key.Supports(signature.MLDSA44) || key.Supports(signature.MLDSA65) || key.Supports(signature.MLDSA87)
}

// schemesKnown reports whether SignatureSchemes are implemented, each there once, and some of them for handshakes.
func (cfg *Config) schemesKnown() bool {
	useful := len(cfg.SignatureSchemes) == 0
	for i, s := range cfg.SignatureSchemes {
		if !cfg.implements(s) || includes(cfg.SignatureSchemes[:i], s) {
			return false
		}
		useful = useful || cfg.speaks13() && !s.CertificatesOnly() || cfg.speaks12() && !s.MLDSA()
	}
	return useful
}

// onlyRSA reports whether peers may sign by RSA alone.
func (cfg *Config) onlyRSA() bool {
	for _, s := range cfg.signatureSchemes() {
		if !s.RSA() {
			return false
		}
	}
	return true
}

// speaks12 reports whether TLS 1.2 is allowed, with any suite.
func (cfg *Config) speaks12() bool {
	if cfg.TLS12 == nil {
		return false
	}
	for _, id := range cfg.Suites {
		if cfg.TLS12.knows(id) {
			return true
		}
	}
	return len(cfg.Suites) == 0
}

// speaks13 reports whether TLS 1.3 is allowed, with any suite.
func (cfg *Config) speaks13() bool {
	if cfg.MaxVersion == wire.VersionTLS12 {
		return false
	}
	for _, id := range cfg.Suites {
		if suiteByID(id) != nil {
			return true
		}
	}
	return len(cfg.Suites) == 0
}

func (cfg *Config) suites() []SuiteID {
	if len(cfg.Suites) == 0 {
		return defaultSuites[:]
	}
	return cfg.Suites
}

func (cfg *Config) groups() []GroupID {
	switch {
	case len(cfg.Groups) > 0:
		return cfg.Groups
	case cfg.MLKEM != nil:
		return hybridGroups[:]
	}
	return defaultGroups[:]
}

// profile returns the profile for the peer's chain. A small program cannot verify what others of them admit.
func (cfg *Config) profile() x509lite.Profile {
	if profile.Small {
		return x509lite.ProfileP256
	}
	return cfg.Profile
}

// withoutRSA reports whether the profile admits no RSA.
func (cfg *Config) withoutRSA() bool {
	p := cfg.profile()
	return p == x509lite.ProfileSuiteB || p == x509lite.ProfileP256
}

func (cfg *Config) now() int64 {
	if cfg.Clock == nil {
		return 0
	}
	return cfg.Clock()
}
