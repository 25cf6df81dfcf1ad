package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"strings"
	"sync"
	"testing"

	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
)

// stdHash is the hash that goes with each scheme.
var stdHash = map[Scheme]crypto.Hash{
	PKCS1WithSHA256: crypto.SHA256, PKCS1WithSHA384: crypto.SHA384, PKCS1WithSHA512: crypto.SHA512,
	ECDSAWithP256AndSHA256: crypto.SHA256, ECDSAWithP384AndSHA384: crypto.SHA384,
	RSAPSSWithSHA256: crypto.SHA256, RSAPSSWithSHA384: crypto.SHA384, RSAPSSWithSHA512: crypto.SHA512,
	Ed25519: 0,
}

func digestOf(h crypto.Hash, message []byte) []byte {
	if h == 0 {
		return message
	}
	d := h.New()
	d.Write(message)
	return d.Sum(nil)
}

// stdVerifies is the judgement of the standard library.
func stdVerifies(s Scheme, pub crypto.PublicKey, message, sig []byte) bool {
	h := stdHash[s]
	digest := digestOf(h, message)
	switch pub := pub.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(pub, digest, sig)
	case ed25519.PublicKey:
		return ed25519.Verify(pub, message, sig)
	case *rsa.PublicKey:
		return rsa.VerifyPSS(pub, h, digest, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
	}
	return false
}

