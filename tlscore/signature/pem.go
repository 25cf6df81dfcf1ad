package signature

import "colibri/x509lite/pem"

// ParsePEM reads the first private key of a PEM text (RFC 7468), passing over other blocks such as EC PARAMETERS and certificates.
// It decodes to memory, which needs three quarters of the text's length and must not overlap it; RSA numbers in k are then
// views of it. The errors are those of Parse, and ErrKeyMissing.
//
// Encrypted keys, in both forms that OpenSSL writes, are ErrKeyEncrypted: PKCS #8, and RFC 1421 as in "Proc-Type: 4,ENCRYPTED".
func (k *PrivateKey) ParsePEM(memory, text []byte) error {
	for {
		label, key, rest, err := pem.Decode(memory, text)
		switch {
		case isNone(err):
			k.Wipe()
			return ErrKeyMissing
		case pem.Is(label, "ENCRYPTED PRIVATE KEY"):
			k.Wipe()
			return ErrKeyEncrypted
		case !pem.Is(label, pem.PrivateKey) && !pem.Is(label, pem.ECPrivateKey) && !pem.Is(label, pem.RSAPrivateKey):
			text = rest
		case err != nil:
			k.Wipe()
			if contains(text[:len(text)-len(rest)], "Proc-Type: 4,ENCRYPTED") {
				return ErrKeyEncrypted
			}
			return ErrKeyFormat
		default:
			return k.Parse(key)
		}
	}
}

// contains reports whether s stands in b.
func contains(b []byte, s string) bool {
	for ; len(b) >= len(s); b = b[1:] {
		if is(b[:len(s)], s) {
			return true
		}
	}
	return false
}

// isNone reports whether err is pem.ErrNone. To compare errors of any type takes a description of every type in the program, which is
// much for a small device.
func isNone(err error) bool {
	e, ok := err.(pem.Error)
	return ok && e == pem.ErrNone
}
