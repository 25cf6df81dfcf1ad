package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// Exporter derives keys for other protocols from a connection (RFC 8446, section 7.5; RFC 5705 for TLS 1.2): both ends derive
// the same keys, and nobody else can. It is a value in memory of the caller and does not need the connection once it is filled.
type Exporter struct {
	hash    sha2.Algorithm
	tls12   bool
	secret  keyschedule.Secret // exporter_master_secret, or the master secret of TLS 1.2
	randoms [64]byte           // client_random and server_random, for TLS 1.2
	unique  [keyschedule.Finished12Size]byte
}

// Limits of Exporter.Export in bytes. The shortest of all versions and hashes hold for all.
const (
	MaxExporterLabel = 249
	MaxExport        = 255 * 32
)

// Exporter fills e. It works only if Config.Exporters is set, and only inside the call of Config.Events with EventHandshakeDone;
// with Config.FalseStart also from when a client may write until then. Otherwise it returns ErrMisuse.
func (c *Conn) Exporter(e *Exporter) error {
	if c.hs == nil || c.state != established && !c.startsFalse() || !c.cfg.Exporters {
		return ErrMisuse
	}
	*e = Exporter{hash: c.hash(), tls12: c.tls12}
	if !c.tls12 {
		e.secret = *c.hs.exporter()
		return nil
	}
	e.secret = *c.hs.master()
	client, server := c.randoms()
	copy(e.randoms[copy(e.randoms[:], client[:]):], server[:])
	copy(e.unique[:], c.hs.exporter()[:])
	return nil
}

// keepUnique keeps the first Finished of a handshake of TLS 1.2, which is the client's unless a session is resumed.
func (c *Conn) keepUnique(data *[keyschedule.Finished12Size]byte, client bool) {
	if c.cfg.Exporters && client != c.resumed {
		copy(c.hs.exporter()[:], data[:])
	}
}

// exporter returns the place of the exporter_master_secret, and in TLS 1.2 of the first Finished: that of a secret that there is no use for
// when it comes.
func (h *Handshake) exporter() *keyschedule.Secret { return &h.serverSecret }

// exporter returns where the exporter_master_secret is kept, nil if it is not.
func (c *Conn) exporter() *keyschedule.Secret {
	if !c.cfg.Exporters {
		return nil
	}
	return c.hs.exporter()
}

// Export fills out with the key for label and context. In TLS 1.2 an empty context and none, which is nil, give different keys;
// in TLS 1.3 they do not. The error is ErrMisuse if out is longer than MaxExport, label longer than MaxExporterLabel, or, in TLS
// 1.2, context longer than 65,535 bytes.
func (e *Exporter) Export(out []byte, label string, context []byte) error {
	if e.hash == 0 || len(label) > MaxExporterLabel || len(out) > MaxExport || e.tls12 && len(context) > 1<<16-1 {
		return ErrMisuse
	}
	if !e.tls12 {
		keyschedule.Export(e.hash, out, &e.secret, label, context)
		return nil
	}
	if context == nil {
		keyschedule.Export12(e.hash, out, &e.secret, label, e.randoms[:], nil, nil)
		return nil
	}
	length := [2]byte{byte(len(context) >> 8), byte(len(context))}
	keyschedule.Export12(e.hash, out, &e.secret, label, e.randoms[:], length[:], context)
	return nil
}

// Unique returns the channel binding tls-unique of TLS 1.2 (RFC 5929, section 3). Protocols such as SCRAM and EST (RFC 7030) use
// it to tie their own authentication to the connection. It is unique because sessions are always made with the extended master
// secret (RFC 7627, section 6.1).
//
// In TLS 1.3 there is no tls-unique, and Unique returns nil. Both versions have tls-exporter (RFC 9266, section 4.2): export 32
// bytes with the label "EXPORTER-Channel-Binding" and a context that is empty but not nil.
func (e *Exporter) Unique() []byte {
	if !e.tls12 {
		return nil
	}
	return e.unique[:]
}

// Wipe forgets the secret.
func (e *Exporter) Wipe() {
	subtle.Wipe(e.secret[:])
	*e = Exporter{}
}
