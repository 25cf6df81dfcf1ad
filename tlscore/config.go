package tlscore

import (
	"io"

	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// Config is what connections have in common. It is read only: many connections may share it, and nobody may change it while
// one of them lives.
type Config struct {
	// Identities are our certificates, each with its key, the one to fall back on first. The key has to fit the peer's
	// signature schemes; of those that do, one for the name that the client asks for is best, then one from an authority that
	// the peer names, then one whose certificates are signed under schemes that the peer knows. A client may do without.
	Identities []Identity

	// RefuseUnknownNames refuses clients that ask for a name that no certificate of ours bears, with unrecognized_name.
	// Otherwise they are shown what there is. Clients that ask for no name are always served.
	RefuseUnknownNames bool

	// SendAuthorities tells clients, together with the request for a certificate, the names of Anchors, if they are at most
	// 16 and take no more than 400 bytes. Clients with several certificates need it to choose one.
	SendAuthorities bool

	// ClientAuth says whether clients must show a certificate.
	ClientAuth ClientAuth

	// Anchors are the trust anchors that the peer's chain must end at.
	Anchors *x509lite.Anchors

	// RawPublicKeys, if not nil, are the public keys that peers may show in the place of a certificate (RFC 7250):
	// PinKeys. No name and no date is checked of them. Without Anchors nothing else is accepted.
	RawPublicKeys *PinnedKeys

	// PeerCertificateTypes are the certificate types (RFC 7250) that peers may show, those that we would rather see first; CertificateTypes
	// are those that we show, of which a server takes the first if it has identities of both that suit a client equally well. A type
	// that there is nothing for, neither Anchors nor RawPublicKeys, or no identity, does not count. Empty ones stand for both types,
	// raw public keys first; a server shows its identities in their own order then.
	PeerCertificateTypes, CertificateTypes []CertificateType

	// Profile says which hashes and keys are acceptable in the peer's chain, and Legacy which habits of old tools are
	// admitted in it; those that were needed are in the Notes of EventPeerCertificate.
	Profile x509lite.Profile
	Legacy  x509lite.Legacy

	// Tickets, if not nil and with a key, lets a server's clients resume their sessions. It needs a Clock. While ClientAuth asks for
	// certificates, it is used only with ResumeClients.
	Tickets *TicketKeys

	// ResumeClients lets also clients resume that showed a certificate or a raw public key: what was verified then is not verified again,
	// until the first certificate of the chain ends or the session does. Who takes away an anchor or a pin makes new keys of Tickets,
	// twice, and wipes the SessionCache. See EventPeerResumed.
	ResumeClients bool

	// SessionCache, if not nil, lets clients of TLS 1.2 that know no tickets resume their sessions with a server, as Tickets do.
	SessionCache *SessionCache

	// Stepwise makes every call of a Conn's methods do at most one operation of public-key cryptography: see Conn.Work. An operation with
	// P-384 takes three times as long as one with P-256, a signature by RSA twenty times.
	Stepwise bool

	// RequestOCSP makes a client ask for an OCSP response with the server's certificate. What comes is handed to Events as it
	// is, and not verified; a server may send none.
	RequestOCSP bool

	// GREASE makes a client offer, and a server ask for, besides what it means, values that mean nothing (RFC 8701).
	GREASE bool

	// EarlyData, if not nil, allows data in the first flight of clients that resume (0-RTT), which can be replayed: EarlyDataServer for
	// servers, EarlyDataClient for clients. It needs Tickets or Sessions. Read about EarlyData first.
	EarlyData *EarlyData

	// Cookies, if not nil and with a key, keeps a server from holding memory for clients that have proven nothing: a connection
	// borrows a Handshake when a whole ClientHello has come, and none while a HelloRetryRequest is answered; Conn.Server never returns
	// ErrPoolEmpty then.
	Cookies *Cookies

	// Sessions, if not nil, lets a client resume its sessions. It needs a Clock.
	Sessions *Sessions

	// PSKs, if not nil, are keys that we share with peers: PSKServer for servers, PSKClient for clients. Both may do
	// without certificates: a client without Anchors talks to servers with one of the keys only, as a server without Identities does
	// to clients. Sessions that begin with a key can be resumed, as long as the server has the key; their tickets do not show which.
	PSKs *PSKs

	// WithoutKeyExchange is for the smallest devices: handshakes by one of PSKs alone (psk_ke), which take a few hashes and have no
	// forward secrecy: who learns the key reads every connection that was recorded. A client makes no others; a server allows them
	// to clients that can do nothing else.
	WithoutKeyExchange bool

	// WithoutServerName makes a client leave out server_name (RFC 6066, section 3), which everybody on the way can read. The server, which
	// shows the certificate that it has for clients without one, must prove the name all the same.
	WithoutServerName bool

	// Exporters makes Conn.Exporter work.
	Exporters bool

	// Padding, if it is more than 1, hides how long application data and handshake messages are in TLS 1.3: their records are
	// padded, with type and padding, to a multiple of so many bytes, as far as buffers and the peer's limit allow.
	Padding int

	// ALPN lists our application protocols in order of preference (RFC 7301). Empty: the extension is ignored. If it
	// is not empty and the client's list has none of them, the handshake fails.
	ALPN []string

	// Suites and Groups are in order of preference. Empty ones stand for all that are implemented, but for the suites with CCM. A
	// client sends a key share for the first group only, and of X25519MLKEM768 the half that is X25519 as well, if that is among the
	// groups, unless KeyShares says otherwise; a server that wants another asks for it.
	Suites []SuiteID
	Groups []GroupID

	// KeyShares are the groups, of Groups, that a client sends a key share for, if it is not the first alone: one of them, or two. Those of
	// X25519MLKEM768 and X25519 share a key; two others are made in one step, for all that Stepwise says. There is no memory for more. A
	// server that wants another group asks for it.
	KeyShares []GroupID

	// FalseStart lets a client of TLS 1.2 write when it has sent its Finished, one round trip before the handshake is done (RFC 7918), unless it
	// resumes. The server has proven its key by then, but not yet that it has seen the same hellos: who writes has to be content with any
	// of Suites and Groups, and with what the ALPN says. What is read has waited for the end of the handshake, as ever.
	FalseStart bool

	// ClientSuiteOrder makes a server take the first of the client's suites that it has, not the first of its own: clients with
	// instructions for AES prefer that, and others ChaCha20-Poly1305.
	ClientSuiteOrder bool

	// SignatureSchemes are those under which peers may sign handshakes, in order of preference. Empty ones stand for all that are implemented,
	// and that there is memory for. A server that asks for certificates speaks TLS 1.2 only with some whose hash is SHA-256 or SHA-384, or
	// others that PoolConfig.Messages lets it verify, and not of RSA-PSS keys. Peers should sign their certificates under them too, but how
	// those are judged, Profile says. What we sign with, Identities say.
	SignatureSchemes []signature.Scheme

	// RecordSizeLimit bounds the records that peers send who know record_size_limit (RFC 8449) or, as servers,
	// max_fragment_length (RFC 6066): the content of a record, its type and padding, in bytes. 0 stands for what the largest
	// buffer holds. With SmallSize-29 such peers never need a large buffer.
	RecordSizeLimit int

	// MaxFragment bounds the content of the records that we send, in bytes, whatever the peer can take; 0 stands for its limit alone.
	// A peer can do nothing with a record before all of it is there: short ones get the first bytes through a slow link sooner.
	MaxFragment int

	// MLKEM makes the group X25519MLKEM768 possible, mlkem.KEM{} for instance. Its messages of up to 1.3 KB want buffers of 2,048
	// bytes.
	MLKEM MLKEM

	// MLDSA makes signatures by ML-DSA possible, mldsa.Scheme{} for instance, in TLS 1.3: those of peers and of their certificates are
	// asked for first, and identities may have such keys. It wants PoolConfig.MLDSA, and to receive a chain of such certificates, of 4
	// to 8 KB each, a large buffer.
	MLDSA signature.MLDSA

	// P521 verifies the signatures of peers and certificates by ECDSA with keys on the curve P-521, p521.ECDSA{} for instance. We make
	// none, and no key exchange on it.
	P521 signature.P521

	// TLS12, if not nil, allows TLS 1.2 with peers that do not speak TLS 1.3: TLS12Server() for servers, TLS12Client() for
	// clients. Its suites are in Suites too, and a version of which Suites, if it is not empty, has none is not spoken. Suites with RSA in their name
	// need an identity with an RSA key, those with ECDSA one on a curve.
	TLS12 *Protocol12

	// MaxVersion is the newest version to speak: 0 stands for TLS 1.3, 0x0303 for TLS 1.2, which TLS12 then must name.
	MaxVersion uint16

	// MaxClientHello bounds the ClientHello that a server reads, its header of 4 bytes included; 0 stands for what the largest
	// buffer holds. Those of today have 300 to 2,000 bytes.
	MaxClientHello uint16

	// Clock returns the time in Unix seconds, 0 while it is unknown. Without a clock no certificate is in date, unless
	// Floor, a time that has certainly passed (of the firmware's build, for instance), stands in for it: see
	// x509lite.Options.
	Clock func() int64
	Floor int64

	// Rand is the source of all randomness. It must be cryptographically secure. A failed read ends the connection.
	Rand io.Reader

	HostOnly

	// Veto, if not nil, has the last word on what would otherwise go on: it is asked before Events is told of an EventClientHello,
	// EventCertificateRequest, EventPeerCertificate, EventStapled, EventPeerRawKey, EventPeerResumed or EventPSK, and an error that it returns ends the connection.
	// The peer is told the alert that AlertFor has for it: a Refusal chooses one, and those of x509lite, ErrRevoked for instance, have theirs.
	// It can make nothing good that was refused already. What holds for Events holds for it.
	Veto func(c *Conn, e Event) error

	// Events, if not nil, is told what happens on a connection. It runs inside the connection's calls, and must not call
	// any of the connection's methods but Info and Exporter.
	Events func(c *Conn, e Event)
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
	// Message is the message behind an EventClientHello or EventCertificateRequest, with its header: package wire reads it, the latter as
	// a CertificateRequest12 if Conn.Info().Version is that of TLS 1.2. Valid during the call.
	Message []byte
	// Identity is what a client will show because of an EventCertificateRequest; nil if nothing suits.
	Identity *Identity
	// Certificate is the leaf of an EventPeerCertificate. It is a view of a receive buffer, valid during the call.
	Certificate *x509lite.Certificate
	// PublicKey is the SubjectPublicKeyInfo of an EventPeerRawKey, DER. Valid during the call.
	PublicKey []byte
	// OCSP is the OCSP response that a server sent with the certificate of an EventPeerCertificate, or in TLS 1.2 behind it as an
	// EventStapled, DER, unverified; nil if none. Valid during the call.
	OCSP []byte
	// Session is the application's part of a server's session: whatever it writes there at an EventPeerCertificate or EventPeerRawKey, it
	// finds there at the EventPeerResumed of every session that continues this one. Nil for clients. Valid during the call.
	Session *[SessionNoteSize]byte
	// Notes say what was admitted only because of Config.Legacy or Config.Floor, for an EventPeerCertificate.
	Notes x509lite.Notes
}

// EventKind says what happened.
type EventKind uint8

const (
	// EventClientHello: a ClientHello was read.
	EventClientHello EventKind = iota + 1
	// EventCertificateRequest: the server asks its client for a certificate. A client without one that suits shows none (RFC 8446,
	// section 4.4.2), and the server may go on; who would rather not has a Veto.
	EventCertificateRequest
	// EventPeerCertificate: the peer's chain leads to a trust anchor. That the peer holds its key is proven only when
	// EventHandshakeDone follows.
	EventPeerCertificate
	// EventStapled: in TLS 1.2, the OCSP response for the certificate of the EventPeerCertificate before.
	EventStapled
	// EventPeerRawKey: the peer shows a public key that is one of Config.RawPublicKeys. That it holds the private part is proven
	// only when EventHandshakeDone follows.
	EventPeerRawKey
	// EventPeerResumed: the session that is resumed began with an EventPeerCertificate or EventPeerRawKey, or with a client's EventPSK. That it is the same peer
	// is proven only when EventHandshakeDone follows.
	EventPeerResumed
	// EventPSK: the two sides share the key of Config.PSKs that Name is the identity of, or a server resumes a session that began with it.
	// That the server has it is proven to its client only when EventHandshakeDone follows.
	EventPSK
	// EventEarlyData: the client has offered early data, and Conn.Info().Early says what becomes of it. If a server rejects it, a client
	// has to write again what it wrote. Only with Config.EarlyData.
	EventEarlyData
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
	if cfg.EarlyData != nil && cfg.EarlyData.judge == nil || cfg.PSKs != nil && cfg.PSKs.server == nil {
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
	if cfg.EarlyData != nil && cfg.EarlyData.offer == nil || cfg.PSKs != nil && cfg.PSKs.server != nil {
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
