package wire

// HeaderSize is the length of a handshake message's header: type (1 byte) and length (3 bytes).
const HeaderSize = 4

// MessageType is a HandshakeType (RFC 8446, section 4).
type MessageType uint8

const (
	TypeHelloRequest        MessageType = 0 // RFC 5246, section 7.4.1.1, as are those marked 1.2
	TypeClientHello         MessageType = 1
	TypeServerHello         MessageType = 2
	TypeNewSessionTicket    MessageType = 4
	TypeEndOfEarlyData      MessageType = 5
	TypeEncryptedExtensions MessageType = 8
	TypeCertificate         MessageType = 11
	TypeServerKeyExchange   MessageType = 12 // 1.2
	TypeCertificateRequest  MessageType = 13
	TypeServerHelloDone     MessageType = 14 // 1.2
	TypeCertificateVerify   MessageType = 15
	TypeClientKeyExchange   MessageType = 16 // 1.2
	TypeFinished            MessageType = 20
	TypeCertificateStatus   MessageType = 22 // 1.2; RFC 6066, section 8
	TypeKeyUpdate           MessageType = 24
	TypeMessageHash         MessageType = 254

	TypeCompressedCertificate MessageType = 25 // RFC 8879, section 4
)

// String returns the name RFC 8446 gives the message.
func (t MessageType) String() string {
	switch t {
	case TypeHelloRequest:
		return "HelloRequest"
	case TypeClientHello:
		return "ClientHello"
	case TypeServerHello:
		return "ServerHello"
	case TypeNewSessionTicket:
		return "NewSessionTicket"
	case TypeEndOfEarlyData:
		return "EndOfEarlyData"
	case TypeEncryptedExtensions:
		return "EncryptedExtensions"
	case TypeCertificate:
		return "Certificate"
	case TypeServerKeyExchange:
		return "ServerKeyExchange"
	case TypeServerHelloDone:
		return "ServerHelloDone"
	case TypeClientKeyExchange:
		return "ClientKeyExchange"
	case TypeCertificateRequest:
		return "CertificateRequest"
	case TypeCertificateVerify:
		return "CertificateVerify"
	case TypeFinished:
		return "Finished"
	case TypeCertificateStatus:
		return "CertificateStatus"
	case TypeKeyUpdate:
		return "KeyUpdate"
	case TypeCompressedCertificate:
		return "CompressedCertificate"
	case TypeMessageHash:
		return "message_hash"
	}
	return "unknown message"
}

// Split looks at the bytes of a handshake stream. If they hold a whole message, it returns its length, header included;
// otherwise it returns the length the message will have, or 0 as long as the header itself is incomplete, and false.
func Split(b []byte) (size int, whole bool) {
	if len(b) < HeaderSize {
		return 0, false
	}
	size = HeaderSize + int(b[1])<<16 + int(b[2])<<8 + int(b[3])
	return size, len(b) >= size
}
