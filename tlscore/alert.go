package tlscore

// Alert is an AlertDescription (RFC 8446, section 6).
type Alert uint8

const (
	AlertCloseNotify            Alert = 0
	AlertUnexpectedMessage      Alert = 10
	AlertBadRecordMAC           Alert = 20
	AlertRecordOverflow         Alert = 22
	AlertHandshakeFailure       Alert = 40
	AlertBadCertificate         Alert = 42
	AlertUnsupportedCertificate Alert = 43
	AlertCertificateRevoked     Alert = 44
	AlertCertificateExpired     Alert = 45
	AlertCertificateUnknown     Alert = 46
	AlertIllegalParameter       Alert = 47
	AlertUnknownCA              Alert = 48
	AlertAccessDenied           Alert = 49
	AlertDecodeError            Alert = 50
	AlertDecryptError           Alert = 51
	AlertProtocolVersion        Alert = 70
	AlertInsufficientSecurity   Alert = 71
	AlertInternalError          Alert = 80
	AlertInappropriateFallback  Alert = 86
	AlertUserCanceled           Alert = 90
	AlertNoRenegotiation        Alert = 100 // RFC 5246, section 7.2.2
	AlertMissingExtension       Alert = 109
	AlertUnsupportedExtension   Alert = 110
	AlertUnrecognizedName       Alert = 112
	AlertBadStatusResponse      Alert = 113
	AlertUnknownPSKIdentity     Alert = 115
	AlertCertificateRequired    Alert = 116
	AlertNoApplicationProtocol  Alert = 120

	// noAlert is in the map from errors to alerts where nothing is sent. The value is not assigned by RFC 8446.
	noAlert Alert = 255
)

// received is how the text of every alert begins; what follows is the alert's name, so that one table serves both.
const received = "received alert: "

// String returns the name RFC 8446 gives the alert.
func (a Alert) String() string { return PeerAlert(a).Error()[len(received):] }

// PeerAlert is the error of a connection that the peer ended with an alert.
type PeerAlert Alert

func (p PeerAlert) Error() string {
	switch Alert(p) {
	case AlertCloseNotify:
		return received + "close_notify"
	case AlertUnexpectedMessage:
		return received + "unexpected_message"
	case AlertBadRecordMAC:
		return received + "bad_record_mac"
	case AlertRecordOverflow:
		return received + "record_overflow"
	case AlertHandshakeFailure:
		return received + "handshake_failure"
	case AlertBadCertificate:
		return received + "bad_certificate"
	case AlertUnsupportedCertificate:
		return received + "unsupported_certificate"
	case AlertCertificateRevoked:
		return received + "certificate_revoked"
	case AlertCertificateExpired:
		return received + "certificate_expired"
	case AlertCertificateUnknown:
		return received + "certificate_unknown"
	case AlertIllegalParameter:
		return received + "illegal_parameter"
	case AlertUnknownCA:
		return received + "unknown_ca"
	case AlertAccessDenied:
		return received + "access_denied"
	case AlertDecodeError:
		return received + "decode_error"
	case AlertDecryptError:
		return received + "decrypt_error"
	case AlertProtocolVersion:
		return received + "protocol_version"
	case AlertInsufficientSecurity:
		return received + "insufficient_security"
	case AlertInternalError:
		return received + "internal_error"
	case AlertInappropriateFallback:
		return received + "inappropriate_fallback"
	case AlertUserCanceled:
		return received + "user_canceled"
	case AlertNoRenegotiation:
		return received + "no_renegotiation"
	case AlertMissingExtension:
		return received + "missing_extension"
	case AlertUnsupportedExtension:
		return received + "unsupported_extension"
	case AlertUnrecognizedName:
		return received + "unrecognized_name"
	case AlertBadStatusResponse:
		return received + "bad_certificate_status_response"
	case AlertUnknownPSKIdentity:
		return received + "unknown_psk_identity"
	case AlertCertificateRequired:
		return received + "certificate_required"
	case AlertNoApplicationProtocol:
		return received + "no_application_protocol"
	}
	return received + "unknown"
}
