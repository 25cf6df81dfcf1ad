package x509lite

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"net"
	"os"
	"testing"

	"colibri/x509lite/pem"
)

// sameAsStd compares what both parsers say about a certificate, which both have accepted.
func sameAsStd(t testing.TB, c *Certificate, s *x509.Certificate) {
	t.Helper()
	check := func(what string, same bool) {
		if !same {
			t.Errorf("%s: %s differs", s.Subject, what)
		}
	}
	check("tbsCertificate", bytes.Equal(c.TBS, s.RawTBSCertificate))
	check("issuer", bytes.Equal(c.Issuer, s.RawIssuer))
	check("subject", bytes.Equal(c.Subject, s.RawSubject))
	check("key", bytes.Equal(c.SPKI, s.RawSubjectPublicKeyInfo))
	check("signature", bytes.Equal(c.Signature, s.Signature))
	check("notBefore", c.NotBefore == s.NotBefore.Unix())
	check("notAfter", c.NotAfter == s.NotAfter.Unix())
	check("version", int(c.Version) == s.Version)
	check("serial number", new(big.Int).SetBytes(c.Serial).Cmp(s.SerialNumber) == 0 || s.SerialNumber.Sign() < 0)
	check("subjectKeyIdentifier", bytes.Equal(c.SubjectKeyID, s.SubjectKeyId))
	check("authorityKeyIdentifier", bytes.Equal(c.AuthorityKeyID, s.AuthorityKeyId))
	check("cA", c.IsCA == s.IsCA)
	pathLen := int(c.PathLen)
	check("pathLenConstraint", pathLen == s.MaxPathLen || pathLen == -1 && s.MaxPathLen == 0 && !s.MaxPathLenZero || pathLen == 32767 && s.MaxPathLen > 32767)
	check("keyUsage", int(c.KeyUsage)&0x1ff == int(s.KeyUsage))
	algorithms := map[SignatureAlgorithm]x509.SignatureAlgorithm{SHA256WithRSA: x509.SHA256WithRSA, SHA384WithRSA: x509.SHA384WithRSA,
		SHA512WithRSA: x509.SHA512WithRSA, SHA256WithRSAPSS: x509.SHA256WithRSAPSS, SHA384WithRSAPSS: x509.SHA384WithRSAPSS,
		SHA512WithRSAPSS: x509.SHA512WithRSAPSS, ECDSAWithSHA256: x509.ECDSAWithSHA256, ECDSAWithSHA384: x509.ECDSAWithSHA384,
		ECDSAWithSHA512: x509.ECDSAWithSHA512, PureEd25519: x509.PureEd25519}
	if want, ok := algorithms[c.SignatureAlgorithm]; ok {
		check("signature algorithm", want == s.SignatureAlgorithm)
	}
	var dns []string
	var ips []net.IP
	names := seqContents(c.san)
	for len(names) > 0 {
		tag, _, name, ok := names.Any()
		if !ok {
			break
		}
		switch tag {
		case nameDNS:
			dns = append(dns, string(name))
		case nameIP:
			ips = append(ips, net.IP(name))
		}
	}
	check("number of dNSNames", len(dns) == len(s.DNSNames))
	for i := range min(len(dns), len(s.DNSNames)) {
		check("dNSName", dns[i] == s.DNSNames[i])
	}
	check("number of iPAddresses", len(ips) == len(s.IPAddresses))
	for i := range min(len(ips), len(s.IPAddresses)) {
		check("iPAddress", bytes.Equal(ips[i], s.IPAddresses[i]))
	}
	var k PublicKey
	if err := c.PublicKey(&k); err != nil {
		return
	}
	switch pub := s.PublicKey.(type) {
	case *rsa.PublicKey:
		check("RSA key", k.Algorithm == KeyRSA && new(big.Int).SetBytes(k.N).Cmp(pub.N) == 0 && int(k.E) == pub.E && k.Bits() == pub.N.BitLen())
	case *ecdsa.PublicKey:
		point, err := pub.Bytes()
		check("EC key", err == nil && bytes.Equal(point, k.Bytes) && k.Bits() == pub.Params().BitSize)
	case ed25519.PublicKey:
		check("Ed25519 key", bytes.Equal(pub, k.Bytes) && k.Bits() == 256)
	}
}

