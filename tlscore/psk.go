package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/wire"
)

// Pre-shared keys (RFC 8446, section 4.2.11), for both roles: those of tickets, and those that both sides were given in another way.
// A handshake with such a key needs no certificate. If it includes a key exchange, whoever learns the key later still cannot read the
// connection.

// PSK is a key that both sides were given, and its name. Keys must be random and have at least 16 bytes. Passwords are not safe:
// whoever records a handshake can try passwords until one fits (RFC 8446, section 2.2).
type PSK struct {
	Identity []byte // the name of the key, 1 to 256 bytes; it is sent in the clear
	Key      []byte // at least 16 random bytes
	// Hash is the hash of the cipher suites that the key may be used with: sha2.SHA256, which 0 means too, or sha2.SHA384.
	Hash sha2.Algorithm

	imported bool // See ImportedPSK.
}

// PSKs are the pre-shared keys of a configuration. PSKServer and PSKClient make them; a program that calls neither links nothing
// of it.
type PSKs struct {
	keys   []PSK
	server *serverPSKs // nil: they are a client's
}

// serverPSKs is what a server needs to take pre-shared keys. It is reached only from keys and tickets, so that a program with neither links
// none of it.
type serverPSKs struct {
	// Of a ClientHello they get views: one that a function value gets a pointer to would be moved to the heap.
	hash func(c *Conn, identities, binders []byte) sha2.Algorithm
	take func(c *Conn, identities, binders, truncated []byte) error
}

var takesPSKs = serverPSKs{hash: (*Conn).pskHash, take: (*Conn).takePSK}

// PSKServer returns keys for the Config of a server, which uses the first of them that the client offers.
func PSKServer(keys ...PSK) *PSKs { return &PSKs{keys: keys, server: &takesPSKs} }

// PSKClient returns keys for the Config of a client, which offers all of them in this order.
func PSKClient(keys ...PSK) *PSKs { return &PSKs{keys: keys} }

// psks returns the keys of cfg.
func (cfg *Config) psks() []PSK {
	if cfg.PSKs == nil {
		return nil
	}
	return cfg.PSKs.keys
}

const (
	minPSK         = 16  // bytes of PSK.Key
	maxPSKIdentity = 256 // bytes of PSK.Identity

	// maxPSKs bounds the pre-shared keys of a client that are tried; clients send one, seldom two.
	maxPSKs = 4
)

func (k *PSK) hash() sha2.Algorithm {
	if k.Hash == 0 {
		return sha2.SHA256
	}
	return k.Hash
}

// binder is the label of the key that shows that a peer has k.
func (k *PSK) binder() string {
	if k.imported {
		return keyschedule.ImportedBinder
	}
	return keyschedule.ExternalBinder
}

// usable reports whether k can be used at all.
func (k *PSK) usable() bool {
	return len(k.Identity) > 0 && len(k.Identity) <= maxPSKIdentity && len(k.Key) >= minPSK &&
		(k.hash() == sha2.SHA256 || k.hash() == longHash)
}

// sharer is what a server's session keeps of a client that it knows by k, a sessionPeer.end: another for each name and key.
func (k *PSK) sharer() int64 {
	var mac hmac.HMAC
	var sum [sha2.MaxSize]byte
	mac.Init(sha2.SHA256, k.Key)
	mac.Write(k.Identity)
	mac.Sum(sum[:])
	mac.Wipe()
	return -1 - int64(getUint(sum[:8])>>1)
}

// startWithPSK starts the key schedule with a pre-shared key, and computes its binder over the truncated ClientHello, which follows
// transcript (RFC 8446, section 4.2.11.2). label is that of the binder key. It returns the length of the binder.
func (h *Handshake) startWithPSK(out *keyschedule.Secret, hash sha2.Algorithm, key []byte, label string,
	transcript *sha2.Digest, truncated []byte) int {
	var secret keyschedule.Secret
	h.schedule.InitPSK(hash, key)
	h.schedule.Binder(&secret, label)
	var digest sha2.Digest
	digest.Set(transcript)
	digest.Write(truncated)
	n := keyschedule.FinishedMAC(hash, out[:], &secret, &digest)
	subtle.Wipe(secret[:])
	return n
}

// offer is a pre-shared key in a ClientHello of ours.
type offer struct {
	identity []byte
	age      uint32 // obfuscated_ticket_age
	key      []byte
	hash     sha2.Algorithm
	label    string
}

