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
	ExternalBinder     = "ext binder"
	ResumptionBinder   = "res binder"
	ImportedBinder     = "imp binder" // RFC 9258, section 5.2
	ClientEarlyTraffic = "c e traffic"
	ExporterMaster     = "exp master"
	ResumptionMaster   = "res master"

	labelDerived           = "derived"
	labelClientHandshake   = "c hs traffic"
	labelServerHandshake   = "s hs traffic"
	labelClientApplication = "c ap traffic"
	labelServerApplication = "s ap traffic"
)

// Schedule holds what the next secrets are derived from: the Early Secret of a pre-shared key after InitPSK, the salt of the Handshake
// Secret after Init, and the Master Secret after Handshake. That the Handshake Secret itself is never kept lets Handshake set it up
// once for all.
type Schedule struct {
	alg    sha2.Algorithm
	early  bool // InitPSK was the last step
	secret Secret
}

// Init starts the schedule of a connection without a pre-shared key.
func (s *Schedule) Init(alg sha2.Algorithm) {
	s.alg, s.early = alg, false
	setSalt(alg, &s.secret)
}

// InitPSK starts the schedule with the Early Secret of a pre-shared key.
func (s *Schedule) InitPSK(alg sha2.Algorithm, psk []byte) {
	s.alg, s.early = alg, true
	hkdf.Extract(alg, s.secret[:alg.Size()], nil, psk)
}

// Binder sets out to what label names and no messages have a part in, such as the key of a binder. It is for after InitPSK.
func (s *Schedule) Binder(out *Secret, label string) {
	var empty Secret
	setEmpty(s.alg, &empty)
	n := s.alg.Size()
	hkdf.ExpandLabel(s.alg, out[:n], s.secret[:n], label, empty[:n])
}

// Derive sets out to Derive-Secret(current secret, label, messages), where transcript is the digest of the messages. It is for after
// InitPSK, with ClientEarlyTraffic, and after Handshake, with ExporterMaster and ResumptionMaster.
func (s *Schedule) Derive(out *Secret, label string, transcript *sha2.Digest) {
	var hash Secret
	n := transcript.Sum(hash[:])
	hkdf.ExpandLabel(s.alg, out[:n], s.secret[:n], label, hash[:n])
}

// Handshake mixes in the (EC)DHE secret, nil if there is none, and sets client and server to the handshake traffic secrets, where
// transcript is the digest of the messages up to ServerHello. It goes on to the Master Secret, which depends on nothing more.
func (s *Schedule) Handshake(client, server *Secret, shared []byte, transcript *sha2.Digest) {
	var zeros, hash Secret
	n := s.alg.Size()
	if s.early {
		s.Binder(&hash, labelDerived)
		copy(s.secret[:], hash[:])
		s.early = false
	}
	if shared != nil {
		hkdf.Extract(s.alg, s.secret[:n], s.secret[:n], shared)
	} else {
		hkdf.Extract(s.alg, s.secret[:n], s.secret[:n], zeros[:n])
	}
	var e hkdf.Expander
	e.Init(s.alg, s.secret[:n])
	transcript.Sum(hash[:])
	e.Label(client[:n], labelClientHandshake, hash[:n])
	e.Label(server[:n], labelServerHandshake, hash[:n])
	setEmpty(s.alg, &hash)
	e.Label(s.secret[:n], labelDerived, hash[:n])
	e.Wipe()
	hkdf.Extract(s.alg, s.secret[:n], s.secret[:n], zeros[:n])
}

// Application sets client and server to the first application traffic secrets, and exporter, if it is not nil, to the
// exporter_master_secret, where transcript is the digest of the messages up to the server's Finished.
func (s *Schedule) Application(client, server, exporter *Secret, transcript *sha2.Digest) {
	var hash Secret
	var e hkdf.Expander
	n := transcript.Sum(hash[:])
	e.Init(s.alg, s.secret[:n])
	e.Label(client[:n], labelClientApplication, hash[:n])
	e.Label(server[:n], labelServerApplication, hash[:n])
	if exporter != nil {
		e.Label(exporter[:n], ExporterMaster, hash[:n])
	}
	e.Wipe()
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
	copy(secret[:], next[:])
	subtle.Wipe(next[:])
}

// ResumptionPSK derives the pre-shared key that belongs to a ticket with the given nonce from the resumption master secret
// (RFC 8446, section 4.6.1). psk and master may be the same.
func ResumptionPSK(alg sha2.Algorithm, psk, master *Secret, nonce []byte) {
	var out Secret
	n := alg.Size()
	hkdf.ExpandLabel(alg, out[:n], master[:n], "resumption", nonce)
	copy(psk[:], out[:])
	subtle.Wipe(out[:])
}

// Export fills out with TLS-Exporter(label, context, len(out)) of a connection with the given exporter_master_secret (RFC 8446, section
// 7.5). The limits are those of hkdf.ExpandLabel.
func Export(alg sha2.Algorithm, out []byte, master *Secret, label string, context []byte) {
	var hash, secret Secret
	n := alg.Size()
	setEmpty(alg, &hash)
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
