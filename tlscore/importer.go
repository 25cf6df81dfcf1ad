package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/hkdf"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/wire"
)

// Importing pre-shared keys (RFC 9258). A key that is used directly belongs to one protocol and one hash. From a key that is imported, each
// protocol and each hash gets its own key. The context distinguishes the nodes that share it, for instance two peers that swap roles.

// ImportedPSK is memory for an imported key (RFC 9258). Its PSK is made of slices of that memory.
type ImportedPSK struct {
	PSK      PSK // for Config.PSKs
	identity [maxPSKIdentity]byte
	key      [keyschedule.MaxHash]byte
}

// Import derives, from k, the key for TLS 1.3 and suites with the hash target, which is sha2.SHA256 or sha2.SHA384. k.Hash is
// here the hash that k was made for, if it was made for one. Both sides import with the same context, which may be empty and is
// sent in the clear. If the suites that may be negotiated have both hashes, import once for each. A key that is itself in
// Config.PSKs must not be imported (RFC 9258, section 7). The error is ErrBadPSK if k cannot be used, target is another hash, or
// identity and context together are longer than 248 bytes.
func (i *ImportedPSK) Import(k *PSK, context []byte, target sha2.Algorithm) error {
	kdf := uint16(kdfSHA256)
	if target == sha2.SHA384 {
		kdf = kdfSHA384
	}
	if !k.usable() || k.imported || target != sha2.SHA256 && target != sha2.SHA384 {
		return ErrBadPSK
	}
	// ImportedIdentity (RFC 9258, section 5.1).
	b := wire.NewBuilder(i.identity[:])
	part := b.Begin(2)
	b.Bytes(k.Identity)
	b.End(part)
	part = b.Begin(2)
	b.Bytes(context)
	b.End(part)
	b.U16(wire.VersionTLS13)
	b.U16(kdf)
	if b.Overflowed() {
		return ErrBadPSK
	}
	hash := k.hash()
	var digest, extracted [sha2.MaxSize]byte
	n := sha2.Sum(hash, digest[:], b.Written())
	hkdf.Extract(hash, extracted[:n], nil, k.Key)
	key := i.key[:target.Size()]
	hkdf.ExpandLabel(hash, key, extracted[:n], "derived psk", digest[:n])
	subtle.Wipe(extracted[:])
	i.PSK = PSK{Identity: b.Written(), Key: key, Hash: target, imported: true}
	return nil
}

// Wipe forgets the key.
func (i *ImportedPSK) Wipe() {
	subtle.Wipe(i.key[:])
	*i = ImportedPSK{}
}

// Numbers of key derivation functions (RFC 9258, section 9).
const kdfSHA256, kdfSHA384 = 1, 2