// offer returns the pre-shared key number i of our ClientHello, false if there are not so many: the session first. A second ClientHello has only those
// for the suite that the HelloRetryRequest has named.
func (c *Conn) offer(i int) (o offer, ok bool) {
	if s := c.lentSession(); s != nil && s.tls12 == 0 && c.fits(s.suite.hash) {
		if i == 0 {
			return s.offer(c.cfg.now()), true
		}
		i--
	}
	keys := c.cfg.psks()
	for j := range keys {
		k := &keys[j]
		if !c.fits(k.hash()) {
			continue
		}
		if i == 0 {
			return offer{identity: k.Identity, key: k.Key, hash: k.hash(), label: k.binder()}, true
		}
		i--
	}
	return offer{}, false
}

// fits reports whether a pre-shared key for suites with the given hash belongs into our next ClientHello.
func (c *Conn) fits(hash sha2.Algorithm) bool {
	if c.hs.retried {
		return hash == c.hash()
	}
	for _, id := range c.cfg.suites() {
		if s := suiteByID(id); s != nil && s.hash == hash {
			return true
		}
	}
	return false
}

// writePSKs writes psk_key_exchange_modes, if we can use tickets or keys, and pre_shared_key, which is the last extension, with
// binders that are zeros. It returns the size of the binders with their length.
func (c *Conn) writePSKs(b *wire.Builder) (binders int) {
	if c.cfg.Sessions == nil && c.cfg.PSKs == nil {
		return 0
	}
	ext := b.BeginExtension(wire.ExtPSKKeyExchangeModes)
	b.U8(1)
	if c.group == 0 {
		b.U8(wire.PSKOnly)
	} else {
		b.U8(wire.PSKWithKeyShares)
	}
	b.End(ext)
	if _, any := c.offer(0); !any {
		return 0
	}
	if c.early == EarlyOffered {
		b.End(b.BeginExtension(wire.ExtEarlyData))
	}
	ext = b.BeginExtension(wire.ExtPreSharedKey)
	list := b.Begin(2)
	for i := 0; ; i++ {
		o, ok := c.offer(i)
		if !ok {
			break
		}
		identity := b.Begin(2)
		b.Bytes(o.identity)
		b.End(identity)
		b.U16(uint16(o.age >> 16))
		b.U16(uint16(o.age))
		binders += 1 + o.hash.Size()
	}
	b.End(list)
	list = b.Begin(2)
	b.Extend(binders)
	b.End(list)
	b.End(ext)
	return 2 + binders
}

// bind writes the binders, which with their length are the last size bytes of the ClientHello msg; 0 bytes if there are none.
func (c *Conn) bind(msg []byte, size int) {
	if size == 0 {
		return
	}
	h := c.hs
	truncated := msg[:len(msg)-size]
	at := msg[len(msg)-size+2:]
	for i := 0; len(at) > 0; i++ {
		o, _ := c.offer(i)
		transcript := &h.transcript
		if !h.retried && o.hash == longHash {
			transcript = &h.other
		}
		var mac keyschedule.Secret
		n := h.startWithPSK(&mac, o.hash, o.key, o.label, transcript, truncated)
		at[0] = byte(n)
		at = at[1+copy(at[1:], mac[:n]):]
	}
}

// roomForPSKs returns how many bytes pre-shared keys take in a ClientHello, roughly but at least.
func (c *Conn) roomForPSKs() (n int) {
	const around = 6 + 4 + 2 + 4 + 2 + 1 + keyschedule.MaxHash // extensions and lengths around the first, and its binder
	if s := c.lentSession12(); s != nil {
		n = s.ticketLen // in an extension of TLS 1.2
	}
	for i := 0; ; i++ {
		o, ok := c.offer(i)
		if !ok {
			return n
		}
		n += around + len(o.identity)
	}
}

// acceptedPSK starts the key schedule of a client with the pre-shared key that the server has chosen.
func (c *Conn) acceptedPSK(hello *wire.ServerHello) error {
	if _, any := c.offer(0); !any {
		return wire.ErrUnsolicited
	}
	o, ok := c.offer(int(hello.PSK))
	if !ok || o.hash != c.hash() {
		return ErrBadServerHello
	}
	c.hs.schedule.InitPSK(o.hash, o.key)
	c.hs.accepted = true
	if o.label != keyschedule.ResumptionBinder {
		c.keepEnd(1<<63 - 1) // A key has no end.
		return c.judge(Event{Kind: EventPSK, Name: o.identity})
	}
	c.resumed = true // See receiveEncryptedExtensions.
	return nil
}

