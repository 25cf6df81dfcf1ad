package tlscore

import (
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// Error says why a connection failed or could not begin. The constants are grouped by who is at fault: the peer broke a rule,
// the peer wants something that we do not do, the peer's certificate is not acceptable, our caller made a mistake, or we failed.
type Error uint8

const (
	// The peer misbehaved.

	// ErrUnexpectedMessage: a message came that the state does not allow.
	ErrUnexpectedMessage Error = iota + 1
	// ErrUnexpectedRecord: a record of a type came that the state does not allow.
	ErrUnexpectedRecord
	// ErrEmptyFragment: a handshake or alert record without content (RFC 8446, sections 5.1 and 5.4).
	ErrEmptyFragment
	// ErrInterleaved: another record came between the fragments of a handshake message (RFC 8446, section 5.1).
	ErrInterleaved
	// ErrKeyChangeInMessage: handshake bytes follow, in the same record, a message after which keys change.
	ErrKeyChangeInMessage
	// ErrTooManyKeyShares: more key shares than the bound in the package documentation.
	ErrTooManyKeyShares
	// ErrMalformedAlert: an alert record that is not two bytes long.
	ErrMalformedAlert
	// ErrMalformedMessage: a message whose parts contradict each other.
	ErrMalformedMessage
	// ErrUselessRecords: more records in a row that carry nothing than the bound in the package documentation.
	ErrUselessRecords
	// ErrCompression: legacy_compression_methods is not the null method alone (RFC 8446, section 4.1.2).
	ErrCompression
	// ErrKeyShareTwice: two key shares of one group (RFC 8446, section 4.2.8).
	ErrKeyShareTwice
	// ErrKeyShareUnlisted: a key share of a group that supported_groups does not list (RFC 8446, section 4.2.8).
	ErrKeyShareUnlisted
	// ErrBadKeyShare: the peer's key share is not a valid public key.
	ErrBadKeyShare
	// ErrHelloChanged: the second ClientHello differs from the first where it may not (RFC 8446, section 4.1.2).
	ErrHelloChanged
	// ErrRetryIgnored: the second ClientHello lacks the one key share, or the cookie, that was asked for.
	ErrRetryIgnored
	// ErrBadCookie: the cookie of the second ClientHello is not ours, or not for this connection, or its key has been rotated away.
	ErrBadCookie
	// ErrMissingExtension: a message without an extension that RFC 8446, section 9.2, demands.
	ErrMissingExtension
	// ErrBadServerName: server_name holds no host name.
	ErrBadServerName
	// ErrRequestContext: certificate_request_context is not the one of the request.
	ErrRequestContext
	// ErrBadScheme: CertificateVerify uses a scheme that was not offered or does not fit the key.
	ErrBadScheme
	// ErrBadSignature: the signature of CertificateVerify is wrong: the peer does not hold the key of its certificate.
	ErrBadSignature
	// ErrBadBinder: the client shows a ticket of ours, or names a key of Config.PSKs, without knowing the key (RFC 8446, section
	// 4.2.11).
	ErrBadBinder
	// ErrBadFinished: the Finished MAC is wrong: the two sides have not seen the same handshake.
	ErrBadFinished
	// ErrBadKeyUpdate: request_update is neither of its two values (RFC 8446, section 4.6.3).
	ErrBadKeyUpdate
	// ErrBadServerHello: a ServerHello that answers what was not asked: another session ID, suite, group or version.
	ErrBadServerHello
	// ErrBadRetry: a HelloRetryRequest that changes nothing, or asks for what was not offered (RFC 8446, section 4.1.4).
	ErrBadRetry
	// ErrDowngrade: the server knows TLS 1.3 and answers with less: somebody has changed our hello (RFC 8446, section 4.1.3).
	ErrDowngrade
	// ErrEmptyChain: a server without a certificate (RFC 8446, section 4.4.2).
	ErrEmptyChain
	// ErrProtocolNotOffered: the server selects an application protocol that was not offered (RFC 7301, section 3.2).
	ErrProtocolNotOffered
	// ErrRenegotiation: the peer of an established connection wants to negotiate anew.
	ErrRenegotiation
	// ErrRenegotiationInfo: the renegotiation_info of a first hello is not empty (RFC 5746, section 3.4 and 3.6).
	ErrRenegotiationInfo
	// ErrPointFormats: ec_point_formats lacks the uncompressed one (RFC 8422, section 5.1.2).
	ErrPointFormats
	// ErrFallback: the client says that it speaks an older version only because a newer one failed, but we would have spoken the
	// newer one: somebody has interfered (RFC 7507).
	ErrFallback
	// ErrBadLimit: the server answers both record_size_limit and max_fragment_length, or with another length than was asked
	// for (RFC 8449, section 5).
	ErrBadLimit
	// ErrBadCertificateType: the server chooses a certificate type that was not offered, or a raw public key does not come alone
	// (RFC 7250; RFC 8446, section 4.4.2).
	ErrBadCertificateType
	// ErrCompressionNotOffered: the peer's certificate is compressed by an algorithm that we have not offered (RFC 8879, section 4).
	ErrCompressionNotOffered
	// ErrTooMuchEarlyData: more early data than the ticket allows, or than a server skips (RFC 8446, section 4.2.10).
	ErrTooMuchEarlyData
	// ErrBadEarlyData: the server accepts early data, but not the session, cipher suite or application protocol that it was sent in (RFC
	// 8446, section 4.2.10).
	ErrBadEarlyData
	// ErrTruncated: the transport ended without close_notify; what was received may be incomplete.
	ErrTruncated
	// ErrClosedEarly: the transport ended, or close_notify came, before the handshake was complete.
	ErrClosedEarly

	// The peer is not compatible.

	// ErrRecordVersion: a record of another version where TLS 1.2 was negotiated.
	ErrRecordVersion
	// ErrVersion: the peer does not speak TLS 1.3, nor TLS 1.2 if that is allowed.
	ErrVersion
	// ErrNoExtendedMaster: a peer of TLS 1.2 without extended_master_secret (RFC 7627).
	ErrNoExtendedMaster
	// ErrNoCipherSuite: no cipher suite in common.
	ErrNoCipherSuite
	// ErrNoGroup: no key exchange group in common.
	ErrNoGroup
	// ErrNoScheme: none of our certificates can be used with the peer's signature schemes.
	ErrNoScheme
	// ErrNoProtocol: no application protocol in common (RFC 7301).
	ErrNoProtocol
	// ErrUnknownName: the client asks for a name that no certificate of ours bears, and Config.RefuseUnknownNames is set.
	ErrUnknownName
	// ErrNoCertificateType: no certificate type in common (RFC 7250, section 4.2).
	ErrNoCertificateType
	// ErrNoPSK: the client names none of our pre-shared keys that we could use, and Config.Identities is empty.
	ErrNoPSK
	// ErrPSKRefused: the server uses none of our pre-shared keys, and Config.Anchors is empty.
	ErrPSKRefused
	// ErrMessageTooLong: a handshake message does not fit the largest buffer of the pool.
	ErrMessageTooLong
	// ErrRecordTooLong: a record, though the protocol allows it, does not fit the largest buffer of the pool.
	ErrRecordTooLong

	// The peer's certificate; most reasons are those of x509lite.

	// ErrNoCertificate: the client has no certificate and must have one.
	ErrNoCertificate
	// ErrNoCertificate12: the same in TLS 1.2, which has no alert for it.
	ErrNoCertificate12
	// ErrMessagesTooLong: a client of TLS 1.2 signs under a scheme that takes the messages themselves, and PoolConfig.Messages is too
	// little for them.
	ErrMessagesTooLong
	// ErrChainTooLong: the peer sent more than MaxChain certificates.
	ErrChainTooLong
	// ErrDecompression: the peer's certificate cannot be decompressed, or not to the length that was announced.
	ErrDecompression
	// ErrLongCertificate: the peer's certificate would be longer, decompressed, than MaxCertificate, or than our buffers.
	ErrLongCertificate

	// Our own caller.

	// ErrNoIdentity: Config names no certificate with its key.
	ErrNoIdentity
	// ErrNoEntropy: Config has no source of randomness, or it failed.
	ErrNoEntropy
	// ErrNoAnchors: the peer's certificate has to be judged, and Config names no trust anchor for it.
	ErrNoAnchors
	// ErrUnknownSuite: Config lists a cipher suite that is not implemented.
	ErrUnknownSuite
	// ErrUnknownScheme: Config.SignatureSchemes lists a scheme that is not implemented or stands there twice, or none under which a
	// handshake of the versions that Config allows can be signed.
	ErrUnknownScheme
	// ErrBadKeyShares: Config.KeyShares has one that is not among the groups, or one twice, or more than two.
	ErrBadKeyShares
	// ErrUnknownGroup: Config lists a group that is not implemented.
	ErrUnknownGroup
	// ErrNoServerName: the name that a client was given is empty or not a host name or address.
	ErrNoServerName
	// ErrUnknownClientAuth: Config.ClientAuth is none of its constants.
	ErrUnknownClientAuth
	// ErrBadProtocol: Config.ALPN has an entry that is empty or longer than 255 bytes.
	ErrBadProtocol
	// ErrBadRecordLimit: Config.RecordSizeLimit is neither 0 nor between MinRecordSizeLimit and MaxRecordSizeLimit, or Config.MaxFragment
	// neither 0 nor between MinRecordSizeLimit and 16384.
	ErrBadRecordLimit
	// ErrLongOCSP: an Identity.OCSP is too long for its extension.
	ErrLongOCSP
	// ErrBadVersion: Config.MaxVersion is not a version, or one that Config.TLS12 does not allow; or TLS12 is for the other
	// role; or a client has both TLS12 and WithoutKeyExchange.
	ErrBadVersion
	// ErrRole: Config.EarlyData, PSKs or CertificateCompression are for the other role.
	ErrRole
	// ErrBadPadding: Config.Padding is negative or longer than a record.
	ErrBadPadding
	// ErrBadPSK: Config.PSKs has an entry whose identity is empty or too long, whose key is too short, or whose hash is unknown.
	ErrBadPSK
	// ErrPoolEmpty: the pool has no handshake to lend; refuse the connection.
	ErrPoolEmpty
	// ErrPoolTooSmall: the pool's buffers cannot hold what has to be sent, or it is without a verifier and one is needed.
	ErrPoolTooSmall
	// ErrNoMLDSA: an identity has a key for ML-DSA, and Config.MLDSA is not set.
	ErrNoMLDSA
	// ErrNoMLDSARoom: Config.MLDSA is set, and the memory's handshakes have no room for its keys and signatures.
	ErrNoMLDSARoom
	// ErrPending: a Signer returns it if the signature will be given to Conn.Signed. No connection ends with it.
	ErrPending
	// ErrMisuse: more of a window was acknowledged than it has, or a signature was given that nobody waits for.
	ErrMisuse
	// ErrKeyWornOut: a connection of TLS 1.2 has sent as much as one key may protect; connect again.
	ErrKeyWornOut
	// ErrAborted: the caller gave the connection up.
	ErrAborted

	// Ourselves.

	// ErrSigning: the private key operation failed.
	ErrSigning

	numErrors
)

// texts says what the errors of this package mean. It stands apart from alerts, because programs that print no errors do not link it.
var texts = [numErrors]string{
	ErrUnexpectedMessage:     "handshake message out of order",
	ErrUnexpectedRecord:      "record of a type that is not due",
	ErrEmptyFragment:         "empty handshake or alert record",
	ErrInterleaved:           "a record between the fragments of a handshake message",
	ErrKeyChangeInMessage:    "handshake data under the old key behind the last message for it",
	ErrTooManyKeyShares:      "more key shares than any client needs",
	ErrMalformedAlert:        "malformed alert",
	ErrMalformedMessage:      "malformed handshake message",
	ErrUselessRecords:        "too many records that carry nothing",
	ErrCompression:           "the client demands compression",
	ErrKeyShareTwice:         "two key shares of one group",
	ErrKeyShareUnlisted:      "a key share of a group the client does not list",
	ErrBadKeyShare:           "the key share is not a valid public key",
	ErrHelloChanged:          "the second ClientHello is not a repetition of the first",
	ErrRetryIgnored:          "the second ClientHello lacks the key share or the cookie that was asked for",
	ErrBadCookie:             "the cookie of the second ClientHello is not ours",
	ErrMissingExtension:      "a message lacks an extension that TLS 1.3 demands",
	ErrBadServerName:         "server_name is not a host name",
	ErrRequestContext:        "certificate_request_context is not ours",
	ErrBadScheme:             "the signature scheme was not offered or does not fit the key",
	ErrBadSignature:          "the peer does not hold the private key of its certificate",
	ErrBadBinder:             "the client does not know the key of its ticket or identity",
	ErrBadFinished:           "the Finished message is wrong",
	ErrBadKeyUpdate:          "request_update has no such value",
	ErrBadServerHello:        "the ServerHello does not answer our ClientHello",
	ErrBadRetry:              "the HelloRetryRequest asks for nothing that we can change",
	ErrDowngrade:             "the handshake was downgraded from TLS 1.3",
	ErrEmptyChain:            "the server shows no certificate",
	ErrProtocolNotOffered:    "the server selects an application protocol that was not offered",
	ErrRenegotiation:         "the peer wants to renegotiate",
	ErrRenegotiationInfo:     "renegotiation_info claims a negotiation before the first",
	ErrPointFormats:          "ec_point_formats lacks the uncompressed form",
	ErrFallback:              "the client has fallen back from a version that we speak",
	ErrBadLimit:              "the server chooses another limit of records than was offered",
	ErrBadCertificateType:    "another certificate type than was agreed on",
	ErrCompressionNotOffered: "the certificate is compressed by an algorithm that was not offered",
	ErrTooMuchEarlyData:      "more early data than is allowed",
	ErrBadEarlyData:          "early data is accepted in another session, suite or protocol than it was sent in",
	ErrTruncated:             "the transport ended without close_notify",
	ErrClosedEarly:           "closed during the handshake",

	ErrVersion:           "the peer speaks no version of TLS that we do",
	ErrRecordVersion:     "record of a version that was not negotiated",
	ErrNoCipherSuite:     "no cipher suite in common",
	ErrNoGroup:           "no key exchange group in common",
	ErrNoScheme:          "none of our certificates fits the peer's signature schemes",
	ErrNoProtocol:        "no application protocol in common",
	ErrUnknownName:       "no certificate for the name that the client asks for",
	ErrNoCertificateType: "neither certificates nor raw public keys are known to both sides",
	ErrNoPSK:             "the client names no pre-shared key that we could use, and we have no certificate",
	ErrPSKRefused:        "the server knows none of our pre-shared keys, and its certificate cannot be judged",
	ErrRecordTooLong:     "record longer than our buffers",
	ErrMessageTooLong:    "handshake message longer than our buffers",
	ErrNoExtendedMaster:  "the peer does not know extended_master_secret",

	ErrNoCertificate:   "TLS client has no certificate",
	ErrNoCertificate12: "TLS 1.2 client has no certificate",
	ErrMessagesTooLong: "the messages that the client signs are longer than PoolConfig.Messages",
	ErrChainTooLong:    "the peer sent too many certificates",
	ErrDecompression:   "the certificate cannot be decompressed to the length that was announced",
	ErrLongCertificate: "the certificate would be too long decompressed",

	ErrNoIdentity:        "Config has no identity: give a certificate and its key",
	ErrNoEntropy:         "no entropy: Config.Rand is absent or failed",
	ErrNoAnchors:         "Config.Anchors is empty: there is nothing to judge the peer's certificate by",
	ErrUnknownSuite:      "Config.Suites lists a cipher suite that is not implemented",
	ErrUnknownScheme:     "Config.SignatureSchemes lists a scheme that is not implemented, or none that will do",
	ErrBadKeyShares:      "Config.KeyShares are not among the groups, or too many",
	ErrUnknownGroup:      "Config.Groups lists a group that is not implemented",
	ErrNoServerName:      "a client needs the server's name or address, to verify its certificate",
	ErrUnknownClientAuth: "Config.ClientAuth has an unknown value",
	ErrBadProtocol:       "Config.ALPN has an entry that is empty or too long",
	ErrBadRecordLimit:    "Config.RecordSizeLimit is not between 64 and 16385, or MaxFragment beyond 64 to 16384",
	ErrLongOCSP:          "an Identity.OCSP is longer than 65,527 bytes",
	ErrBadVersion:        "Config.MaxVersion or Config.TLS12 does not fit",
	ErrRole:              "Config.EarlyData, PSKs or CertificateCompression are for the other role",
	ErrBadPadding:        "Config.Padding is negative or longer than a record",
	ErrBadPSK:            "Config.PSKs is empty, or has an entry with a short key, an empty or long identity or an unknown hash",
	ErrPoolEmpty:         "all handshakes of the pool are in use",
	ErrPoolTooSmall:      "the pool's buffers are too small for the handshake, or it is without a verifier",
	ErrNoMLDSA:           "an identity has a key for ML-DSA: set Config.MLDSA, to mldsa.Scheme{} for instance",
	ErrNoMLDSARoom:       "the pool has no room for ML-DSA: set PoolConfig.MLDSA",
	ErrPending:           "the signature is still being made",
	ErrMisuse:            "a window was acknowledged beyond its end, or an unwanted signature given",
	ErrKeyWornOut:        "the key of the connection has protected all it should",
	ErrAborted:           "given up by the application",

	ErrSigning: "signing with the private key failed",
}

// alerts says what the peer is told.
var alerts = [numErrors]Alert{
	ErrUnexpectedMessage:     AlertUnexpectedMessage,
	ErrUnexpectedRecord:      AlertUnexpectedMessage,
	ErrEmptyFragment:         AlertUnexpectedMessage,
	ErrInterleaved:           AlertUnexpectedMessage,
	ErrKeyChangeInMessage:    AlertUnexpectedMessage,
	ErrTooManyKeyShares:      AlertIllegalParameter,
	ErrMalformedAlert:        AlertDecodeError,
	ErrMalformedMessage:      AlertDecodeError,
	ErrUselessRecords:        AlertUnexpectedMessage,
	ErrCompression:           AlertIllegalParameter,
	ErrKeyShareTwice:         AlertIllegalParameter,
	ErrKeyShareUnlisted:      AlertIllegalParameter,
	ErrBadKeyShare:           AlertIllegalParameter,
	ErrHelloChanged:          AlertIllegalParameter,
	ErrRetryIgnored:          AlertIllegalParameter,
	ErrBadCookie:             AlertIllegalParameter,
	ErrMissingExtension:      AlertMissingExtension,
	ErrBadServerName:         AlertIllegalParameter,
	ErrRequestContext:        AlertIllegalParameter,
	ErrBadScheme:             AlertIllegalParameter,
	ErrBadSignature:          AlertDecryptError,
	ErrBadBinder:             AlertDecryptError,
	ErrBadFinished:           AlertDecryptError,
	ErrBadKeyUpdate:          AlertIllegalParameter,
	ErrBadServerHello:        AlertIllegalParameter,
	ErrBadRetry:              AlertIllegalParameter,
	ErrDowngrade:             AlertIllegalParameter,
	ErrEmptyChain:            AlertDecodeError,
	ErrProtocolNotOffered:    AlertIllegalParameter,
	ErrRenegotiation:         AlertNoRenegotiation,
	ErrRenegotiationInfo:     AlertHandshakeFailure,
	ErrPointFormats:          AlertIllegalParameter,
	ErrFallback:              AlertInappropriateFallback,
	ErrBadLimit:              AlertIllegalParameter,
	ErrBadCertificateType:    AlertIllegalParameter,
	ErrCompressionNotOffered: AlertIllegalParameter,
	ErrTooMuchEarlyData:      AlertUnexpectedMessage,
	ErrBadEarlyData:          AlertIllegalParameter,
	ErrTruncated:             noAlert,
	ErrClosedEarly:           noAlert,

	ErrVersion:           AlertProtocolVersion,
	ErrRecordVersion:     AlertProtocolVersion,
	ErrNoCipherSuite:     AlertHandshakeFailure,
	ErrNoGroup:           AlertHandshakeFailure,
	ErrNoScheme:          AlertHandshakeFailure,
	ErrNoProtocol:        AlertNoApplicationProtocol,
	ErrUnknownName:       AlertUnrecognizedName,
	ErrNoCertificateType: AlertUnsupportedCertificate,
	ErrNoPSK:             AlertHandshakeFailure,
	ErrPSKRefused:        AlertHandshakeFailure,
	ErrRecordTooLong:     AlertRecordOverflow,
	ErrMessageTooLong:    AlertIllegalParameter,
	ErrNoExtendedMaster:  AlertHandshakeFailure,

	ErrNoCertificate:   AlertCertificateRequired,
	ErrNoCertificate12: AlertHandshakeFailure,
	ErrMessagesTooLong: AlertInternalError,
	ErrChainTooLong:    AlertBadCertificate,
	ErrDecompression:   AlertBadCertificate,
	ErrLongCertificate: AlertBadCertificate,

	ErrNoIdentity:        AlertInternalError,
	ErrNoEntropy:         AlertInternalError,
	ErrNoAnchors:         AlertInternalError,
	ErrUnknownSuite:      AlertInternalError,
	ErrUnknownScheme:     AlertInternalError,
	ErrBadKeyShares:      AlertInternalError,
	ErrUnknownGroup:      AlertInternalError,
	ErrNoServerName:      AlertInternalError,
	ErrUnknownClientAuth: AlertInternalError,
	ErrBadProtocol:       AlertInternalError,
	ErrBadRecordLimit:    AlertInternalError,
	ErrLongOCSP:          AlertInternalError,
	ErrBadVersion:        AlertInternalError,
	ErrRole:              AlertInternalError,
	ErrBadPadding:        AlertInternalError,
	ErrBadPSK:            AlertInternalError,
	ErrPoolEmpty:         AlertInternalError,
	ErrPoolTooSmall:      AlertInternalError,
	ErrNoMLDSA:           AlertInternalError,
	ErrNoMLDSARoom:       AlertInternalError,
	ErrPending:           AlertInternalError,
	ErrMisuse:            AlertInternalError,
	ErrKeyWornOut:        AlertInternalError,
	ErrAborted:           AlertUserCanceled,

	ErrSigning: AlertInternalError,
}

func (e Error) Error() string {
	if e > 0 && e < numErrors {
		return texts[e]
	}
	return "unknown TLS error"
}

// Refusal is the error of a connection that the application refused, by Conn.Refuse or by returning it from Config.Veto. Its
// value is the alert that the peer gets.
type Refusal Alert

func (Refusal) Error() string { return "refused by the application" }

// AlertFor returns the alert that tells the peer about err, and false if no alert is sent. err is an error of this package, of
// wire, of record or of x509lite; for any other the alert is internal_error.
func AlertFor(err error) (Alert, bool) {
	switch e := err.(type) {
	case Error:
		if e > 0 && e < numErrors {
			return alerts[e], alerts[e] != noAlert
		}
	case PeerAlert:
		return noAlert, false
	case Refusal:
		return Alert(e), true
	case wire.Error:
		return wireAlert(e), true
	case record.Error:
		return recordAlert(e), true
	case x509lite.Error:
		return certificateAlert(e), true
	}
	return AlertInternalError, true
}

func wireAlert(e wire.Error) Alert {
	switch e {
	case wire.ErrDuplicateExtension, wire.ErrPreSharedKeyNotLast, wire.ErrMisplaced, wire.ErrCompression, wire.ErrBinders, wire.ErrValue:
		return AlertIllegalParameter
	case wire.ErrUnsolicited:
		return AlertUnsupportedExtension
	}
	return AlertDecodeError
}

func recordAlert(e record.Error) Alert {
	switch e {
	case record.ErrNotTLS:
		return AlertDecodeError
	case record.ErrOverflow:
		return AlertRecordOverflow
	case record.ErrBadMAC:
		return AlertBadRecordMAC
	}
	return AlertUnexpectedMessage
}

// certificateAlert follows the descriptions of RFC 8446, section 6.2; an unacceptable hash is bad_certificate (section
// 4.4.2.4), and what is no certificate at all is as malformed as the message it came in.
func certificateAlert(e x509lite.Error) Alert {
	switch e {
	case x509lite.ErrOptions, x509lite.ErrName, x509lite.ErrAnchor, x509lite.ErrNoClock:
		return AlertInternalError // Ours, not the peer's.
	case x509lite.ErrDER:
		return AlertDecodeError
	case x509lite.ErrUnknownIssuer, x509lite.ErrLoop, x509lite.ErrKeyIdentifier:
		return AlertUnknownCA
	case x509lite.ErrExpired:
		return AlertCertificateExpired
	case x509lite.ErrRevoked:
		return AlertCertificateRevoked
	case x509lite.ErrUnsupportedAlgorithm, x509lite.ErrUnsupportedKey, x509lite.ErrCriticalExtension, x509lite.ErrPolicy,
		x509lite.ErrKeyUsage, x509lite.ErrExtendedKeyUsage:
		return AlertUnsupportedCertificate
	case x509lite.ErrCRL, x509lite.ErrCRLExpired, x509lite.ErrRevocationUnknown:
		return AlertCertificateUnknown
	}
	return AlertBadCertificate
}
