package x509lite

import (
	"fmt"
	"testing"
)

func TestAltNames(t *testing.T) {
	s := newLeaf(leafKey, caKey, caName)
	s.subject = dn("org", "common")
	s.set(san(dnsName("a.example"), ipName(1, 2, 3, 4), mailName("a@b.example"), uriName("a:b"), dirName(cn("x")), tlv(nameOther, oid(1, 2))))
	var c Certificate
	if err := c.Parse(s.der()); err != nil {
		t.Fatal(err)
	}
	got := ""
	for names := c.AltNames(); ; {
		kind, name, ok := names.Next()
		if !ok {
			break
		}
		if kind == NameDN {
			var out [20]byte
			name = out[:DescribeName(out[:], name)]
		} else if kind == NameOther {
			name = nil
		}
		got += fmt.Sprintf("%d %q ", kind, name)
	}
	if want := `1 "a.example" 2 "\x01\x02\x03\x04" 3 "a@b.example" 4 "a:b" 5 "CN=x" 0 "" `; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := string(c.CommonName()); got != "common" {
		t.Errorf("common name %q", got)
	}
	for _, value := range [][]byte{nil, {}, seq(), {0x30, 1}, seq([]byte{0x82, 5, 1}), null} {
		c.san = value
		names := c.AltNames()
		if _, name, ok := names.Next(); ok {
			t.Errorf("%x: %x", value, name)
		}
	}
	c.Subject = seq(attribute(oid(2, 5, 4, 10), utf8String("o")))
	if got := c.CommonName(); got != nil {
		t.Errorf("common name %q", got)
	}
}

// TestCoversHost: what names a server's certificate is for, wildcards included.
func TestCoversHost(t *testing.T) {
	s := newLeaf(leafKey, caKey, caName)
	s.set(san(dnsName("Host.example"), ipName(192, 0, 2, 1), dnsName("*.wild.example")))
	var c Certificate
	if err := c.Parse(s.der()); err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{
		"host.example": true, "HOST.EXAMPLE": true, "a.wild.example": true, "xn--a.wild.example": true,
		"": false, "example": false, "ost.example": false, "a.host.example": false, "wild.example": false, ".wild.example": false,
		"a.b.wild.example": false, "192.0.2.1": false, "host.example.": false,
	} {
		name := []byte(host)
		if got := c.CoversHost(name); got != want {
			t.Errorf("%q: %v", host, got)
		}
		if n := testing.AllocsPerRun(5, func() { c.CoversHost(name) }); n != 0 {
			t.Errorf("%q: %v allocations", host, n)
		}
	}
}