// stdSigns lets the standard library sign.
func stdSigns(t *testing.T, s Scheme, key crypto.Signer, message []byte) []byte {
	t.Helper()
	h := stdHash[s]
	var options crypto.SignerOpts = h
	if s == RSAPSSWithSHA256 || s == RSAPSSWithSHA384 || s == RSAPSSWithSHA512 {
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
	}
	sig, err := key.Sign(rand.Reader, digestOf(h, message), options)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// TestRoundTrips: what we sign, the standard library and we verify; what it signs, we verify; with a bit turned over, for another
// message, under another scheme or by another key nothing verifies.
func TestRoundTrips(t *testing.T) {
	message := fill(130)
	v := Verifier{RSA: new(Scratch)}
	for _, k := range keys(t) {
		key, pub := k.parsed(t), k.public(t)
		for _, s := range k.schemes {
			var room [512]byte
			n, err := key.Sign(s, room[:], message, fill(64))
			if err != nil {
				t.Errorf("%s, %v: %v", k.name, s, err)
				continue
			}
			for who, sig := range map[string][]byte{"our": room[:n], "crypto's": stdSigns(t, s, k.std, message)} {
				if !stdVerifies(s, k.std.Public(), message, sig) {
					t.Errorf("%s, %v: crypto refuses %s signature %x", k.name, s, who, sig)
				}
				if !v.VerifyScheme(s, pub, message, sig) || !v.VerifySignature(s.algorithm(), pub, message, sig) {
					t.Errorf("%s, %v: %s signature %x is refused", k.name, s, who, sig)
				}
				if v.VerifyScheme(s, pub, message[1:], sig) {
					t.Errorf("%s, %v: %s signature verifies for another message", k.name, s, who)
				}
				for other := range stdHash {
					if other != s && v.VerifyScheme(other, pub, message, sig) {
						t.Errorf("%s, %v: %s signature verifies under %v", k.name, s, who, other)
					}
				}
				for _, o := range keys(t) {
					if o.name != k.name && v.VerifyScheme(s, o.public(t), message, sig) {
						t.Errorf("%s, %v: %s signature verifies for the key %s", k.name, s, who, o.name)
					}
				}
				for i := range sig {
					sig[i] ^= 1 << (i % 8)
					if v.VerifyScheme(s, pub, message, sig) {
						t.Errorf("%s, %v: verifies with a wrong byte %d", k.name, s, i)
					}
					sig[i] ^= 1 << (i % 8)
				}
				for _, length := range []int{0, 1, len(sig) - 1} {
					if v.VerifyScheme(s, pub, message, sig[:length]) {
						t.Errorf("%s, %v: %d bytes of %d verify", k.name, s, length, len(sig))
					}
				}
				if v.VerifyScheme(s, pub, message, append(sig[:len(sig):len(sig)], 0)) {
					t.Errorf("%s, %v: verifies with a byte behind", k.name, s)
				}
			}
		}
	}
}

// TestCertificateSignatures: PKCS #1 v1.5 and the hashes that only certificates mix with curves.
func TestCertificateSignatures(t *testing.T) {
	message := fill(200)
	v := Verifier{RSA: new(Scratch)}
	for _, k := range keys(t) {
		pub := k.public(t)
		algorithms := map[x509lite.SignatureAlgorithm]crypto.Hash{}
		switch k.algorithm {
		case x509lite.KeyP256, x509lite.KeyP384:
			algorithms[x509lite.ECDSAWithSHA256] = crypto.SHA256
			algorithms[x509lite.ECDSAWithSHA384] = crypto.SHA384
			algorithms[x509lite.ECDSAWithSHA512] = crypto.SHA512
		case x509lite.KeyRSA:
			algorithms[x509lite.SHA256WithRSA] = crypto.SHA256
			algorithms[x509lite.SHA384WithRSA] = crypto.SHA384
			algorithms[x509lite.SHA512WithRSA] = crypto.SHA512
		}
		for alg, h := range algorithms {
			sig, err := k.std.Sign(rand.Reader, digestOf(h, message), h)
			if err != nil {
				t.Fatal(err)
			}
			if !v.VerifySignature(alg, pub, message, sig) {
				t.Errorf("%s, %v: refused", k.name, alg)
			}
			for other := range algorithms {
				if other != alg && v.VerifySignature(other, pub, message, sig) {
					t.Errorf("%s, %v: verifies as %v", k.name, alg, other)
				}
			}
		}
		for alg := x509lite.SignatureAlgorithm(0); alg < 40; alg++ {
			if v.VerifySignature(alg, pub, message, nil) || v.VerifySignature(alg, &x509lite.PublicKey{}, message, fill(64)) {
				t.Errorf("%s, algorithm %d: nothing verifies", k.name, alg)
			}
		}
	}
}

// TestSupports: a key signs handshakes under its schemes, an RSA key those of TLS 1.2 under RSASSA-PKCS1-v1_5 too.
func TestSupports(t *testing.T) {
	for _, k := range keys(t) {
		key := k.parsed(t)
		if key.Algorithm() != k.algorithm {
			t.Errorf("%s: algorithm %v", k.name, key.Algorithm())
		}
		want := map[Scheme]bool{}
		for _, s := range k.schemes {
			want[s] = true
		}
		if k.algorithm == x509lite.KeyRSA {
			want[PKCS1WithSHA256], want[PKCS1WithSHA384], want[PKCS1WithSHA512] = true, true, true
		}
		for s := Scheme(0); s < 0x0a00; s++ {
			if key.Supports(s) != want[s] {
				t.Errorf("%s, %v: supported: %v", k.name, s, key.Supports(s))
			}
			if want[s] {
				continue
			}
			var room [512]byte
			if n, err := key.Sign(s, room[:], nil, fill(64)); n != 0 || err != ErrScheme {
				t.Fatalf("%s, %v: %d bytes, %v", k.name, s, n, err)
			}
		}
		key.Wipe()
		if key.Supports(k.schemes[0]) || key.Algorithm() != 0 || key.p256 != [32]byte{} || key.p384 != [48]byte{} || key.ed25519 != [64]byte{} || key.rsa.P != nil {
			t.Errorf("%s: something is left of a wiped key", k.name)
		}
	}
}

// TestLittleRoom: a signature that does not fit, or too little entropy for a salt, is an error and not a shorter signature.
func TestLittleRoom(t *testing.T) {
	for _, k := range keys(t) {
		key := k.parsed(t)
		for _, s := range k.schemes {
			var room [512]byte
			n, err := key.Sign(s, room[:], nil, fill(64))
			if err != nil {
				t.Fatal(err)
			}
			if n, err := key.Sign(s, room[:min(n, 64)-1], nil, fill(64)); n != 0 || err != ErrSigning {
				t.Errorf("%s, %v: little room: %d bytes, %v", k.name, s, n, err)
			}
			if k.algorithm != x509lite.KeyRSA {
				continue
			}
			if n, err := key.Sign(s, room[:], nil, fill(stdHash[s].Size()-1)); n != 0 || err != ErrSigning {
				t.Errorf("%s, %v: little entropy: %d bytes, %v", k.name, s, n, err)
			}
		}
	}
}

// TestMatches: each key has its own public key, and no other one's.
func TestMatches(t *testing.T) {
	all := keys(t)
	for i, k := range all {
		key := k.parsed(t)
		for j, o := range all {
			if pub := o.public(t); key.Matches(pub) != (i == j) {
				t.Errorf("%s and the public key of %s: %v", k.name, o.name, i != j)
			}
		}
		pub := k.public(t)
		pub.Algorithm = 0
		if key.Matches(pub) || new(PrivateKey).Matches(pub) || new(PrivateKey).Matches(&x509lite.PublicKey{}) {
			t.Errorf("%s: a public key without an algorithm matches", k.name)
		}
		pub = k.public(t)
		pub.E += 2
		if k.algorithm == x509lite.KeyRSA && key.Matches(pub) {
			t.Errorf("%s: another exponent matches", k.name)
		}
	}
}

// TestConcurrentSigning: connections of a host share a key (the portable RSA does not allow it). The race detector would object.
func TestConcurrentSigning(t *testing.T) {
	for _, k := range keys(t) {
		if k.algorithm == x509lite.KeyRSA && !hostRSA {
			continue
		}
		key := k.parsed(t)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				var room [512]byte
				n, err := key.Sign(k.schemes[0], room[:], fill(9), fill(64))
				if err != nil || !stdVerifies(k.schemes[0], k.std.Public(), fill(9), room[:n]) {
					t.Errorf("%s: wrong signature, %v", k.name, err)
				}
			})
		}
		wait.Wait()
	}
}

