package tlscore

import (
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// Certificate compression (RFC 8879), in TLS 1.3. Each side lists in its ClientHello or CertificateRequest the algorithms that it can
// decompress. The other side may then send a CompressedCertificate in the place of its Certificate.
//
// The core has no algorithm of its own. The sender compresses nothing while it runs: its messages are made together with the
// configuration (Compressions.Compress), or on another machine (Compressions.Precompressed). The receiver decompresses into the receive
// buffer, behind the message itself, and judges the result as it would a Certificate message. It needs no other memory, and
// keeps nothing.
//
//	k := tlscore.CompressionServer(netconn.Zlib()) // netconn is for hosts
//	netconn.Compress(k, &cfg.Identities[0])
//	cfg.CertificateCompression = k

// CompressionAlgorithm is a CertificateCompressionAlgorithm (RFC 8879, section 7.3).
type CompressionAlgorithm uint16

const (
	Zlib   CompressionAlgorithm = 1 // RFC 1950
	Brotli CompressionAlgorithm = 2 // RFC 7932
	Zstd   CompressionAlgorithm = 3 // RFC 8878
)

// Compression is an algorithm that CompressionServer and CompressionClient allow.
type Compression struct {
	Algorithm CompressionAlgorithm

	// Decompress writes to dst what src decompresses to and returns the number of bytes. It returns false if src is malformed or does not
	// fit into dst. src is whatever a peer sends, so time and memory must be bounded by the two lengths. dst and src do not overlap; neither
	// may be kept. Nil: we only send certificates compressed by this algorithm.
	Decompress func(dst, src []byte) (n int, ok bool)
}

// CertificateCompression is what Config needs of certificate compression; *Compressions is the only one there is. All code for it is
// reached from there alone, so that a program without it does not link it. It is an alias because a named type would take flash in all
// programs.
type CertificateCompression = interface {
	forServers() bool
	// extension returns compress_certificate as we send it, nothing if we do not.
	extension() []byte
	// heed is told the extensions of each ClientHello or CertificateRequest that comes.
	heed(c *Conn, exts wire.Extensions) error
	// row returns what is added to the flow table in the state of c, nil if it is nothing.
	row(c *Conn) *row
}

// Compressions are the algorithms of one role, and the certificates that were compressed by them.
type Compressions struct {
	// MaxCertificate is how long a Certificate message may be that a peer sends compressed, in bytes, without header. 0 means as much as the
	// largest buffer holds behind the compressed message.
	MaxCertificate int

	algorithms []Compression // that peers may accept, the best first
	forms      []compressedForm
	offer      [5 + 2*maxCompressions]byte
	offerSize  int   // of compress_certificate as we send it, in offer; 0: we receive nothing compressed
	rows       []row // that are added to the flow table of our role
	server     bool
}

// maxCompressions bounds the algorithms of a configuration. There are three.
const maxCompressions = 8

// CompressionServer allows a server these algorithms, the one that it prefers to send first. At most eight are used.
func CompressionServer(algorithms ...Compression) *Compressions {
	k := newCompressions(algorithms)
	k.server, k.rows = true, serverCompressed13[:]
	return k
}

// CompressionClient is CompressionServer for clients.
func CompressionClient(algorithms ...Compression) *Compressions {
	k := newCompressions(algorithms)
	k.rows = clientCompressed13[:]
	return k
}

func newCompressions(algorithms []Compression) *Compressions {
	k := &Compressions{algorithms: algorithms[:min(len(algorithms), maxCompressions)]}
	var ours [maxCompressions]uint16
	n := 0
	for i := range k.algorithms {
		if a := &k.algorithms[i]; k.decompressor(uint16(a.Algorithm)) == a {
			ours[n] = uint16(a.Algorithm)
			n++
		}
	}
	if n > 0 {
		b := wire.NewBuilder(k.offer[:])
		wire.AppendCompressions(&b, ours[:n]...)
		k.offerSize = b.Len()
	}
	return k
}

func (k *Compressions) forServers() bool { return k.server }

func (k *Compressions) extension() []byte { return k.offer[:k.offerSize] }

// decompressor returns the algorithm of ours that has this number and can decompress, the first of several; nil if there is none.
func (k *Compressions) decompressor(number uint16) *Compression {
	for i := range k.algorithms {
		if a := &k.algorithms[i]; uint16(a.Algorithm) == number && a.Decompress != nil {
			return a
		}
	}
	return nil
}

// compressedForm is what an identity shows, compressed. It is sent only in the place of what it was made of.
type compressedForm struct {
	message []byte   // header and all
	chain   [][]byte // of the identity
	ocsp    []byte   // that is in it; nil: none
}

// own returns the Certificate message that shows id, with its OCSP response if there is one and it is wanted.
func (id *Identity) own(stapled bool) wire.OwnCertificate {
	own := wire.OwnCertificate{Chain: id.Chain}
	if stapled {
		own.OCSP = id.OCSP
	}
	return own
}

// Compress makes the CompressedCertificate message for what id shows, certificates or a raw public key, and keeps it in k. With stapled it is
// the one for peers that ask for an OCSP response, otherwise the one for the others. Peers that accept the algorithm get it as long as
// Chain and OCSP of the identity, or of a copy, are the same slices as now; after a change, and to other peers, the plain message is
// sent. Call it again after a renewal: the message of the same leaf, algorithm and kind is replaced. No connection may be using k.
//
// compress writes the compressed form of src to dst and returns its length, or false if it does not fit. room must have space for the
// CompressedCertificate and, behind it, the Certificate message; the former stays there and is returned. Compress fails if compress does, if
// room is too small, or if stapled and id has no OCSP response.
func (k *Compressions) Compress(id *Identity, a CompressionAlgorithm, stapled bool, room []byte,
	compress func(dst, src []byte) (n int, ok bool)) (message []byte, ok bool) {
	own := id.own(stapled)
	size := own.Size()
	if size+wire.CompressedHead > len(room) {
		return nil, false
	}
	rest, plain := room[:len(room)-size], room[len(room)-size:]
	own.Copy(plain, 0)
	n, ok := compress(rest[wire.CompressedHead:], plain[wire.HeaderSize:])
	if n += wire.CompressedHead; !ok || n <= wire.CompressedHead || n > len(rest) {
		return nil, false
	}
	message = rest[:n:n]
	wire.PutCompressedHead(message, uint16(a), size-wire.HeaderSize)
	return message, k.Precompressed(id, stapled, message)
}

// Precompressed is Compress with a message that Compress returned before, on another machine perhaps: in firmware it can stay in flash. It
// fails if message is not a CompressedCertificate for as many bytes as id shows. That it holds the same certificates is not checked.
func (k *Compressions) Precompressed(id *Identity, stapled bool, message []byte) bool {
	own := id.own(stapled)
	size, whole := wire.Split(message)
	var m wire.CompressedCertificate
	if !whole || size != len(message) || message[0] != byte(wire.TypeCompressedCertificate) || m.Parse(message[wire.HeaderSize:]) != nil ||
		m.Size != own.Size()-wire.HeaderSize || stapled && len(id.OCSP) == 0 || len(id.Chain) == 0 {
		return false
	}
	form := compressedForm{message: message, chain: id.Chain, ocsp: own.OCSP}
	for i := range k.forms {
		f := &k.forms[i]
		if f.algorithm() == form.algorithm() && (len(f.ocsp) > 0) == stapled && same(f.chain[0], form.chain[0]) {
			*f = form
			return true
		}
	}
	k.forms = append(k.forms, form)
	return true
}

// algorithm returns the number of the algorithm.
func (f *compressedForm) algorithm() CompressionAlgorithm {
	return CompressionAlgorithm(getUint(f.message[wire.HeaderSize : wire.HeaderSize+2]))
}

// of reports whether f was made of id as it is now, with or without its OCSP response.
func (f *compressedForm) of(id *Identity, stapled bool) bool {
	own := id.own(stapled)
	if len(f.chain) != len(own.Chain) || !same(f.ocsp, own.OCSP) {
		return false
	}
	for i := range f.chain {
		if !same(f.chain[i], own.Chain[i]) {
			return false
		}
	}
	return true
}

// same reports whether a and b are the same memory; two empty ones are.
func same(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// serverCompressed13 and clientCompressed13 are what certificate compression adds to server13 and client13.
var (
	serverCompressed13 = [...]row{
		{sendCertificate, wire.TypeCompressedCertificate, nil, (*Conn).sendCompressedCertificate, "RFC 8879, 4"},
		{expectClientCertificate, wire.TypeCompressedCertificate, (*Conn).receiveCompressedClientCertificate, nil, "RFC 8879, 4"},
	}
	clientCompressed13 = [...]row{
		{expectCertificateRequest, wire.TypeCompressedCertificate, (*Conn).receiveCompressedServerCertificate, nil, "RFC 8879, 4"},
		{expectServerCertificate, wire.TypeCompressedCertificate, (*Conn).receiveCompressedServerCertificate, nil, "RFC 8879, 4"},
		{sendClientCertificate, wire.TypeCompressedCertificate, nil, (*Conn).sendCompressedClientCertificate, "RFC 8879, 4"},
	}
)

// roomRow stands for a state in which a CompressedCertificate waits for a buffer. It looks as if there were something to send: so nothing
// more is received meanwhile, and whoever asks for the send window makes the connection try again.
var roomRow = row{send: (*Conn).awaitRoom}

func (k *Compressions) row(c *Conn) *row {
	for i := range k.rows {
		r := &k.rows[i]
		switch {
		case r.state != c.state || c.hs == nil:
		case c.hs.starved:
			return &roomRow
		case r.send != nil && c.compressed() != nil, r.receive != nil && k.offerSize > 0:
			return r
		}
	}
	return nil
}

// heed notes which algorithms of ours the peer accepts.
func (k *Compressions) heed(c *Conn, exts wire.Extensions) error {
	list, err := exts.Compressions()
	c.hs.compressions = 0
	for i := range k.algorithms {
		if list.Contains(uint16(k.algorithms[i].Algorithm)) {
			c.hs.compressions |= 1 << i
		}
	}
	return err
}

// compressions returns what Config has of this; only what is reached from there calls it.
func (c *Conn) compressions() *Compressions { return c.cfg.CertificateCompression.(*Compressions) }

// compressed returns the CompressedCertificate message to show our identity with: by the first of our algorithms that the peer accepts and
// that it was compressed by; nil if there is none.
func (c *Conn) compressed() []byte {
	h, k := c.hs, c.compressions()
	for i := range k.algorithms {
		if h.compressions>>i&1 == 0 {
			continue
		}
		for j := range k.forms {
			if f := &k.forms[j]; f.algorithm() == k.algorithms[i].Algorithm && f.of(h.identity, h.staples) {
				return f.message
			}
		}
	}
	return nil
}

// sendCompressedCertificate sends as much of our chain, compressed, as there is room for, until all of it is sent.
func (c *Conn) sendCompressedCertificate() (state, error) {
	h, msg := c.hs, c.compressed()
	n := copy(c.out.window(record.Handshake), msg[h.sent:])
	if n == 0 {
		return idle, errNoRoom
	}
	h.transcript.Write(msg[h.sent : h.sent+n])
	c.out.append(n)
	if h.sent += n; h.sent < len(msg) {
		return c.state, nil
	}
	h.sent = 0
	if c.client {
		return sendClientCertificateVerify, nil
	}
	return sendCertificateVerify, nil
}

func (c *Conn) sendCompressedClientCertificate() (state, error) {
	if err := c.beginClientFlight(); err != nil {
		return idle, err
	}
	return c.sendCompressedCertificate()
}

// receiveCompressedServerCertificate judges the server's chain, which came compressed.
func (c *Conn) receiveCompressedServerCertificate(msg []byte) (state, error) {
	plain, err := c.decompress(len(msg))
	if err != nil {
		return idle, err
	}
	return c.receiveServerCertificate(plain)
}

// receiveCompressedClientCertificate judges the client's chain, which came compressed.
func (c *Conn) receiveCompressedClientCertificate(msg []byte) (state, error) {
	plain, err := c.decompress(len(msg))
	if err != nil {
		return idle, err
	}
	return c.receiveCertificate(plain)
}

// decompress returns the Certificate message, with a header, that the CompressedCertificate of n bytes at the start of the receive buffer
// stands for. It is in the same buffer, behind all that was received, and valid until the handler returns; a handler that is
// called again, because of Config.Stepwise, decompresses again.
func (c *Conn) decompress(n int) ([]byte, error) {
	var m wire.CompressedCertificate
	if err := m.Parse(c.in.handshakeBytes()[wire.HeaderSize:n]); err != nil {
		return nil, err
	}
	k := c.compressions()
	a := k.decompressor(m.Algorithm)
	if a == nil {
		return nil, ErrCompressionNotOffered
	}
	// The length is the peer's claim: it must not ask for more than there is, and has to be true.
	most := c.mem.Largest() - c.in.end - wire.HeaderSize
	if k.MaxCertificate > 0 {
		most = min(most, k.MaxCertificate)
	}
	if m.Size > most {
		return nil, ErrLongCertificate
	}
	plain := c.in.behind(wire.HeaderSize+m.Size, c.mem)
	if plain == nil {
		c.hs.starved = true
		return nil, errWaiting
	}
	compressed := c.in.handshakeBytes()[wire.CompressedHead:n] // They may be in another buffer now.
	if size, ok := a.Decompress(plain[wire.HeaderSize:], compressed); !ok || size != m.Size {
		return nil, ErrDecompression
	}
	plain[0] = byte(wire.TypeCertificate)
	putUint(plain[1:wire.HeaderSize], uint64(m.Size))
	return plain, nil
}

// awaitRoom lets the handler of a CompressedCertificate look for a buffer again. The buffer to send with is given back first: it may
// be the one that is missing.
func (c *Conn) awaitRoom() (state, error) {
	c.out.release(c.mem)
	c.hs.starved = false
	return c.state, nil
}
