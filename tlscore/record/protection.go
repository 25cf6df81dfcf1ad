package record

import (
	"colibri/tlscore/primitive/aesccm"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/primitive/chachapoly"
	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/primitive/subtle"
)

// Cipher is the AEAD that protects records.
type Cipher uint8

const (
	None Cipher = iota // records go in the clear
	AES128GCM
	AES256GCM
	ChaCha20Poly1305
	AES128CCM
	AES128CCM8 // with a tag of 8 bytes only
)

// KeySize returns the length of the cipher's key in bytes.
func (c Cipher) KeySize() int {
	switch c {
	case AES128GCM, AES128CCM, AES128CCM8:
		return 16
	case AES256GCM, ChaCha20Poly1305:
		return 32
	}
	return 0
}

func (c Cipher) gcm() bool { return c == AES128GCM || c == AES256GCM }

// tagSize returns the length of the cipher's tag in bytes.
func (c Cipher) tagSize() int {
	if c == AES128CCM8 {
		return 8
	}
	return tagSize
}

// SealLimit returns how many records of full size may be sealed under one key: 2^24.5 for AES-GCM, rounded down, and
// no bound that a connection could reach for ChaCha20-Poly1305 (RFC 8446, section 5.5); 2^23 for AES-CCM (RFC 9147, section
// 4.5.3).
func (c Cipher) SealLimit() uint64 {
	switch c {
	case ChaCha20Poly1305:
		return 1 << 62
	case AES128CCM, AES128CCM8:
		return 1 << 23
	}
	return 1 << 24
}

// sequenceSize is the length of sequence numbers in bytes.
const sequenceSize = 8

// Protection protects the records of one direction. The zero value leaves records in the clear. It is not for concurrent
// use: a record's nonce is made of its IV, in place.
type Protection struct {
	cipher Cipher
	// The sequence number of the next record (RFC 8446, section 5.3), big-endian. Behind it there is room for the header that TLS 1.2
	// authenticates with it.
	ad     [sequenceSize + HeaderSize]byte
	iv     [12]byte // see mix
	gcm    aesgcm.Key
	chacha chachapoly.Key
	// CCM is expanded anew for each record: an expanded key beside the one of GCM would cost every connection a quarter of
	// its memory, for a cipher that few use.
	ccm [16]byte

	form *form // of records in TLS 1.2; nil in TLS 1.3
}

// Init sets the key and IV and starts the sequence numbers over. The length of key is c.KeySize().
func (p *Protection) Init(c Cipher, key []byte, iv *[12]byte) {
	p.form = nil
	p.setKey(c, key, iv)
}

func (p *Protection) setKey(c Cipher, key []byte, iv *[12]byte) {
	p.cipher, p.iv = c, *iv
	clear(p.ad[:])
	switch {
	case profile.Small || c.gcm():
		p.gcm.Init(key)
	case c == ChaCha20Poly1305:
		p.chacha.Init(key)
	default:
		copy(p.ccm[:], key) // not a conversion to an array, which would move TinyGo's key to the heap
	}
}

// Cipher returns the cipher in use.
func (p *Protection) Cipher() Cipher { return p.cipher }

// Sequence returns how many records the current key has protected.
func (p *Protection) Sequence() (n uint64) {
	for _, b := range p.ad[:sequenceSize] {
		n = n<<8 | uint64(b)
	}
	return n
}

// count adds 1 to the sequence number. It cannot wrap: SealLimit and the size of the data stand before it.
func (p *Protection) count() {
	for i := sequenceSize - 1; i >= 0; i-- {
		if p.ad[i]++; p.ad[i] != 0 {
			return
		}
	}
}

// Wipe forgets the keys.
func (p *Protection) Wipe() {
	switch {
	case p.cipher == None:
	case profile.Small || p.cipher.gcm():
		p.gcm.Wipe()
	case p.cipher == ChaCha20Poly1305:
		p.chacha.Wipe()
	default:
		subtle.Wipe(p.ccm[:])
	}
	subtle.Wipe(p.iv[:])
	clear(p.ad[:])
	p.cipher, p.form = None, nil
}

