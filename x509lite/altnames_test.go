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
