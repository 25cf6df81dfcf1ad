package record

import (
	"colibri/tlscore/primitive/aesccm"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/primitive/chachapoly"
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

// Protection protects the records of one direction. The zero value leaves records in the clear. It is not for concurrent
// use: a record's nonce is built inside it.
type Protection struct {
	cipher Cipher
	seq    uint64 // the sequence number of the next record (RFC 8446, section 5.3)
	iv     [12]byte
	nonce  [12]byte
	gcm    aesgcm.Key
	chacha chachapoly.Key
	// CCM is expanded anew for each record: an expanded key beside the one of GCM would cost every connection a quarter of
	// its memory, for a cipher that few use.
	ccm [16]byte
}

// Init sets the key and IV and starts the sequence numbers over. The length of key is c.KeySize().
func (p *Protection) Init(c Cipher, key []byte, iv *[12]byte) {
	p.cipher, p.seq, p.iv = c, 0, *iv
	switch c {
	case ChaCha20Poly1305:
		p.chacha.Init(key)
	case AES128CCM, AES128CCM8:
		p.ccm = [16]byte(key)
	default:
		p.gcm.Init(key)
	}
}

// Cipher returns the cipher in use.
func (p *Protection) Cipher() Cipher { return p.cipher }

// Sequence returns how many records the current key has protected.
func (p *Protection) Sequence() uint64 { return p.seq }

// Wipe forgets the keys.
func (p *Protection) Wipe() {
	switch p.cipher {
	case None:
	case ChaCha20Poly1305:
		p.chacha.Wipe()
	case AES128CCM, AES128CCM8:
		subtle.Wipe(p.ccm[:])
	default:
		p.gcm.Wipe()
	}
	subtle.Wipe(p.iv[:])
	subtle.Wipe(p.nonce[:])
	p.cipher, p.seq = None, 0
}

// Room returns how long a record with n bytes of plaintext is.
func (p *Protection) Room(n int) int {
	if p.cipher == None {
		return HeaderSize + n
	}
	return HeaderSize + n + 1 + p.cipher.tagSize()
}

// Seal makes a record of type t, in place, from the n bytes of plaintext that stand in rec behind the room for the header.
// It returns the record's length, Room(n), which rec must have.
func (p *Protection) Seal(rec []byte, t ContentType, n int) int {
	if p.cipher == None {
		PutHeader(rec, t, n)
		return HeaderSize + n
	}
	end := p.Room(n)
	rec[HeaderSize+n] = byte(t)
	PutHeader(rec, ApplicationData, end-HeaderSize)
	p.makeNonce()
	p.seq++
	switch p.cipher {
	case ChaCha20Poly1305:
		p.chacha.Seal(rec[HeaderSize:end], &p.nonce, rec[:HeaderSize])
	case AES128CCM, AES128CCM8:
		var k aesccm.Key
		k.Init(p.ccm[:], p.cipher.tagSize())
		k.Seal(rec[HeaderSize:end], &p.nonce, rec[:HeaderSize])
		k.Wipe()
	default:
		p.gcm.Seal(rec[HeaderSize:end], &p.nonce, rec[:HeaderSize])
	}
	return end
}

// Open decrypts, in place, the protected record rec (header and fragment), and returns its type and its plaintext without
// padding, a part of rec (RFC 8446, section 5.2). A record that does not authenticate is not counted in the sequence.
func (p *Protection) Open(rec []byte) (t ContentType, plaintext []byte, err error) {
	fragment := rec[HeaderSize:]
	if len(fragment) < p.cipher.tagSize()+1 {
		return 0, nil, ErrBadMAC
	}
	p.makeNonce()
	var ok bool
	switch p.cipher {
	case ChaCha20Poly1305:
		ok = p.chacha.Open(fragment, &p.nonce, rec[:HeaderSize])
	case AES128CCM, AES128CCM8:
		var k aesccm.Key
		k.Init(p.ccm[:], p.cipher.tagSize())
		ok = k.Open(fragment, &p.nonce, rec[:HeaderSize])
		k.Wipe()
	default:
		ok = p.gcm.Open(fragment, &p.nonce, rec[:HeaderSize])
	}
	if !ok {
		return 0, nil, ErrBadMAC
	}
	p.seq++
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

// makeNonce sets the nonce of the next record: its sequence number, padded to the left, XORed with the IV (RFC 8446,
// section 5.3). The sequence number cannot wrap: SealLimit and the size of the data stand before it.
func (p *Protection) makeNonce() {
	p.nonce = p.iv
	for i := range 8 {
		p.nonce[11-i] ^= byte(p.seq >> (8 * i))
	}
}