// Head returns how many bytes of a record stand before its plaintext.
func (p *Protection) Head() int {
	if p.form == nil {
		return HeaderSize
	}
	return HeaderSize + p.cipher.explicitSize()
}

// Room returns how long a record with n bytes of plaintext is.
func (p *Protection) Room(n int) int {
	switch {
	case p.cipher == None:
		return HeaderSize + n
	case p.form != nil:
		return p.Head() + n + p.cipher.tagSize()
	}
	return HeaderSize + n + 1 + p.cipher.tagSize()
}

// Seal makes a record of type t, in place, from n bytes of plaintext that start at rec[Head():]. It returns the length of the
// record, Room(n); rec must be at least as long.
func (p *Protection) Seal(rec []byte, t ContentType, n int) int { return p.SealPadded(rec, t, n, 0) }

// SealPadded is Seal with so many bytes of padding (RFC 8446, section 5.4), for which rec must have room too. Where there is no
// padding, in the clear and in TLS 1.2, none is added.
func (p *Protection) SealPadded(rec []byte, t ContentType, n, padding int) int {
	if p.cipher == None {
		PutHeader(rec, t, n)
		return HeaderSize + n
	}
	if p.form != nil {
		return p.form.seal(p, rec, t, n)
	}
	end := p.Room(n + padding)
	rec[HeaderSize+n] = byte(t)
	clear(rec[HeaderSize+n+1 : HeaderSize+n+1+padding])
	PutHeader(rec, ApplicationData, end-HeaderSize)
	p.mix()
	p.encrypt(rec[HeaderSize:end], rec[:HeaderSize])
	p.mix()
	p.count()
	return end
}

// encrypt seals buf, which ends with room for the tag, under the nonce that stands in iv.
func (p *Protection) encrypt(buf, ad []byte) {
	switch {
	case profile.Small || p.cipher.gcm():
		p.gcm.Seal(buf, &p.iv, ad)
	case p.cipher == ChaCha20Poly1305:
		p.chacha.Seal(buf, &p.iv, ad)
	default:
		var k aesccm.Key
		k.Init(p.ccm[:], p.cipher.tagSize())
		k.Seal(buf, &p.iv, ad)
		k.Wipe()
	}
}

// Open decrypts, in place, the protected record rec (header and fragment), and returns its type and its plaintext without
// padding, a part of rec (RFC 8446, section 5.2). A record that does not authenticate is not counted in the sequence.
func (p *Protection) Open(rec []byte) (t ContentType, plaintext []byte, err error) {
	if p.form != nil {
		return p.form.open(p, rec)
	}
	fragment := rec[HeaderSize:]
	if len(fragment) < p.cipher.tagSize()+1 {
		return 0, nil, ErrBadMAC
	}
	p.mix()
	ok := p.decrypt(fragment, rec[:HeaderSize])
	p.mix()
	if !ok {
		return 0, nil, ErrBadMAC
	}
	p.count()
	inner := fragment[:len(fragment)-p.cipher.tagSize()]
	if len(inner) > MaxPlaintext+1 {
		return 0, nil, ErrOverflow
	}
	n := len(inner)
	for n > 0 && inner[n-1] == 0 {
		n--
	}
	if n == 0 {
		return 0, nil, ErrNoContentType
	}
	return ContentType(inner[n-1]), inner[:n-1], nil
}

// decrypt opens buf, which ends with the tag, under the nonce that stands in iv; false if it does not authenticate.
func (p *Protection) decrypt(buf, ad []byte) (ok bool) {
	switch {
	case profile.Small || p.cipher.gcm():
		return p.gcm.Open(buf, &p.iv, ad)
	case p.cipher == ChaCha20Poly1305:
		return p.chacha.Open(buf, &p.iv, ad)
	}
	var k aesccm.Key
	k.Init(p.ccm[:], p.cipher.tagSize())
	ok = k.Open(buf, &p.iv, ad)
	k.Wipe()
	return ok
}

// mix turns the IV into the nonce of the next record, the IV XORed with the sequence number, padded to the left (RFC 8446, section
// 5.3), and back: every connection would have to keep a nonce beside the IV.
func (p *Protection) mix() {
	for i, b := range p.ad[:sequenceSize] {
		p.iv[len(p.iv)-sequenceSize+i] ^= b
	}
}
