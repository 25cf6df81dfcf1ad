package der

// Tag is an identifier octet: class, primitive/constructed bit and a number up to 30 (X.690 8.1.2). Tags of
// more than one octet appear in none of the structures of RFC 5280 and are refused.
type Tag uint8

// The universal tags that RFC 5280 and the key formats use.
const (
	Boolean         Tag = 0x01
	Integer         Tag = 0x02
	BitString       Tag = 0x03
	OctetString     Tag = 0x04
	Null            Tag = 0x05
	ObjectID        Tag = 0x06
	Enumerated      Tag = 0x0a
	UTF8String      Tag = 0x0c
	NumericString   Tag = 0x12
	PrintableString Tag = 0x13
	TeletexString   Tag = 0x14
	IA5String       Tag = 0x16
	UTCTime         Tag = 0x17
	GeneralizedTime Tag = 0x18
	UniversalString Tag = 0x1c
	BMPString       Tag = 0x1e
	Sequence        Tag = 0x30
	Set             Tag = 0x31
)

// Context is the primitive context-specific tag [n], for IMPLICIT tags over primitive types; n is at most 30.
func Context(n uint8) Tag { return Tag(0x80 | n) }

// ContextConstructed is the constructed context-specific tag [n], for EXPLICIT tags and IMPLICIT ones over
// SEQUENCE or SET; n is at most 30.
func ContextConstructed(n uint8) Tag { return Tag(0xa0 | n) }
