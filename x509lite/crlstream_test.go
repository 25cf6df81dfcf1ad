package x509lite

import (
	"strings"
	"testing"
)

// bufferedStream is a SignatureStream that keeps the message, so that Ed25519 works too. It checks the order
// of calls.
type bufferedStream struct {
	t       testing.TB
	alg     SignatureAlgorithm
	key     *PublicKey
	message []byte
	begun   bool
}

func (b *bufferedStream) Begin(alg SignatureAlgorithm, key *PublicKey) bool {
	if b.begun {
		b.t.Error("began twice")
	}
	b.alg, b.key, b.message, b.begun = alg, key, b.message[:0], true
	return true
}

func (b *bufferedStream) Write(p []byte) {
	if !b.begun {
		b.t.Error("message before the beginning")
	}
	b.message = append(b.message, p...)
}

func (b *bufferedStream) End(sig []byte) bool {
	return new(stdCrypto).VerifySignature(b.alg, b.key, b.message, sig)
}

// lookUp does with the whole list what CRLStream does with its pieces.
func lookUp(list []byte, cert, issuer *Certificate, now int64, crypto SignatureVerifier) error {
	var v Verifier
	v.cert, v.other, v.signatures = *cert, *issuer, 1
	var l CRL
	if e := l.parse(list); e != 0 {
		return e
	}
	if !l.covers(cert) || l.AuthorityKeyID != nil && !same(l.AuthorityKeyID, issuer.SubjectKeyID) {
		return ErrRevocationUnknown
	}
	if e := v.listFault(&Options{Crypto: crypto, Now: now}, &l); e != 0 {
		return e
	}
	revoked, e := l.lookup(cert.Serial)
	if revoked {
		e = ErrRevoked
	}
	return e.result()
}

func feed(t testing.TB, list []byte, cert, issuer *Certificate, now int64, chunk int) error {
	return feedTo(t, &bufferedStream{t: t}, list, cert, issuer, now, chunk)
}

func feedTo(t testing.TB, crypto SignatureStream, list []byte, cert, issuer *Certificate, now int64, chunk int) error {
	var s CRLStream
	if err := s.Begin(crypto, cert, issuer, ProfileDefault, now, 0); err != nil {
		return err
	}
	for len(list) > 0 {
		n := min(chunk, len(list))
		err := s.Write(list[:n])
		if err != nil && s.End() != err {
			t.Errorf("Write: %v, End: %v", err, s.End())
		}
		list = list[n:]
	}
	return s.End()
}

// TestCRLStream holds the stream to what the whole list gives, for every CRL of the suite and every pair of
// certificate and issuer, in pieces of several sizes.
func TestCRLStream(t *testing.T) {
	cases, objects := readSuite(t)
	seen := map[string]bool{}
	results := map[string]int{}
	for _, c := range cases {
		if !strings.HasPrefix(c.name, "crl/") || len(c.chain) < 2 || seen[c.options] {
			continue
		}
		seen[c.options] = true
		o, _, _ := parseOptions(t, c.options, objects)
		var leaf, ca, root Certificate
		for i, p := range []*Certificate{&leaf, &ca} {
			if err := p.Parse(objects[c.chain[i]]); err != nil {
				t.Fatal(err)
			}
		}
		if err := root.Parse(objects[c.anchors[0]]); err != nil {
			t.Fatal(err)
		}
		for _, list := range lists(o).Lists {
			for _, pair := range [][2]*Certificate{{&leaf, &ca}, {&ca, &root}} {
				want := lookUp(list, pair[0], pair[1], suiteNow, new(stdCrypto))
				results[nameOf(want)]++
				for _, chunk := range []int{1, 7, 100, 1 << 20} {
					got := feed(t, list, pair[0], pair[1], suiteNow, chunk)
					// The whole list is judged whole, the stream as it comes: where several things are wrong,
					// they may differ in which.
					if got != want && (got == nil || want == nil || want == ErrRevoked) {
						t.Errorf("%s, pieces of %d: %v, want %v", c.name, chunk, got, want)
					}
				}
			}
		}
	}
	t.Log(results)
	if results["ok"] == 0 || results["ErrRevoked"] == 0 || results["ErrCRL"] == 0 || results["ErrRevocationUnknown"] == 0 {
		t.Error("not every result occurs")
	}
}