// TestECDSAEncoding: one encoding of r and s is right (X.690, 10.1 and 8.3.2); others verified in lenient libraries.
func TestECDSAEncoding(t *testing.T) {
	for _, c := range []struct {
		name, sig string
		ok        bool
	}{
		{"smallest", "\x30\x06\x02\x01\x01\x02\x01\x02", true},
		{"high bit needs a zero", "\x30\x08\x02\x02\x00\x80\x02\x02\x00\xff", true},
		{"zeros", "\x30\x06\x02\x01\x00\x02\x01\x00", true}, // for the curve to refuse
		{"nothing", "", false},
		{"empty sequence", "\x30\x00", false},
		{"r only", "\x30\x03\x02\x01\x01", false},
		{"three numbers", "\x30\x09\x02\x01\x01\x02\x01\x02\x02\x01\x03", false},
		{"behind the sequence", "\x30\x06\x02\x01\x01\x02\x01\x02\x00", false},
		{"negative", "\x30\x06\x02\x01\x81\x02\x01\x02", false},
		{"needless zero", "\x30\x07\x02\x02\x00\x01\x02\x01\x02", false},
		{"empty number", "\x30\x05\x02\x00\x02\x01\x02", false},
		{"long length", "\x30\x81\x06\x02\x01\x01\x02\x01\x02", false},
		{"indefinite length", "\x30\x80\x02\x01\x01\x02\x01\x02\x00\x00", false},
		{"set", "\x31\x06\x02\x01\x01\x02\x01\x02", false},
		{"octet string", "\x30\x06\x04\x01\x01\x02\x01\x02", false},
		{"too long", "\x30\x26\x02\x21\x01" + strings.Repeat("\x00", 32) + "\x02\x01\x02", false},
		{"cut off", "\x30\x06\x02\x01\x01\x02\x01", false},
	} {
		var rs, again [64]byte
		if got := splitECDSA(rs[:], []byte(c.sig)); got != c.ok {
			t.Errorf("%s: %v", c.name, got)
			continue
		}
		if !c.ok {
			continue
		}
		var sig [80]byte
		n := joinECDSA(sig[:], rs[:])
		if string(sig[:n]) != c.sig || !splitECDSA(again[:], sig[:n]) || again != rs {
			t.Errorf("%s: written as %x", c.name, sig[:n])
		}
		if joinECDSA(sig[:n-1], rs[:]) != 0 {
			t.Errorf("%s: written to too little room", c.name)
		}
	}
}

// TestSchemeNames: RFC 8446's names, for logs.
func TestSchemeNames(t *testing.T) {
	seen := map[string]bool{}
	for s := range stdHash {
		name := s.String()
		if seen[name] || !strings.Contains(name, "_") && s != Ed25519 {
			t.Errorf("%#x: %q", uint16(s), name)
		}
		seen[name] = true
	}
	if Scheme(0x0201).String() != Scheme(0).String() || Scheme(0).Fits(0) || Scheme(0x0201).Fits(x509lite.KeyRSA) {
		t.Error("SHA-1 is a scheme")
	}
}