// serverPSKs returns what our keys or tickets bring; nil if there are none.
func (c *Conn) serverPSKs() *serverPSKs {
	switch {
	case c.cfg.PSKs != nil:
		return c.cfg.PSKs.server
	case c.resumes():
		return &c.cfg.Tickets.server.psks
	}
	return nil
}

// takePSK looks for a ticket or a key of ours among those that a ClientHello offers, which without its binders is truncated; tickets first. If
// it finds one, the key schedule starts with it. The transcript is the one before the ClientHello.
func (c *Conn) takePSK(identities, binders, truncated []byte) error {
	if c.group != 0 && c.resumes() { // Sessions are resumed with a key exchange only.
		if taken, err := c.takeTicket(identities, binders, truncated); taken || err != nil {
			return err
		}
	}
	h := c.hs
	k, number, binder := c.cfg.findPSK(identities, binders, c.hash())
	if k == nil {
		return nil
	}
	var mac keyschedule.Secret
	n := h.startWithPSK(&mac, c.hash(), k.Key, k.binder(), &h.transcript, truncated)
	if !subtle.Equal(mac[:n], binder) {
		return ErrBadBinder
	}
	h.accepted, h.psk = true, number
	h.peer.end = k.sharer()
	return c.judge(Event{Kind: EventPSK, Name: k.Identity})
}

// takeTicket is takePSK for tickets. It reports whether there is one.
func (c *Conn) takeTicket(identities, binders, truncated []byte) (bool, error) {
	h := c.hs
	first := identities
	for i := uint16(0); i < maxPSKs && len(identities) > 0; i++ {
		var identity, binder []byte
		identity, binder, identities, binders = wire.NextPSK(identities, binders)
		psk := c.cfg.Tickets.server.open(c, identity)
		if psk == nil {
			continue
		}
		var mac keyschedule.Secret
		n := h.startWithPSK(&mac, c.hash(), psk, keyschedule.ResumptionBinder, &h.transcript, truncated)
		genuine := subtle.Equal(mac[:n], binder)
		if e := c.cfg.EarlyData; e != nil && genuine && i == 0 {
			c.early = e.judge(c, binder, wire.FirstAge(first))
		}
		subtle.Wipe(h.ticket()[:])
		if !genuine {
			return false, ErrBadBinder
		}
		h.accepted, h.psk, c.resumed = true, i, true
		return true, c.judgeResumed()
	}
	return false, nil
}

// withoutExchange reports whether a handshake by a pre-shared key alone is all that the client can do, and allowed.
func (c *Conn) withoutExchange(hello *wire.ClientHello) bool {
	return c.cfg.WithoutKeyExchange && hello.Identities != nil && contains(hello.PSKModes, wire.PSKOnly) &&
		!contains(hello.PSKModes, wire.PSKWithKeyShares)
}

// findPSK returns the first of our keys, of those for suites with the given hash, or any if it is 0, that a ClientHello offers; and its number
// and binder there. It returns nil if there is none.
func (cfg *Config) findPSK(identities, binders []byte, hash sha2.Algorithm) (best *PSK, number uint16, binder []byte) {
	better := cfg.psks()
	for i := uint16(0); i < maxPSKs && len(identities) > 0; i++ {
		var identity, b []byte
		identity, b, identities, binders = wire.NextPSK(identities, binders)
		for j := range better {
			if k := &better[j]; wire.Equal(k.Identity, identity) && (hash == 0 || k.hash() == hash) {
				best, number, binder, better = k, i, b, better[:j]
				break
			}
		}
	}
	return best, number, binder
}

// sharer returns the key that a session began with, nil if it is not there any more.
func (cfg *Config) sharer(end int64) *PSK {
	keys := cfg.psks()
	for i := range keys {
		if k := &keys[i]; k.sharer() == end {
			return k
		}
	}
	return nil
}

// pskHash returns the hash of the first key of ours among those that a ClientHello offers; 0 if there is none.
func (c *Conn) pskHash(identities, binders []byte) sha2.Algorithm {
	if k, _, _ := c.cfg.findPSK(identities, binders, 0); k != nil {
		return k.hash()
	}
	return 0
}