// TestCRLStreamLarge: a list of 5,000 entries, 200 KB, with the certificate at its end, cut off, and altered
// in one octet.
func TestCRLStreamLarge(t *testing.T) {
	l := newCRL(caKey, caName)
	for i := range 5000 {
		l.entries = append(l.entries, revoke(int64(1_000_000+i), ce(21, false, []byte{10, 1, 1})))
	}
	clean := l.der()
	l.entries = append(l.entries, revoke(4242))
	listed := l.der()
	var leaf, ca Certificate
	if leaf.Parse(newLeaf(leafKey, caKey, caName).der()) != nil || ca.Parse(newCA(caKey, rootKey, caName, rootName).der()) != nil {
		t.Fatal("certificates")
	}
	t.Logf("%d bytes", len(clean))
	if err := feed(t, clean, &leaf, &ca, suiteNow, 1460); err != nil {
		t.Errorf("clean: %v", err)
	}
	if err := feed(t, listed, &leaf, &ca, suiteNow, 1460); err != ErrRevoked {
		t.Errorf("listed: %v", err)
	}
	if err := feed(t, clean[:len(clean)-1], &leaf, &ca, suiteNow, 1460); err != ErrCRL {
		t.Errorf("cut off: %v", err)
	}
	clean[len(clean)/2] ^= 1
	if err := feed(t, clean, &leaf, &ca, suiteNow, 1460); err != ErrCRL {
		t.Errorf("altered: %v", err)
	}
}

// TestCRLStreamOctets alters every octet of a list, with signatures taken for good, so that nothing but the
// reading of the list decides: the stream and the whole list agree.
func TestCRLStreamOctets(t *testing.T) {
	var leaf, ca Certificate
	named := newLeaf(leafKey, caKey, caName)
	at := tlv(0xa0, tlv(0xa0, uriName("http://crl.example/")))
	named.set(ce(31, false, seq(seq(at))))
	if leaf.Parse(named.der()) != nil || ca.Parse(newCA(caKey, rootKey, caName, rootName).der()) != nil {
		t.Fatal("certificates")
	}
	long := newCRL(caKey, caName)
	for i := range 9 {
		long.entries = append(long.entries, revoke(int64(i+1), ce(21, false, []byte{10, 1, 1})))
	}
	long.exts = append(long.exts, ce(28, true, seq(at, tlv(0x81, []byte{0xff}))), ce(99, false, null))
	for _, l := range []*crlSpec{newCRL(caKey, caName), long} {
		good := l.der()
		if err := feedTo(t, accepting{}, good, &leaf, &ca, suiteNow, 50); err != nil {
			t.Fatal(err)
		}
		for i := range good {
			for _, x := range []byte{1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff} {
				bad := append([]byte{}, good...)
				bad[i] ^= x
				want := lookUp(bad, &leaf, &ca, suiteNow, yes{})
				got := feedTo(t, accepting{}, bad, &leaf, &ca, suiteNow, 50)
				if (got == nil) != (want == nil) || (got == ErrRevoked) != (want == ErrRevoked) {
					t.Errorf("octet %d (%02x) with %02x: stream %v, whole %v", i, good[i], bad[i], got, want)
				}
			}
			// Octets taken out and put in.
			for _, bad := range [][]byte{append(append([]byte{}, good[:i]...), good[i+1:]...), append(append(append([]byte{}, good[:i]...), 0), good[i:]...)} {
				want := lookUp(bad, &leaf, &ca, suiteNow, yes{})
				got := feedTo(t, accepting{}, bad, &leaf, &ca, suiteNow, 50)
				if (got == nil) != (want == nil) {
					t.Errorf("octet %d taken out or put in: stream %v, whole %v", i, got, want)
				}
			}
		}
	}
}

