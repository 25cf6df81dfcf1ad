// Package ecvectors runs Project Wycheproof's ECDH and ECDSA test vectors against an implementation of a
// curve. Only tests import it.
package ecvectors

import (
	"bytes"
	"crypto"
	_ "crypto/sha256" // the hashes that the ECDSA files name
	_ "crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"colibri/fuzz/vectors"
	"colibri/x509lite/der"
)

// Curve is an implementation under test.
type Curve struct {
	Name string // printed with the results
	Size int    // of a scalar, in bytes
	OID  asn1.ObjectIdentifier
	// Shared (ECDH) and Verify are the functions of package p256 or p384 with slices instead of arrays.
	Shared func(priv, peer []byte) (shared []byte, ok bool)
	Verify func(pub, digest, sig []byte) bool
}

type ecdhFile struct {
	NumberOfTests int
	TestGroups    []struct {
		Encoding string
		Tests    []struct {
			TcID    int
			Comment string
			Flags   []string
			Public  vectors.Hex
			Private vectors.Hex
			Shared  vectors.Hex
			Result  string
		}
	}
}

// ECDH runs a file of schema ecdh_test or ecdh_ecpoint_test. What the file calls acceptable may be
// refused, but where it is accepted the result must be right.
func (c Curve) ECDH(t *testing.T, name string) {
	t.Helper()
	var file ecdhFile
	vectors.Read(t, "wycheproof/"+name, &file)
	run, passed, refused := 0, 0, 0
	for _, g := range file.TestGroups {
		for _, v := range g.Tests {
			run++
			point, ok := []byte(v.Public), true
			if g.Encoding == "asn" {
				point, ok = c.point(v.Public)
			}
			// Private keys are signed integers without a fixed length.
			private := bytes.TrimLeft(v.Private, "\x00")
			if len(private) > c.Size {
				t.Errorf("%s: %d: private key of %d bytes", name, v.TcID, len(private))
				continue
			}
			private = append(make([]byte, c.Size-len(private)), private...)
			var shared []byte
			if ok {
				shared, ok = c.Shared(private, point)
			}
			switch {
			case ok && v.Result == "invalid":
				t.Errorf("%s: %d (%s): accepted", name, v.TcID, v.Comment)
			case ok && !bytes.Equal(shared, v.Shared):
				t.Errorf("%s: %d (%s): shared secret %x, want %x", name, v.TcID, v.Comment, shared, v.Shared)
			case !ok && v.Result == "valid":
				t.Errorf("%s: %d (%s): refused", name, v.TcID, v.Comment)
			default:
				passed++
				if !ok && v.Result == "acceptable" {
					refused++
				}
			}
		}
	}
	if run != file.NumberOfTests {
		t.Errorf("%s: %d tests of %d", name, run, file.NumberOfTests)
	}
	t.Logf("%s: %s: %d tests, %d passed (of these %d acceptable ones refused)", c.Name, name, run, passed, refused)
}

type ecdsaFile struct {
	NumberOfTests int
	TestGroups    []struct {
		PublicKey struct{ Uncompressed vectors.Hex }
		SHA       string
		Tests     []struct {
			TcID    int
			Comment string
			Msg     vectors.Hex
			Sig     vectors.Hex
			Result  string
		}
	}
}

// ECDSA runs a file of schema ecdsa_verify.
func (c Curve) ECDSA(t *testing.T, name string) {
	t.Helper()
	var file ecdsaFile
	vectors.Read(t, "wycheproof/"+name, &file)
	run, passed := 0, 0
	for _, g := range file.TestGroups {
		hash, ok := hashes[g.SHA]
		if !ok {
			t.Fatalf("%s: hash %q", name, g.SHA)
		}
		for _, v := range g.Tests {
			run++
			h := hash.New()
			h.Write(v.Msg)
			sig, ok := c.signature(v.Sig)
			ok = ok && c.Verify(g.PublicKey.Uncompressed, h.Sum(nil), sig)
			if want := v.Result == "valid"; ok != want {
				t.Errorf("%s: %d (%s): verifies: %v, want %v", name, v.TcID, v.Comment, ok, want)
				continue
			}
			passed++
		}
	}
	if run != file.NumberOfTests {
		t.Errorf("%s: %d tests of %d", name, run, file.NumberOfTests)
	}
	t.Logf("%s: %s: %d tests, %d passed", c.Name, name, run, passed)
}

var hashes = map[string]crypto.Hash{
	"SHA-256": crypto.SHA256,
	"SHA-384": crypto.SHA384,
	"SHA-512": crypto.SHA512,
}

// signature reads an ECDSA-Sig-Value (RFC 3279, 2.2.3) and returns r || s.
func (c Curve) signature(b []byte) (sig []byte, ok bool) {
	inside, ok := der.Only(b, der.Sequence)
	if !ok {
		return nil, false
	}
	r, okR := inside.Unsigned()
	s, okS := inside.Unsigned()
	if !okR || !okS || !inside.Empty() || len(r) > c.Size || len(s) > c.Size {
		return nil, false
	}
	sig = make([]byte, 2*c.Size)
	copy(sig[c.Size-len(r):], r)
	copy(sig[2*c.Size-len(s):], s)
	return sig, true
}

// point returns the encoded point inside a SubjectPublicKeyInfo, when that is well-formed and names the
// curve.
func (c Curve) point(spki []byte) (point []byte, ok bool) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	rest, err := asn1.Unmarshal(spki, &info)
	if err != nil || len(rest) != 0 || info.Key.BitLength%8 != 0 {
		return nil, false
	}
	var curve asn1.ObjectIdentifier
	rest, err = asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &curve)
	if err != nil || len(rest) != 0 || !curve.Equal(c.OID) || !info.Algorithm.Algorithm.Equal(ecPublicKey) {
		return nil, false
	}
	return info.Key.Bytes, true
}

var ecPublicKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1} // RFC 5480, 2.1.1
