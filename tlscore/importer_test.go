package tlscore_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
	"testing"

	"colibri/tlscore"
	"colibri/tlscore/primitive/sha2"
)

// hashes are those of pre-shared keys, with the numbers that RFC 9258 gives their key derivation functions.
var hashes = map[sha2.Algorithm]struct {
	new func() hash.Hash
	kdf uint16
}{
	sha2.SHA256: {sha256.New, 1},
	sha2.SHA384: {sha512.New384, 2},
}

// imported is RFC 9258, section 5.1, computed with the standard library.
func imported(k tlscore.PSK, context string, target sha2.Algorithm) (identity, key []byte) {
	for _, part := range []string{string(k.Identity), context} {
		identity = binary.BigEndian.AppendUint16(identity, uint16(len(part)))
		identity = append(identity, part...)
	}
	identity = binary.BigEndian.AppendUint16(identity, 0x0304)
	identity = binary.BigEndian.AppendUint16(identity, hashes[target].kdf)

	newHash := hashes[k.Hash].new
	mac := func(key []byte, text ...[]byte) []byte {
		m := hmac.New(newHash, key)
		m.Write(bytes.Join(text, nil))
		return m.Sum(nil)
	}
	digest := newHash()
	digest.Write(identity)
	size := digest.Size()
	extracted := mac(make([]byte, size), k.Key)
	info := binary.BigEndian.AppendUint16(nil, uint16(target.Size()))
	info = append(append(info, 17), "tls13 derived psk"...)
	info = append(append(info, byte(size)), digest.Sum(nil)...)
	for i, block := byte(1), []byte(nil); len(key) < target.Size(); i++ {
		block = mac(extracted, block, info, []byte{i})
		key = append(key, block...)
	}
	return identity, key[:target.Size()]
}

// TestImport: the identity and the key are those of the RFC, for all pairs of hashes.
func TestImport(t *testing.T) {
	for own := range hashes {
		for target := range hashes {
			for _, context := range []string{"", "a context"} {
				k := shared(own, "sensor")[0]
				var got tlscore.ImportedPSK
				if err := got.Import(&k, []byte(context), target); err != nil {
					t.Fatal(err)
				}
				identity, key := imported(k, context, target)
				if !bytes.Equal(got.PSK.Identity, identity) || !bytes.Equal(got.PSK.Key, key) || got.PSK.Hash != target {
					t.Errorf("%d to %d: %x, %x, want %x, %x", own, target, got.PSK.Identity, got.PSK.Key, identity, key)
				}
				view := got.PSK.Key
				if got.Wipe(); got.PSK.Key != nil || bytes.Trim(view, "\x00") != nil {
					t.Error("Wipe leaves the key")
				}
			}
		}
	}
}

// TestImportedKeys: peers that import the same key under the same context understand each other, with suites of either hash; others do
// not, and a key that was imported is another than one of the same bytes that was not.
func TestImportedKeys(t *testing.T) {
	k := shared(sha2.SHA256, "sensor")[0]
	imports := func(context string, targets ...sha2.Algorithm) (keys []tlscore.PSK) {
		for _, target := range targets {
			i := new(tlscore.ImportedPSK)
			if err := i.Import(&k, []byte(context), target); err != nil {
				t.Fatal(err)
			}
			keys = append(keys, i.PSK)
		}
		return keys
	}
	stripped := func(keys []tlscore.PSK) []tlscore.PSK {
		return []tlscore.PSK{{Identity: keys[0].Identity, Key: keys[0].Key, Hash: keys[0].Hash}}
	}
	both := imports("a", sha2.SHA256, sha2.SHA384)
	for _, test := range []struct {
		name           string
		client, server []tlscore.PSK
		suite          tlscore.SuiteID // of the server; 0: any
		err            error           // of the server
	}{
		{"the same", both, both, 0, nil},
		{"SHA-256", both, both, tlscore.AES128GCMSHA256, nil},
		{"SHA-384", both, both, tlscore.AES256GCMSHA384, nil},
		{"one of two", both, both[1:], 0, nil},
		{"another context", both, imports("b", sha2.SHA256, sha2.SHA384), 0, tlscore.ErrNoPSK},
		{"the key itself", both, []tlscore.PSK{k}, 0, tlscore.ErrNoPSK},
		{"not imported", stripped(both), both, 0, tlscore.ErrBadBinder},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, _ := pskOnly(test.client)
			_, server := pskOnly(test.server)
			if test.suite != 0 {
				server.Suites = []tlscore.SuiteID{test.suite}
			}
			p := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
			for p.move(0, 1<<14) || p.move(1, 1<<14) {
			}
			if p.server.Err() != test.err || p.server.HandshakeDone() != (test.err == nil) {
				t.Errorf("%v, want %v", p.server.Err(), test.err)
			}
		})
	}
}

// TestImportIsChecked: what cannot be imported, and what is just possible; and nothing is allocated.
func TestImportIsChecked(t *testing.T) {
	k := shared(sha2.SHA256, "sensor")[0]
	var once tlscore.ImportedPSK
	if err := once.Import(&k, nil, sha2.SHA256); err != nil {
		t.Fatal(err)
	}
	short, nameless := k, k
	short.Key, nameless.Identity = k.Key[:15], nil
	for _, test := range []struct {
		name    string
		key     tlscore.PSK
		context int
		target  sha2.Algorithm
		err     error
	}{
		{"a short key", short, 0, sha2.SHA256, tlscore.ErrBadPSK},
		{"no identity", nameless, 0, sha2.SHA256, tlscore.ErrBadPSK},
		{"what is imported already", once.PSK, 0, sha2.SHA256, tlscore.ErrBadPSK},
		{"no hash", k, 0, 0, tlscore.ErrBadPSK},
		{"SHA-512", k, 0, sha2.SHA512, tlscore.ErrBadPSK},
		{"a long context", k, 248 - len(k.Identity), sha2.SHA384, nil},
		{"a context that is too long", k, 249 - len(k.Identity), sha2.SHA384, tlscore.ErrBadPSK},
	} {
		var i tlscore.ImportedPSK
		if err := i.Import(&test.key, make([]byte, test.context), test.target); err != test.err {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if n := testing.AllocsPerRun(10, func() { once.Import(&k, nil, sha2.SHA384) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