func TestCRLStreamMisuse(t *testing.T) {
	var leaf, ca Certificate
	if leaf.Parse(newLeaf(leafKey, caKey, caName).der()) != nil || ca.Parse(newCA(caKey, rootKey, caName, rootName).der()) != nil {
		t.Fatal("certificates")
	}
	var s CRLStream
	for name, err := range map[string]error{
		"no crypto":       s.Begin(nil, &leaf, &ca, ProfileDefault, suiteNow, 0),
		"unknown profile": s.Begin(&bufferedStream{t: t}, &leaf, &ca, profiles, suiteNow, 0),
		"negative floor":  s.Begin(&bufferedStream{t: t}, &leaf, &ca, ProfileDefault, 1, -1),
		"negative time":   s.Begin(&bufferedStream{t: t}, &leaf, &ca, ProfileDefault, -1, 0),
	} {
		if err != ErrOptions {
			t.Errorf("%s: %v", name, err)
		}
	}
	list := newCRL(caKey, caName).der()
	if err := feed(t, newCRL(rootKey, rootName).der(), &leaf, &ca, suiteNow, 1000); err != ErrRevocationUnknown {
		t.Errorf("of another issuer: %v", err)
	}
	other := leaf
	other.Issuer = rootName
	if err := feed(t, newCRL(rootKey, rootName).der(), &other, &ca, suiteNow, 1000); err != ErrRevocationUnknown {
		t.Errorf("of the certificate's issuer, which is not the one given: %v", err)
	}
	if err := feed(t, list, &leaf, &ca, 0, 1000); err != ErrNoClock {
		t.Errorf("no clock: %v", err)
	}
	if err := s.Begin(&bufferedStream{t: t}, &leaf, &ca, ProfileDefault, 0, suiteNow); err != nil {
		t.Fatal(err)
	}
	if err := s.End(); err != ErrCRL {
		t.Errorf("nothing written: %v", err)
	}
	if err := s.Write(list); err != nil || s.End() != nil {
		t.Errorf("floor: %v, %v", err, s.End())
	}
	ed := refusing{}
	if err := s.Begin(ed, &leaf, &ca, ProfileDefault, suiteNow, 0); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(list); err != ErrUnsupportedAlgorithm {
		t.Errorf("algorithm that cannot be streamed: %v", err)
	}
	if n := testing.AllocsPerRun(20, func() {
		s.Begin(accepting{}, &leaf, &ca, ProfileDefault, suiteNow, 0)
		if s.Write(list) != nil || s.End() != nil {
			t.Fatal(s.End())
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type refusing struct{}

func (refusing) Begin(SignatureAlgorithm, *PublicKey) bool { return false }
func (refusing) Write([]byte)                              {}
func (refusing) End([]byte) bool                           { return false }

type accepting struct{}

func (accepting) Begin(SignatureAlgorithm, *PublicKey) bool { return true }
func (accepting) Write([]byte)                              {}
func (accepting) End([]byte) bool                           { return true }

// FuzzCRL: the whole list and the stream agree on every input, whose signature is made good if it has the
// outline of a list.
func FuzzCRL(f *testing.F) {
	_, objects := readSuite(f)
	for _, o := range objects {
		var l CRL
		if l.Parse(o) == nil && len(l.TBS) > 0 {
			f.Add(l.TBS, []byte{}, uint8(7))
			f.Add(l.TBS, []byte{9, 4, 1}, uint8(1))
		}
	}
	var leaf, ca Certificate
	if leaf.Parse(newLeaf(leafKey, caKey, caName).der()) != nil || ca.Parse(newCA(caKey, rootKey, caName, rootName).der()) != nil {
		f.Fatal("certificates")
	}
	f.Fuzz(func(t *testing.T, tbs, edits []byte, chunk uint8) {
		if len(edits) > 30 || len(tbs) > 2000 {
			return
		}
		tbs = mutate(tbs, edits)
		list := seq(tbs, algEd25519, bitString(caKey.sign(nil, tbs)))
		want := lookUp(list, &leaf, &ca, suiteNow, new(stdCrypto))
		got := feed(t, list, &leaf, &ca, suiteNow, int(chunk)+1)
		if (got == nil) != (want == nil) || (got == ErrRevoked) != (want == ErrRevoked) {
			t.Errorf("stream: %v, whole: %v", got, want)
		}
	})
}