// TestSystemBundle: the CA bundle of the system (Debian's package ca-certificates) parses completely, to the
// fields that crypto/x509 sees; each of its CAs is found in flash form.
func TestSystemBundle(t *testing.T) {
	const file = "/etc/ssl/certs/ca-certificates.crt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("no CA bundle: %v (install ca-certificates)", err)
	}
	var anchors Anchors
	total := 0
	for rest := text; ; {
		var der []byte
		_, der, rest, err = pem.Decode(make([]byte, MaxCertificateSize), rest)
		if err == pem.ErrNone {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		s, err := x509.ParseCertificate(der)
		if err != nil {
			t.Logf("crypto/x509 refuses one: %v", err)
			continue
		}
		var c Certificate
		if err := c.Parse(der); err != nil {
			t.Errorf("%s: %v", s.Subject, err)
			continue
		}
		var k PublicKey
		if err := c.PublicKey(&k); err != nil {
			t.Errorf("%s: key: %v", s.Subject, err)
		}
		sameAsStd(t, &c, s)
		total += len(der)
		if err := anchors.Add(der); err != nil {
			t.Errorf("%s: %v", s.Subject, err)
		}
	}
	n := len(anchors.List)
	if n < 100 {
		t.Errorf("only %d certificates in %s", n, file)
	}
	for i := range anchors.List {
		anchors.List[i].Certificate = nil
	}
	packed := make(Packed, PackedSize(anchors.List))
	if _, err := Pack(packed, anchors.List); err != nil {
		t.Fatal(err)
	}
	if err := packed.Check(); err != nil || packed.Len() != n {
		t.Fatalf("packed: %d of %d anchors, %v", packed.Len(), n, err)
	}
	flash := Anchors{Packed: packed}
	var a Anchor
	for i := range anchors.List {
		if !flash.has(&a, anchors.List[i].Subject, anchors.List[i].SPKI) {
			t.Errorf("anchor %d is not found", i)
		}
	}
	t.Logf("%d CAs: %d bytes as certificates, %d bytes in flash form", n, total, len(packed))
}

// TestPackedMalformed: no mutation of a table makes Check or a search panic, and Check finds most.
func TestPackedMalformed(t *testing.T) {
	list := []Anchor{{Subject: cn("a"), SPKI: edKey("a").spki}, {Subject: cn("b"), SPKI: edKey("b").spki, NameConstraints: seq(tlv(0xa0, seq(dnsName("a"))))}}
	good := make(Packed, PackedSize(list))
	if n, err := Pack(good, list); err != nil || n != len(good) {
		t.Fatal(n, err)
	}
	if _, err := Pack(good[:len(good)-1], list); err != ErrAnchor {
		t.Errorf("short memory: %v", err)
	}
	if _, err := Pack(make([]byte, 1000), []Anchor{{Subject: cn("a")}}); err != ErrAnchor {
		t.Errorf("no key: %v", err)
	}
	if err := Packed(nil).Check(); err != nil {
		t.Errorf("nothing: %v", err)
	}
	if err := Packed("xa02\x00\x00").Check(); err != ErrAnchor {
		t.Errorf("another version: %v", err)
	}
	for i := range good {
		bad := Packed(bytes.Clone(good))
		bad[i] ^= 0x80
		err := bad.Check()
		anchors := Anchors{Packed: bad}
		var a Anchor
		anchors.has(&a, cn("a"), nil)
		anchors.has(&a, cn("b"), nil)
		// A flipped bit in a key is still a key.
		if err == nil && i < packedHeader+2*packedEntry {
			t.Errorf("octet %d: accepted", i)
		}
		good[:i].Check()
		anchors = Anchors{Packed: good[:i]}
		anchors.has(&a, cn("b"), nil)
	}
}
