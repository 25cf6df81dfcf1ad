package x509lite

import (
	"strings"
	"testing"

	"colibri/x509lite/der"
)

func TestDescribe(t *testing.T) {
	leaf := newLeaf(leafKey, caKey, dn("org", "ca"))
	leaf.set(san(dnsName("changeme"), ipName(192, 0, 2, 1), ipName(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), mailName("a@b.example"), dirName(cn("x")),
		tlv(nameOther, oid(1, 2))))
	hostile := newSpec(leafKey, caKey, seq(attribute(oid(2, 5, 4, 3), utf8String("a\n[INFO] ok; CN=b,\\\x00é")),
		attribute(oid(1, 2, 840, 113549, 1, 9, 1), tlv(der.IA5String, []byte("a@b"))), attribute(oid(1, 2, 3), tlv(der.BMPString, []byte{0, 65}))), caName)
	hostile.spki = rsaKey(1024, "describe").spki
	bare := newSpec(leafKey, caKey, seq(), caName)
	bare.exts = nil
	for _, c := range []struct {
		spec *spec
		want string
	}{
		{leaf, "CN=changeme.example.com; names changeme, 192.0.2.1, 2001:db8::1, a@b.example, CN=x, (other); issuer O=org, CN=ca; serial 1092; " +
			"2024-01-01 to 2025-12-31; Ed25519; signed Ed25519"},
		{hostile, `CN=a\x0a[INFO] ok\x3b CN\x3db\x2c\x5c\x00\xc3\xa9, emailAddress=a@b, #2a03=#0041; issuer CN=ca; serial 1092; ` +
			`2024-01-01 to 2025-12-31; RSA 1024; signed Ed25519`},
		{bare, "(no name); issuer CN=ca; serial 1092; 2024-01-01 to 2025-12-31; Ed25519; signed Ed25519"},
	} {
		var cert Certificate
		if err := cert.Parse(c.spec.der()); err != nil {
			t.Fatal(err)
		}
		out := make([]byte, 400)
		if got := string(out[:cert.Describe(out)]); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		for n := range c.want {
			if got := string(out[:cert.Describe(out[:n])]); got != c.want[:n] {
				t.Fatalf("cut off at %d: %q", n, got)
			}
		}
		if n := testing.AllocsPerRun(10, func() { cert.Describe(out) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
	var out [64]byte
	for _, none := range [][]byte{seq(), nil, {0x31, 0}} {
		if got := string(out[:DescribeName(out[:], none)]); got != "(no name)" {
			t.Errorf("%x: %q", none, got)
		}
	}
	if got := string(out[:DescribeName(out[:], dn("org", "ca"))]); got != "O=org, CN=ca" {
		t.Errorf("name: %s", got)
	}
}

// TestTexts: every constant has a sentence of its own, and mbedTLS's where the field greps for it.
func TestTexts(t *testing.T) {
	seen := map[string]Error{}
	for e := Error(1); e <= ErrBudgetNames; e++ {
		s := e.Error()
		if s == "" || strings.Contains(s, "unknown error") {
			t.Errorf("error %d has no text", e)
		}
		if other, ok := seen[s]; ok {
			t.Errorf("errors %d and %d have one text", e, other)
		}
		seen[s] = e
	}
	if len(errorNames) != int(ErrBudgetNames)+1 {
		t.Errorf("errorNames has %d names for %d errors", len(errorNames), ErrBudgetNames)
	}
	if got := Error(255).Error(); got != "x509lite: unknown error" {
		t.Errorf("error 255: %q", got)
	}
	if got := ErrUnacceptableHash.Error(); got != "The certificate is signed with an unacceptable hash" {
		t.Errorf("hash: %q", got)
	}
	notes := NoteCommonName | NoteFloor | NoteKeyIdentifiers | NoteVersion1 | NoteEmptySubject
	for i := range noteTexts {
		if got := notes.Next(); got != noteTexts[i] {
			t.Errorf("note %d: %q", i, got)
		}
	}
	if got := notes.Next(); got != "" {
		t.Errorf("after the last note: %q", got)
	}
	for a := SignatureAlgorithm(0); a <= WeakHash+1; a++ {
		if a.String() == "" {
			t.Errorf("signature algorithm %d has no name", a)
		}
	}
	for k := KeyAlgorithm(0); k <= KeyMLDSA87+1; k++ {
		if k.String() == "" {
			t.Errorf("key algorithm %d has no name", k)
		}
	}
}
