package x509lite

import (
	"strings"

	"colibri/x509lite/der"
)

// subjectAltName of the end entity.
func withSAN(names ...[]byte) change { return func(s *spec) { s.set(san(names...)) } }

func suiteIdentity(s *suite) {
	long := strings.Repeat("a", 63)
	for _, c := range []struct{ name, want, expected, dns string }{
		{"equal", "ok", "changeme.example.com", "changeme.example.com"},
		{"one label", "ok", "changeme", "changeme"},
		{"case of the expected name", "ok", "ChangeMe.EXAMPLE.com", "changeme.example.com"},
		{"case of the certificate's name", "ok", "changeme.example.com", "CHANGEME.Example.COM"},
		{"dot at the end of the expected name", "ok", "changeme.example.com.", "changeme.example.com"},
		{"A-label", "ok", "xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"digits", "ok", "1.2.3.4.example", "1.2.3.4.example"},
		{"longest label", "ok", long + ".example", long + ".example"},
		{"other name", "ErrNameMismatch", "example.com", "example.org"},
		{"subdomain", "ErrNameMismatch", "a.example.com", "example.com"},
		{"parent", "ErrNameMismatch", "example.com", "a.example.com"},
		{"suffix without a dot", "ErrNameMismatch", "notexample.com", "example.com"},
		{"prefix", "ErrNameMismatch", "example.com.org", "example.com"},
		{"wildcard", "ok", "a.example.com", "*.example.com"},
		{"wildcard in upper case", "ok", "a.EXAMPLE.com", "*.example.COM"},
		{"wildcard and A-label", "ok", "xn--bcher-kva.example.com", "*.example.com"},
		{"wildcard for no label", "ErrNameMismatch", "example.com", "*.example.com"},
		{"wildcard for two labels", "ErrNameMismatch", "a.b.example.com", "*.example.com"},
		{"wildcard for a name of one label", "ErrNameMismatch", "localhost", "*.example.com"},
		{"wildcard for an empty label", "ErrName", ".example.com", "*.example.com"},
		{"wildcard of another domain", "ErrNameMismatch", "a.example.org", "*.example.com"},
		{"wildcard below a top-level domain", "ErrNameMismatch", "example.com", "*.com"},
		{"wildcard for a top-level domain", "ErrNameMismatch", "com", "*"},
		{"wildcard inside a label", "ErrNameMismatch", "baz.example.com", "b*z.example.com"},
		{"wildcard at the end of a label", "ErrNameMismatch", "baz.example.com", "ba*.example.com"},
		{"wildcard not on the left", "ErrNameMismatch", "a.b.example.com", "a.*.example.com"},
		{"two wildcards", "ErrNameMismatch", "a.b.example.com", "*.*.example.com"},
		{"wildcard as the expected name", "ErrName", "*.example.com", "*.example.com"},
		{"expected name with a space", "ErrName", "a~b.example", "a.example"},
		{"expected name with an underscore", "ErrName", "a_b.example", "a.example"},
		{"expected name with a hyphen first", "ErrName", "-a.example", "a.example"},
		{"expected name with a hyphen last", "ErrName", "a-.example", "a.example"},
		{"expected name with two dots", "ErrName", "a..example", "a.example"},
		{"expected name with two dots at the end", "ErrName", "a.example..", "a.example"},
		{"expected name is a dot", "ErrName", ".", "a.example"},
		{"expected name with a port", "ErrName", "a.example:443", "a.example"},
		{"expected label too long", "ErrName", long + "a.example", "a.example"},
		{"expected name too long", "ErrName", strings.Repeat("a.", 126) + "aa", "a.example"},
		{"address in dNSName", "ErrNameMismatch", "192.0.2.1", "192.0.2.1"},
	} {
		s.add("identity/"+c.name, c.want, kase{options: "name=" + c.expected, leaf: withSAN(dnsName(c.dns))})
	}
	v6 := []byte{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}
	for _, c := range []struct {
		name, want, expected string
		ip                   []byte
	}{
		{"IPv4", "ok", "192.0.2.1", []byte{192, 0, 2, 1}},
		{"IPv4 with 0 and 255", "ok", "0.255.0.255", []byte{0, 255, 0, 255}},
		{"other IPv4", "ErrNameMismatch", "192.0.2.2", []byte{192, 0, 2, 1}},
		{"IPv4 with leading zeros", "ErrName", "192.0.02.1", []byte{192, 0, 2, 1}},
		{"IPv4 with three numbers", "ErrName", "192.0.1", []byte{192, 0, 0, 1}},
		{"IPv4 with five numbers", "ErrName", "192.0.2.1.1", []byte{192, 0, 2, 1}},
		{"IPv4 with 256", "ErrName", "192.0.2.256", []byte{192, 0, 2, 0}},
		{"IPv4 as one number", "ErrName", "3221225985", []byte{192, 0, 2, 1}},
		{"IPv4 in hexadecimal", "ErrNameMismatch", "0xc0.0.2.0x1", []byte{192, 0, 2, 1}},
		{"IPv6", "ok", "2001:db8::1", v6},
		{"IPv6 in upper case", "ok", "2001:DB8::1", v6},
		{"IPv6 in full", "ok", "2001:0db8:0000:0000:0000:0000:0000:0001", v6},
		{"IPv6 with IPv4 at the end", "ok", "2001:db8::0.0.0.1", v6},
		{"IPv6 unspecified", "ok", "::", make([]byte, 16)},
		{"IPv6 loopback", "ok", "::1", append(make([]byte, 15), 1)},
		{"IPv6 ending in ::", "ok", "2001::", append([]byte{0x20, 1}, make([]byte, 14)...)},
		{"IPv6 with seven groups and ::", "ok", "2001:db8::0:0:0:0:1", v6},
		{"IPv6 with eight groups and ::", "ErrName", "2001:db8::0:0:0:0:0:1", v6},
		{"other IPv6", "ErrNameMismatch", "2001:db8::2", v6},
		{"IPv6 with two ::", "ErrName", "2001::db8::1", v6},
		{"IPv6 with seven groups", "ErrName", "2001:db8:0:0:0:0:1", v6},
		{"IPv6 with nine groups", "ErrName", "2001:db8:0:0:0:0:0:0:1", v6},
		{"IPv6 with five digits", "ErrName", "2001:00db8::1", v6},
		{"IPv6 with a colon at the end", "ErrName", "2001:db8::1:", v6},
		{"IPv6 with a colon first", "ErrName", ":2001:db8::1", v6},
		{"IPv6 in brackets", "ErrName", "[2001:db8::1]", v6},
		{"IPv6 with a zone", "ErrName", "fe80::1%eth0", v6},
		{"IPv4 for a mapped IPv6", "ErrNameMismatch", "192.0.2.1", append([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 192, 0, 2, 1)},
	} {
		s.add("identity/"+c.name, c.want, kase{options: "name=" + c.expected, leaf: withSAN(ipName(c.ip...))})
	}
	s.add("identity/second of two names", "ok", kase{leaf: withSAN(dnsName("a.example"), dnsName("changeme.example.com"))})
	s.add("identity/among names of all types", "ok", kase{leaf: withSAN(tlv(0xa0, oid(1, 2, 3), tlv(0xa0, utf8String("x"))), mailName("a@b.example"),
		uriName("https://b.example/"), dirName(cn("b")), ipName(1, 2, 3, 4), tlv(0x88, []byte{0x2a, 3}), dnsName("changeme.example.com"))})
	s.add("identity/none expected", "ok", kase{options: "name=", leaf: withSAN(dnsName("a.example"))})
	s.add("identity/none expected and none there", "ok", kase{options: "name=", leaf: func(s *spec) { s.remove(17) }})
	s.add("identity/no subjectAltName", "ErrNameMismatch", kase{leaf: func(s *spec) { s.remove(17) }})
	s.add("identity/commonName is not looked at", "ErrNameMismatch", kase{leaf: withSAN(dnsName("a.example"))})
	s.add("identity/address for an expected name", "ErrNameMismatch", kase{leaf: withSAN(ipName(192, 0, 2, 1))})
	s.add("identity/URI for an expected name", "ErrNameMismatch", kase{leaf: withSAN(uriName("https://changeme.example.com/"))})
	s.add("identity/directoryName for an expected name", "ErrNameMismatch", kase{leaf: withSAN(dirName(cn("changeme.example.com")))})
}

// suiteNameForms: a malformed name beside the right one spoils the certificate.
func suiteNameForms(s *suite) {
	for _, c := range []struct {
		name, want string
		general    []byte
	}{
		{"dNSName empty", "ErrNameForm", dnsName("")},
		{"dNSName with a dot first", "ErrNameForm", dnsName(".example.com")},
		{"dNSName with a dot last", "ErrNameForm", dnsName("example.com.")},
		{"dNSName with two dots", "ErrNameForm", dnsName("a..example.com")},
		{"dNSName with an underscore", "ErrNameForm", dnsName("a_b.example.com")},
		{"dNSName with a space", "ErrNameForm", dnsName("a b.example.com")},
		{"dNSName with NUL", "ErrNameForm", dnsName("changeme.example.com\x00.evil.example")},
		{"dNSName in UTF-8", "ErrNameForm", dnsName("bücher.example")},
		{"dNSName with a hyphen first", "ErrNameForm", dnsName("-a.example")},
		{"dNSName with a hyphen last", "ErrNameForm", dnsName("a-.example")},
		{"dNSName that is a wildcard", "ErrNameForm", dnsName("*")},
		{"dNSName with a partial wildcard", "ErrNameForm", dnsName("a*.example")},
		{"dNSName with an inner wildcard", "ErrNameForm", dnsName("a.*.example")},
		{"dNSName with a long label", "ErrNameForm", dnsName(strings.Repeat("a", 64) + ".example")},
		{"dNSName too long", "ErrNameForm", dnsName(strings.Repeat("a.", 126) + "aa")},
		{"dNSName that is an address", "ErrNameForm", dnsName("192.0.2.1")},
		{"dNSName with a port", "ErrNameForm", dnsName("a.example:443")},
		{"dNSName of a top-level wildcard", "ok", dnsName("*.example")},
		{"iPAddress empty", "ErrNameForm", ipName()},
		{"iPAddress of 5 octets", "ErrNameForm", ipName(1, 2, 3, 4, 5)},
		{"iPAddress with a mask", "ErrNameForm", ipName(1, 2, 3, 4, 255, 255, 255, 0)},
		{"rfc822Name", "ok", mailName("first.last+tag@mail.example")},
		{"rfc822Name with digits and signs", "ok", mailName("0!#$%&'*+-/=?^_`{|}~9@mail.example")},
		{"rfc822Name with a comma", "ErrNameForm", mailName("a,b@mail.example")},
		{"rfc822Name without @", "ErrNameForm", mailName("mail.example")},
		{"rfc822Name with two @", "ErrNameForm", mailName("a@b@mail.example")},
		{"rfc822Name quoted", "ErrNameForm", mailName("\"a@b\"@mail.example")},
		{"rfc822Name without a local part", "ErrNameForm", mailName("@mail.example")},
		{"rfc822Name with a dot first", "ErrNameForm", mailName(".a@mail.example")},
		{"rfc822Name with a dot before @", "ErrNameForm", mailName("a.@mail.example")},
		{"rfc822Name with a space", "ErrNameForm", mailName("a b@mail.example")},
		{"rfc822Name in brackets", "ErrNameForm", mailName("<a@mail.example>")},
		{"rfc822Name with a malformed host", "ErrNameForm", mailName("a@.mail.example")},
		{"URI", "ok", uriName("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")},
		{"URI with a scheme of all signs", "ok", uriName("a1+-.:x")},
		{"URI with a sign first", "ErrNameForm", uriName("+a:b")},
		{"URI with an underscore in the scheme", "ErrNameForm", uriName("a_b:c")},
		{"URI with DEL", "ErrNameForm", uriName("a:b\x7f")},
		{"URI relative", "ErrNameForm", uriName("/path")},
		{"URI empty", "ErrNameForm", uriName("")},
		{"URI without the rest", "ErrNameForm", uriName("https:")},
		{"URI with a digit first", "ErrNameForm", uriName("1a:b")},
		{"URI with a space", "ErrNameForm", uriName("https://a b/")},
		{"URI in UTF-8", "ErrNameForm", uriName("https://bücher.example/")},
		{"directoryName not a Name", "ErrNameForm", tlv(nameDirectory, utf8String("x"))},
		{"registeredID", "ok", tlv(nameRegisteredID, []byte{0x2a, 3})},
		{"registeredID malformed", "ErrNameForm", tlv(nameRegisteredID, []byte{0x2a, 0x80})},
		{"otherName", "ok", tlv(nameOther, oid(1, 2, 3), tlv(0xa0, utf8String("x")))},
		{"otherName without a type", "ErrNameForm", tlv(nameOther, number(2))},
		{"otherName without a value", "ErrNameForm", tlv(nameOther, oid(1, 2, 3))},
		{"otherName with an empty value", "ErrNameForm", tlv(nameOther, oid(1, 2, 3), tlv(0xa0))},
		{"otherName with two values", "ErrNameForm", tlv(nameOther, oid(1, 2, 3), tlv(0xa0, null, null))},
		{"otherName with something after the value", "ErrNameForm", tlv(nameOther, oid(1, 2, 3), tlv(0xa0, null), null)},
		{"type that does not exist", "ErrExtension", tlv(0x89, []byte("x"))},
		{"universal type", "ErrExtension", utf8String("changeme.example.com")},
	} {
		s.add("form/"+c.name, c.want, kase{leaf: withSAN(dnsName("changeme.example.com"), c.general)})
	}
	s.add("form/of an intermediate", "ErrNameForm", kase{ca: withSAN(dnsName("a_b.example"))})
	s.add("form/no names", "ErrNameMismatch", kase{leaf: withSAN()})
	s.add("form/no names and none expected", "ErrExtension", kase{options: "name=", leaf: withSAN()})
	s.add("form/not a SEQUENCE", "ErrExtension", kase{options: "name=", leaf: func(s *spec) { s.set(ce(17, false, dnsName("changeme.example.com"))) }})
	s.add("form/something after the SEQUENCE", "ErrExtension", kase{options: "name=", leaf: func(s *spec) {
		s.set(ce(17, false, append(seq(dnsName("changeme.example.com")), 5, 0)))
	}})
	s.add("form/issuerAltName", "ErrNameForm", kase{leaf: func(s *spec) { s.set(ce(18, false, seq(dnsName("a_b.example")))) }})
}

func suiteConstraints(s *suite) {
	permit := func(names ...[]byte) change { return func(s *spec) { s.set(constraints(names, nil)) } }
	exclude := func(names ...[]byte) change { return func(s *spec) { s.set(constraints(nil, names)) } }
	net := func(b ...byte) []byte { return ipName(b...) }
	v6 := func(last byte, mask byte) []byte {
		b := make([]byte, 32)
		b[15], b[31] = last, mask
		for i := 16; i < 31; i++ {
			b[i] = 255
		}
		return ipName(b...)
	}
	type row struct {
		name      string
		base, san []byte
		within    bool
	}
	// Each row is two cases: within what is permitted, and within what is excluded.
	for _, c := range []row{
		{"dns equal", dnsName("example.com"), dnsName("example.com"), true},
		{"dns in other case", dnsName("EXAMPLE.com"), dnsName("example.COM"), true},
		{"dns one label below", dnsName("example.com"), dnsName("a.example.com"), true},
		{"dns two labels below", dnsName("example.com"), dnsName("a.b.example.com"), true},
		{"dns suffix without a dot", dnsName("example.com"), dnsName("notexample.com"), false},
		{"dns above", dnsName("a.example.com"), dnsName("example.com"), false},
		{"dns beside", dnsName("a.example.com"), dnsName("b.example.com"), false},
		{"dns top-level", dnsName("com"), dnsName("example.com"), true},
		{"dns empty base", dnsName(""), dnsName("example.com"), true},
		{"dns wildcard below", dnsName("example.com"), dnsName("*.example.com"), true},
		{"dns wildcard far below", dnsName("example.com"), dnsName("*.a.example.com"), true},
		{"dns wildcard beside", dnsName("example.org"), dnsName("*.example.com"), false},
		{"ipv4 in the network", net(192, 0, 2, 0, 255, 255, 255, 0), ipName(192, 0, 2, 7), true},
		{"ipv4 outside", net(192, 0, 2, 0, 255, 255, 255, 0), ipName(192, 0, 3, 7), false},
		{"ipv4 host", net(192, 0, 2, 7, 255, 255, 255, 255), ipName(192, 0, 2, 7), true},
		{"ipv4 all", net(0, 0, 0, 0, 0, 0, 0, 0), ipName(192, 0, 2, 7), true},
		{"ipv4 odd mask", net(192, 0, 2, 128, 255, 255, 255, 128), ipName(192, 0, 2, 127), false},
		{"ipv6 in the network", v6(0, 0), ipName(make([]byte, 16)...), true},
		{"ipv6 outside", v6(1, 255), ipName(make([]byte, 16)...), false},
		{"mail mailbox", mailName("a@example.com"), mailName("a@example.com"), true},
		{"mail mailbox, host in other case", mailName("a@EXAMPLE.com"), mailName("a@example.com"), true},
		{"mail mailbox, local part in other case", mailName("A@example.com"), mailName("a@example.com"), false},
		{"mail other mailbox", mailName("b@example.com"), mailName("a@example.com"), false},
		{"mail host", mailName("example.com"), mailName("a@example.com"), true},
		{"mail host below", mailName("example.com"), mailName("a@b.example.com"), false},
		{"mail domain", mailName(".example.com"), mailName("a@b.example.com"), true},
		{"mail domain itself", mailName(".example.com"), mailName("a@example.com"), false},
		{"mail domain beside", mailName(".example.com"), mailName("a@b.example.org"), false},
		{"mail domain shorter", mailName(".long.example.com"), mailName("a@example.com"), false},
		{"mail mailbox on another host", mailName("a@example.com"), mailName("a@example.org"), false},
		{"mail other host", mailName("example.com"), mailName("a@example.org"), false},
		{"uri domain beside", uriName(".example.com"), uriName("https://a.example.org/"), false},
		{"uri other host", uriName("example.com"), uriName("https://example.org/"), false},
		{"uri empty base", uriName(""), uriName("https://example.com/"), true},
		{"directory with other attribute", dirName(seq(attribute(oid(2, 5, 4, 11), utf8String("org")))), dirName(dn("org", "x")), false},
		{"mail empty base", mailName(""), mailName("a@example.com"), true},
		{"mail asterisk is a character", mailName("*@example.com"), mailName("a@example.com"), false},
		{"uri host", uriName("example.com"), uriName("https://example.com/a"), true},
		{"uri host with a port", uriName("example.com"), uriName("https://example.com:8443/"), true},
		{"uri host with a user", uriName("example.com"), uriName("https://a:b@example.com/"), true},
		{"uri host with a query", uriName("example.com"), uriName("https://example.com?a@b"), true},
		{"uri host in other case", uriName("EXAMPLE.com"), uriName("https://example.COM/"), true},
		{"uri host below", uriName("example.com"), uriName("https://a.example.com/"), false},
		{"uri user that looks like the host", uriName("example.com"), uriName("https://example.com@evil.example/"), false},
		{"uri fragment that looks like the host", uriName("example.com"), uriName("https://evil.example#@example.com"), false},
		{"uri domain", uriName(".example.com"), uriName("https://a.example.com/"), true},
		{"uri domain itself", uriName(".example.com"), uriName("https://example.com/"), false},
		{"directory equal", dirName(dn("org", "x")), dirName(dn("org", "x")), true},
		{"directory below", dirName(seq(attribute(oid(2, 5, 4, 10), utf8String("org")))), dirName(dn("org", "x")), true},
		{"directory in other case", dirName(seq(attribute(oid(2, 5, 4, 10), utf8String("ORG")))), dirName(dn("org", "x")), true},
		{"directory above", dirName(dn("org", "x", "y")), dirName(dn("org", "x")), false},
		{"directory beside", dirName(dn("org", "z")), dirName(dn("org", "x")), false},
	} {
		permitted, excluded := "ErrNameConstraints", "ok"
		if c.within {
			permitted, excluded = excluded, permitted
		}
		// The subject is left out of the way of directory names.
		leaf := func(p *spec) {
			withSAN(c.san)(p)
			if c.base[0] == byte(nameDirectory) {
				p.subject = dn("org", "x")
			}
		}
		s.add("constraint/permitted "+c.name, permitted, kase{options: "name=", ca: permit(c.base), leaf: leaf})
		s.add("constraint/excluded "+c.name, excluded, kase{options: "name=", ca: exclude(c.base), leaf: leaf})
	}
	example := dnsName("example.com")
	s.add("constraint/of the root", "ErrNameConstraints", kase{root: exclude(example)})
	s.add("constraint/one of two names outside", "ErrNameConstraints", kase{ca: permit(example), leaf: withSAN(dnsName("changeme.example.com"), dnsName("a.example"))})
	s.add("constraint/second permitted base", "ok", kase{ca: permit(dnsName("a.example"), example)})
	s.add("constraint/permitted and excluded", "ErrNameConstraints", kase{ca: func(p *spec) {
		p.set(constraints([][]byte{example}, [][]byte{dnsName("changeme.example.com")}))
	}})
	s.add("constraint/another type is not constrained", "ok", kase{ca: permit(mailName("example.org"))})
	s.add("constraint/IPv4 bases do not permit IPv6", "ErrNameConstraints", kase{options: "name=", ca: permit(net(0, 0, 0, 0, 0, 0, 0, 0)), leaf: withSAN(ipName(make([]byte, 16)...))})
	s.add("constraint/excluded name that a wildcard stands for", "ErrNameConstraints", kase{ca: exclude(dnsName("bar.example.com")), leaf: withSAN(dnsName("*.example.com"))})
	s.add("constraint/excluded name below what a wildcard stands for", "ok", kase{ca: exclude(dnsName("a.bar.example.com")), leaf: withSAN(dnsName("*.example.com"))})
	s.add("constraint/permitted name that a wildcard stands for", "ErrNameConstraints", kase{ca: permit(dnsName("changeme.example.com")), leaf: withSAN(dnsName("*.example.com"))})
	s.add("constraint/root permits, intermediate permits otherwise", "ErrNameConstraints", kase{root: permit(example), ca: permit(dnsName("example.org"))})
	s.add("constraint/root permits, intermediate permits more", "ok", kase{root: permit(example), ca: permit(example, dnsName("example.org"))})
	s.add("constraint/on an intermediate's name", "ErrNameConstraints", kase{root: exclude(dnsName("ca.example")), ca: withSAN(dnsName("ca.example"))})
	s.add("constraint/on an intermediate's subject", "ErrNameConstraints", kase{root: exclude(dirName(caName))})
	s.add("constraint/on the subject", "ErrNameConstraints", kase{ca: exclude(dirName(cn("changeme.example.com")))})
	s.add("constraint/empty subject is not constrained", "ok", kase{ca: permit(dirName(cn("x"))), leaf: func(p *spec) {
		p.subject = seq()
		p.set(ce(17, true, seq(dnsName("changeme.example.com"))))
	}})
	s.add("constraint/emailAddress in the subject", "ErrNameConstraints", kase{ca: permit(mailName("example.com")), leaf: func(p *spec) {
		p.subject = seq(attribute(oid(1, 2, 840, 113549, 1, 9, 1), tlv(der.IA5String, []byte("a@example.org"))))
	}})
	s.add("constraint/emailAddress in the subject, permitted", "ok", kase{ca: permit(mailName("example.com")), leaf: func(p *spec) {
		p.subject = seq(attribute(oid(1, 2, 840, 113549, 1, 9, 1), tlv(der.IA5String, []byte("a@example.com"))))
	}})
	s.add("constraint/emailAddress beside an rfc822Name", "ErrNameConstraints", kase{ca: permit(mailName("example.com")), leaf: func(p *spec) {
		p.subject = seq(attribute(oid(1, 2, 840, 113549, 1, 9, 1), tlv(der.IA5String, []byte("a@example.org"))))
		withSAN(dnsName("changeme.example.com"), mailName("a@example.com"))(p)
	}})
	s.add("constraint/emailAddress malformed", "ErrNameForm", kase{ca: permit(mailName("example.com")), leaf: func(p *spec) {
		p.subject = seq(attribute(oid(1, 2, 840, 113549, 1, 9, 1), tlv(der.IA5String, []byte("example.com"))))
	}})
	s.add("constraint/commonName is no dNSName", "ok", kase{options: "name=", ca: permit(dnsName("example.org")), leaf: func(p *spec) { p.remove(17) }})
	s.add("constraint/commonName under the legacy switch", "ErrNameConstraints", kase{options: "legacy=cn", ca: permit(dnsName("example.org")), leaf: func(p *spec) { p.remove(17) }})
	s.add("constraint/URI without a host", "ErrNameConstraints", kase{options: "name=", ca: exclude(uriName("a.example")), leaf: withSAN(uriName("urn:a:b"))})
	s.add("constraint/URI with an address", "ErrNameConstraints", kase{options: "name=", ca: exclude(uriName("a.example")), leaf: withSAN(uriName("https://192.0.2.1/"))})
	s.add("constraint/URI with an IPv6 address", "ErrNameConstraints", kase{options: "name=", ca: exclude(uriName("a.example")), leaf: withSAN(uriName("https://[::1]/"))})
	other := tlv(nameOther, oid(1, 2, 3), tlv(0xa0, utf8String("x")))
	s.add("constraint/otherName that occurs", "ErrNameConstraints", kase{options: "name=", ca: exclude(other), leaf: withSAN(other)})
	s.add("constraint/otherName that does not occur", "ok", kase{ca: exclude(other)})
	s.add("constraint/registeredID that occurs", "ErrNameConstraints", kase{options: "name=", ca: exclude(tlv(nameRegisteredID, []byte{0x2a, 3})), leaf: withSAN(tlv(nameRegisteredID, []byte{0x2a, 3}))})
	selfIssued := newCA(otherKey, caKey, caName, caName)
	s.add("constraint/self-issued intermediate is exempt", "ok", kase{root: permit(dirName(caName), dirName(cn("changeme.example.com")), example), chain: func() []*spec {
		withSAN(dnsName("a.example"))(selfIssued)
		return []*spec{newLeaf(leafKey, otherKey, caName), selfIssued, newCA(caKey, rootKey, caName, rootName)}
	}()})
	s.add("constraint/self-issued end entity is not exempt", "ErrNameConstraints", kase{root: exclude(dnsName("changeme.example.com")), leaf: func(p *spec) { p.subject = caName }})

	for _, c := range []struct {
		name, want string
		base       []byte
	}{
		{"dns with a wildcard", "ErrNameForm", dnsName("*.example.com")},
		{"dns with a leading dot", "ErrNameForm", dnsName(".example.com")},
		{"dns with an underscore", "ErrNameForm", dnsName("a_b.example")},
		{"ipv4 without a mask", "ErrNameForm", net(192, 0, 2, 0)},
		{"ipv4 with a mask of holes", "ErrNameForm", net(192, 0, 2, 0, 255, 0, 255, 0)},
		{"ipv6 with a short mask", "ErrNameForm", net(make([]byte, 24)...)},
		{"mail with two @", "ErrNameForm", mailName("a@b@example.com")},
		{"mail with a wildcard host", "ErrNameForm", mailName("*.example.com")},
		{"uri with a scheme", "ErrNameForm", uriName("https://example.com")},
		{"directory not a Name", "ErrNameForm", tlv(nameDirectory, utf8String("x"))},
		{"unknown type", "ErrNameForm", tlv(0x8a, []byte("x"))},
	} {
		s.add("constraint/malformed "+c.name, c.want, kase{ca: exclude(c.base)})
	}
	value := func(b []byte) change { return func(p *spec) { p.set(ce(30, true, b)) } }
	s.add("constraint/not a SEQUENCE", "ErrExtension", kase{ca: value(null)})
	s.add("constraint/subtree not a SEQUENCE", "ErrExtension", kase{ca: value(seq(tlv(0xa0, null)))})
	s.add("constraint/subtree empty", "ErrExtension", kase{ca: value(seq(tlv(0xa0, seq())))})
	s.add("constraint/something after", "ErrExtension", kase{ca: value(seq(tlv(0xa0, seq(example)), null))})
	s.add("constraint/empty", "ErrExtension", kase{ca: value(seq())})
	s.add("constraint/empty permitted", "ErrExtension", kase{ca: value(seq(tlv(0xa0)))})
	s.add("constraint/empty excluded", "ErrExtension", kase{ca: value(seq(tlv(0xa1)))})
	s.add("constraint/minimum 0 encoded", "ErrExtension", kase{ca: value(seq(tlv(0xa0, seq(example, tlv(0x80, []byte{0})))))})
	s.add("constraint/minimum 1", "ErrExtension", kase{ca: value(seq(tlv(0xa0, seq(example, tlv(0x80, []byte{1})))))})
	s.add("constraint/maximum", "ErrExtension", kase{ca: value(seq(tlv(0xa0, seq(example, tlv(0x81, []byte{1})))))})
	s.add("constraint/wrong order", "ErrExtension", kase{ca: value(seq(tlv(0xa1, seq(example)), tlv(0xa0, seq(example))))})
	s.add("constraint/not critical", "ErrCriticality", kase{ca: func(p *spec) {
		e := constraints([][]byte{example}, nil)
		e.critical = false
		p.set(e)
	}})
	s.add("constraint/in an end entity", "ErrExtension", kase{leaf: permit(example)})
}
