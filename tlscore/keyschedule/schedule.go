package keyschedule

import (
	"colibri/tlscore/primitive/hkdf"
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// MaxHash is the longest hash output of any cipher suite, that of SHA-384, in bytes.
const MaxHash = 48

// Secret is room for a secret of any cipher suite; its first Size() bytes are used.
type Secret [MaxHash]byte

// Labels of RFC 8446, section 7.1.
const (
	ClientHandshakeTraffic   = "c hs traffic"
	ServerHandshakeTraffic   = "s hs traffic"
	ClientApplicationTraffic = "c ap traffic"
	ServerApplicationTraffic = "s ap traffic"
	ExternalBinder           = "ext binder"
	ResumptionBinder         = "res binder"
	ImportedBinder           = "imp binder" // RFC 9258, section 5.2
	ClientEarlyTraffic       = "c e traffic"
	ExporterMaster           = "exp master"
	ResumptionMaster         = "res master"
)

// Schedule holds the one secret of the schedule that is current: first the Early Secret, after each Advance the next.
type Schedule struct {
	alg    sha2.Algorithm
	secret Secret
}

// Init starts the schedule with the Early Secret of a pre-shared key, nil if the connection has none.
func (s *Schedule) Init(alg sha2.Algorithm, psk []byte) {
	var zeros Secret
	s.alg = alg
	n := alg.Size()
	if psk != nil {
		hkdf.Extract(alg, s.secret[:n], zeros[:n], psk)
		return
	}
	hkdf.Extract(alg, s.secret[:n], zeros[:n], zeros[:n])
}

// Advance goes on to the next secret of the schedule with the given input keying material: the (EC)DHE secret for the
// Handshake Secret, nil (which stands for zeros) for the Master Secret.
func (s *Schedule) Advance(ikm []byte) {
	var zeros, derived, empty Secret
	n := s.alg.Size()
	sha2.Sum(s.alg, empty[:n], nil)
	hkdf.ExpandLabel(s.alg, derived[:n], s.secret[:n], "derived", empty[:n])
	if ikm != nil {
		hkdf.Extract(s.alg, s.secret[:n], derived[:n], ikm)
	} else {
		hkdf.Extract(s.alg, s.secret[:n], derived[:n], zeros[:n])
	}
	subtle.Wipe(derived[:])
}

// Derive sets out to Derive-Secret(current secret, label, messages), where transcript is the digest of the messages.
func (s *Schedule) Derive(out *Secret, label string, transcript *sha2.Digest) {
	var hash Secret
	n := transcript.Sum(hash[:])
	hkdf.ExpandLabel(s.alg, out[:n], s.secret[:n], label, hash[:n])
}

// Wipe forgets the current secret.
func (s *Schedule) Wipe() { subtle.Wipe(s.secret[:]) }

// TrafficKey derives the record protection key and IV from a traffic secret (RFC 8446, section 7.3).
func TrafficKey(alg sha2.Algorithm, key []byte, iv *[12]byte, secret *Secret) {
	var e hkdf.Expander
	e.Init(alg, secret[:alg.Size()])
	e.Label(key, "key", nil)
	e.Label(iv[:], "iv", nil)
	e.Wipe()
}

// NextTraffic replaces an application traffic secret by its successor (RFC 8446, section 7.2).
func NextTraffic(alg sha2.Algorithm, secret *Secret) {
	var next Secret
	n := alg.Size()
	hkdf.ExpandLabel(alg, next[:n], secret[:n], "traffic upd", nil)
	*secret = next
	subtle.Wipe(next[:])
}

// ResumptionPSK derives the pre-shared key that belongs to a ticket with the given nonce from the resumption master secret
// (RFC 8446, section 4.6.1). psk and master may be the same.
func ResumptionPSK(alg sha2.Algorithm, psk, master *Secret, nonce []byte) {
	var out Secret
	n := alg.Size()
	hkdf.ExpandLabel(alg, out[:n], master[:n], "resumption", nonce)
	*psk = out
	subtle.Wipe(out[:])
}

// Export fills out with TLS-Exporter(label, context, len(out)) of a connection with the given exporter_master_secret (RFC 8446, section
// 7.5). The limits are those of hkdf.ExpandLabel.
func Export(alg sha2.Algorithm, out []byte, master *Secret, label string, context []byte) {
	var hash, secret Secret
	n := alg.Size()
	sha2.Sum(alg, hash[:n], nil)
	hkdf.ExpandLabel(alg, secret[:n], master[:n], label, hash[:n])
	sha2.Sum(alg, hash[:n], context)
	hkdf.ExpandLabel(alg, out, secret[:n], "exporter", hash[:n])
	subtle.Wipe(secret[:])
}

// FinishedMAC writes the verify_data of a Finished message to out and returns its length (RFC 8446, section 4.4.4): the
// HMAC, under a key derived from the sender's handshake traffic secret, of the transcript up to this message. A binder is made
// in the same way from the binder key (section 4.2.11.2).
func FinishedMAC(alg sha2.Algorithm, out []byte, secret *Secret, transcript *sha2.Digest) int {
	var key, hash Secret
	n := alg.Size()
	hkdf.ExpandLabel(alg, key[:n], secret[:n], "finished", nil)
	transcript.Sum(hash[:])
	hmac.Sum(alg, out, key[:n], hash[:n])
	subtle.Wipe(key[:])
	return n
}
