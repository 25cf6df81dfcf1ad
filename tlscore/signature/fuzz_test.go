package signature

import (
	"encoding/pem"
	"testing"

	"colibri/tlscore/primitive/mldsa"
	"colibri/x509lite/der"
	xpem "colibri/x509lite/pem"
)

// FuzzParse: no bytes make reading a key panic; a key that is read can sign, and what it signs verifies.
func FuzzParse(f *testing.F) {
	for _, k := range keys(f) {
		if k.name == "RSA-3072" {
			continue // slow, and the same code
		}
		for label, b := range k.forms(f) {
			f.Add(b)
			f.Add(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: b}))
		}
	}
	for _, m := range mldsaCases {
		expanded := m.expand(f)
		f.Add(m.file(0, element(der.Context(0), counting()[:])))
		f.Add(m.file(0, element(der.OctetString, expanded)))
		f.Add(m.file(1, element(der.Sequence, element(der.OctetString, counting()[:]), element(der.OctetString, expanded))))
	}
	f.Add([]byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"))
	f.Add([]byte("-----BEGIN " + xpem.ECPrivateKey + "-----\nProc-Type: 4,ENCRYPTED\n\nMAA=\n-----END " + xpem.ECPrivateKey + "-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		key := PrivateKey{MLDSA: mldsa.Scheme{}}
		if err := key.Parse(b); err != nil {
			if key.Algorithm() != 0 {
				t.Fatalf("%v, but there is a key", err)
			}
			if err = key.ParsePEM(make([]byte, len(b)), b); err != nil {
				return
			}
		}
		// Numbers of RSA that fit each other although P or Q is not prime sign nothing.
		for i := range schemes {
			s := schemes[i].scheme
			if !key.Supports(s) {
				continue
			}
			var room [MLDSASize]byte
			n, err := key.Sign(s, room[:], b, fill(64))
			if err != nil && n != 0 {
				t.Fatalf("%v: %d bytes, %v", s, n, err)
			}
		}
	})
}

// FuzzECDSA: what is read as a signature is written again as the same bytes: there is one encoding of each.
func FuzzECDSA(f *testing.F) {
	f.Add([]byte("\x30\x06\x02\x01\x01\x02\x01\x02"))
	f.Add([]byte("\x30\x08\x02\x02\x00\x80\x02\x02\x00\xff"))
	f.Add([]byte("\x30\x06\x02\x01\x00\x02\x01\x00"))
	f.Fuzz(func(t *testing.T, sig []byte) {
		var rs [96]byte
		if !splitECDSA(rs[:], sig) {
			return
		}
		var again [128]byte
		if n := joinECDSA(again[:], rs[:]); string(again[:n]) != string(sig) {
			t.Fatalf("%x is written as %x", sig, again[:n])
		}
	})
}