// TestAllocations: verifying allocates nothing in the portable build, nor does signing or reading a key.
func TestAllocations(t *testing.T) {
	if hostRSA {
		t.Skip("the host's primitives allocate: go test -tags portable")
	}
	message := fill(100)
	for _, k := range keys(t) {
		key, pub, b := k.parsed(t), k.public(t), k.pkcs8(t)
		v := Verifier{RSA: new(Scratch)}
		var room [512]byte
		n := 0
		entropy := fill(64)
		for what, f := range map[string]func() bool{
			"Parse":  func() bool { return key.Parse(b) == nil },
			"Sign":   func() bool { _, err := key.Sign(k.schemes[0], room[:], message, entropy); return err == nil },
			"Verify": func() bool { return !v.VerifyScheme(k.schemes[0], pub, message, room[:n]) },
		} {
			if allocated := testing.AllocsPerRun(2, func() {
				if !f() {
					t.Errorf("%s: %s failed", k.name, what)
				}
			}); allocated != 0 {
				t.Errorf("%s: %s makes %v allocations", k.name, what, allocated)
			}
		}
		n, _ = key.Sign(k.schemes[0], room[:], message, entropy)
		if allocated := testing.AllocsPerRun(2, func() {
			if !v.VerifyScheme(k.schemes[0], pub, message, room[:n]) {
				t.Errorf("%s: does not verify", k.name)
			}
		}); allocated != 0 {
			t.Errorf("%s: Verify makes %v allocations", k.name, allocated)
		}
	}
}

// TestTLS12: what the schemes of TLS 1.2 allow besides: RSASSA-PKCS1-v1_5, any curve under a scheme of ECDSA, and signatures of
// what is hashed already.
func TestTLS12(t *testing.T) {
	message := fill(100)
	for _, k := range keys(t) {
		key, pub := k.parsed(t), k.public(t)
		v := Verifier{RSA: new(Scratch)}
		for i := range schemes {
			s := schemes[i].scheme
			if !key.Supports(s) {
				continue
			}
			var room, again [512]byte
			n, err := key.Sign(s, room[:], message, fill(64))
			if err != nil {
				t.Fatalf("%s, %v: %v", k.name, s, err)
			}
			if !v.VerifyScheme12(s, pub, message, room[:n]) {
				t.Errorf("%s, %v: the signature does not verify", k.name, s)
			}
			if v.VerifyScheme(s, pub, message, room[:n]) == s.CertificatesOnly() {
				t.Errorf("%s, %v: in TLS 1.3", k.name, s)
			}
			var digest [sha2.MaxSize]byte
			hash := s.Hash()
			if hash == 0 {
				if _, err := key.SignDigest(s, again[:], nil, fill(64)); err != ErrScheme || v.VerifyDigest12(s, pub, nil, room[:n]) {
					t.Errorf("%s, %v: signs a digest: %v", k.name, s, err)
				}
				continue
			}
			size := sha2.Sum(hash, digest[:], message)
			m, err := key.SignDigest(s, again[:], digest[:size], fill(64))
			if err != nil || !v.VerifyScheme12(s, pub, message, again[:m]) {
				t.Errorf("%s, %v: SignDigest does not sign what Sign does: %v", k.name, s, err)
			}
			if s.CertificatesOnly() && rsa.VerifyPKCS1v15(k.std.Public().(*rsa.PublicKey), stdHash[s], digest[:size], room[:n]) != nil {
				t.Errorf("%s, %v: the standard library does not verify it", k.name, s)
			}
			if !v.VerifyDigest12(s, pub, digest[:size], room[:n]) || v.VerifyDigest12(s, pub, digest[:size-1], room[:n]) {
				t.Errorf("%s, %v: the digest does not verify, or a part of it does", k.name, s)
			}
			digest[0] ^= 1
			if v.VerifyDigest12(s, pub, digest[:size], room[:n]) {
				t.Errorf("%s, %v: another digest verifies", k.name, s)
			}
			if _, err := key.SignDigest(s, again[:], digest[:size-1], fill(64)); err != ErrScheme {
				t.Errorf("%s, %v: signs a digest that is too short: %v", k.name, s, err)
			}
		}
	}
	if !ECDSAWithP256AndSHA256.Fits12(x509lite.KeyP384) || !ECDSAWithP384AndSHA384.Fits12(x509lite.KeyP256) ||
		!ECDSAWithP521AndSHA512.Fits12(x509lite.KeyP256) || !ECDSAWithP256AndSHA256.Fits12(x509lite.KeyP521) ||
		ECDSAWithP256AndSHA256.Fits12(x509lite.KeyRSA) || ECDSAWithP256AndSHA256.Fits12(0) || Ed25519.Fits12(x509lite.KeyP256) {
		t.Error("Fits12")
	}
}
