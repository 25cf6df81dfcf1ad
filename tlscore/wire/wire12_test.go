package wire

import (
	"bytes"
	"testing"
)

// messages12 has a message of each kind that only TLS 1.2 has or that it has in another form, with the parser of its body.
func messages12() map[string]struct {
	msg   []byte
	parse func(body []byte) error
} {
	build := func(appendTo func(b *Builder)) []byte {
		b := NewBuilder(make([]byte, 1024))
		appendTo(&b)
		if b.Overflowed() {
			panic("overflow")
		}
		return b.Written()
	}
	params := NewBuilder(make([]byte, 64))
	copy(AppendParams(&params, 29, 32), bytes.Repeat([]byte{7}, 32))
	hello := ServerHello12{
		Random: HelloRetryRequestRandom[:], SessionID: []byte("session"), CipherSuite: 0xc02b, Status: true,
		Answers:      EncryptedExtensions{ServerName: true, ALPN: "h2"},
		Extensions12: Extensions12{ExtendedMasterSecret: true, SecureRenegotiation: true, PointFormats: []byte{0}, HasTicket: true},
	}
	exchange := ServerKeyExchange{Params: params.Written(), Scheme: 0x0403, Signature: []byte("signature")}
	request := CertificateRequest12{Schemes: U16s{4, 3, 8, 4}}
	ticket := NewSessionTicket12{Lifetime: 7, Ticket: []byte("ticket")}
	chain := [][]byte{[]byte("leaf"), []byte("intermediate")}
	certificate := make([]byte, CertificateSize12(chain))
	CopyCertificate12(certificate, chain, 0)
	status := make([]byte, CertificateStatusSize([]byte("response")))
	CopyCertificateStatus(status, []byte("response"), 0)
	type message = struct {
		msg   []byte
		parse func(body []byte) error
	}
	return map[string]message{
		"ServerHello":       {build(hello.Append), func(body []byte) error { return new(ServerHello12).Parse(body) }},
		"ServerKeyExchange": {build(exchange.Append), func(body []byte) error { return new(ServerKeyExchange).Parse(body) }},
		"CertificateRequest": {build(func(b *Builder) { request.Append(b, [][]byte{[]byte("one"), []byte("two")}) }),
			func(body []byte) error { return new(CertificateRequest12).Parse(body) }},
		"NewSessionTicket":  {build(ticket.Append), func(body []byte) error { return new(NewSessionTicket12).Parse(body) }},
		"Certificate":       {certificate, func(body []byte) error { return new(Certificate12).Parse(body) }},
		"CertificateStatus": {status, func(body []byte) error { _, err := ParseCertificateStatus(body); return err }},
		"ClientKeyExchange": {build(func(b *Builder) { AppendClientKeyExchange(b, []byte("point")) }),
			func(body []byte) error { _, err := ParseClientKeyExchange(body); return err }},
	}
}

// TestTruncated12: each message reads as it was written, and not if it was cut anywhere or has a byte behind it.
func TestTruncated12(t *testing.T) {
	for name, m := range messages12() {
		if size, whole := Split(m.msg); !whole || size != len(m.msg) || MessageType(m.msg[0]).String() != name {
			t.Errorf("%s: %d of %d bytes, %v", name, size, len(m.msg), MessageType(m.msg[0]))
		}
		body := m.msg[HeaderSize:]
		if err := m.parse(body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for n := range body {
			// A ServerHello may end before its extensions.
			if err := m.parse(body[:n]); err != ErrDecode && !(name == "ServerHello" && n == 2+32+1+7+2+1) {
				t.Errorf("%s, %d of %d bytes: %v", name, n, len(body), err)
			}
		}
		if err := m.parse(append(bytes.Clone(body), 0)); err != ErrDecode {
			t.Errorf("%s, a byte too much: %v", name, err)
		}
	}
}

func TestMessages12ReadAsWritten(t *testing.T) {
	all := messages12()
	var hello ServerHello12
	if hello.Parse(all["ServerHello"].msg[HeaderSize:]); hello.LegacyVersion != VersionTLS12 || string(hello.SessionID) != "session" ||
		hello.CipherSuite != 0xc02b || !hello.Status || !hello.Answers.ServerName || string(hello.Answers.Protocol) != "h2" ||
		!hello.ExtendedMasterSecret || !hello.SecureRenegotiation || len(hello.Renegotiated) > 0 || !hello.HasTicket ||
		!bytes.Equal(hello.PointFormats, []byte{0}) {
		t.Errorf("%+v", hello)
	}
	var k ServerKeyExchange
	if k.Parse(all["ServerKeyExchange"].msg[HeaderSize:]); k.Group != 29 || len(k.Point) != 32 || k.Scheme != 0x0403 ||
		string(k.Signature) != "signature" || !bytes.Equal(k.Params, append([]byte{3, 0, 29, 32}, k.Point...)) {
		t.Errorf("%+v", k)
	}
	var q CertificateRequest12
	if q.Parse(all["CertificateRequest"].msg[HeaderSize:]); !q.Schemes.Contains(0x0804) || !bytes.Equal(q.Types, []byte{ECDSASign, RSASign}) ||
		string(q.Authorities) != "\x00\x03one\x00\x03two" {
		t.Errorf("%+v", q)
	}
	var ticket NewSessionTicket12
	if ticket.Parse(all["NewSessionTicket"].msg[HeaderSize:]); ticket.Lifetime != 7 || string(ticket.Ticket) != "ticket" {
		t.Errorf("%+v", ticket)
	}
	var c Certificate12
	if c.Parse(all["Certificate"].msg[HeaderSize:]); c.Count != 2 {
		t.Errorf("%+v", c)
	}
	first, rest := NextCertificate12(c.Entries)
	second, rest := NextCertificate12(rest)
	if string(first) != "leaf" || string(second) != "intermediate" || rest == nil || len(rest) > 0 {
		t.Errorf("%q, %q, %q", first, second, rest)
	}
	if response, err := ParseCertificateStatus(all["CertificateStatus"].msg[HeaderSize:]); string(response) != "response" || err != nil {
		t.Errorf("%q, %v", response, err)
	}
	if point, err := ParseClientKeyExchange(all["ClientKeyExchange"].msg[HeaderSize:]); string(point) != "point" || err != nil {
		t.Errorf("%q, %v", point, err)
	}
}

// TestPieces12: whatever the pieces, the same messages come out.
func TestPieces12(t *testing.T) {
	chain := [][]byte{bytes.Repeat([]byte{1}, 300), bytes.Repeat([]byte{2}, 7), bytes.Repeat([]byte{3}, 70_000)}
	for name, copyTo := range map[string]func(dst []byte, offset int) int{
		"Certificate":       func(dst []byte, offset int) int { return CopyCertificate12(dst, chain, offset) },
		"CertificateStatus": func(dst []byte, offset int) int { return CopyCertificateStatus(dst, chain[2], offset) },
		"raw public key":    func(dst []byte, offset int) int { return CopyRawKey12(dst, chain[0], offset) },
	} {
		whole := make([]byte, 80_000)
		whole = whole[:copyTo(whole, 0)]
		if size, _ := Split(whole); size != len(whole) {
			t.Errorf("%s: %d bytes, its header says %d", name, len(whole), size)
		}
		for _, size := range []int{1, 2, 3, 5, 299, 300, 4096} {
			var got []byte
			for piece := make([]byte, size); len(got) < len(whole); {
				n := copyTo(piece, len(got))
				if n == 0 {
					t.Fatalf("%s, pieces of %d: nothing at %d", name, size, len(got))
				}
				got = append(got, piece[:n]...)
			}
			if !bytes.Equal(got, whole) {
				t.Errorf("%s, pieces of %d differ", name, size)
			}
		}
	}
}

func TestAllocations12(t *testing.T) {
	all := messages12()
	exts := Extensions12{ExtendedMasterSecret: true, PointFormats: []byte{0}}
	buf := make([]byte, 2048)
	var hello ServerHello12
	if n := testing.AllocsPerRun(10, func() {
		hello.Parse(all["ServerHello"].msg[HeaderSize:])
		b := NewBuilder(buf)
		exts.Append(&b)
		hello.Append(&b)
		CopyCertificate12(buf, [][]byte{buf[:10]}, 3)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzMessages12: no input makes a parser fail in other ways than by an error, and what was parsed can be walked through.
func FuzzMessages12(f *testing.F) {
	for _, m := range messages12() {
		f.Add(m.msg[HeaderSize:])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, m := range messages12() {
			m.parse(body)
		}
		var c Certificate12
		if c.Parse(body) == nil {
			n := 0
			for list := c.Entries; len(list) > 0; n++ {
				if _, list = NextCertificate12(list); list == nil {
					t.Fatal("a certificate that was accepted cannot be read")
				}
			}
			if n != c.Count {
				t.Errorf("%d certificates, counted %d", n, c.Count)
			}
		}
		var q CertificateRequest12
		if q.Parse(body) == nil {
			for names := q.Authorities; len(names) > 0; {
				if _, names = NextAuthority(names); names == nil {
					t.Fatal("an authority that was accepted cannot be read")
				}
			}
		}
		var k ServerKeyExchange
		if k.Parse(body) == nil {
			b := NewBuilder(make([]byte, len(body)+HeaderSize))
			k.Append(&b)
			if !bytes.Equal(b.Written()[HeaderSize:], body) {
				t.Errorf("ServerKeyExchange %x is written as %x", body, b.Written()[HeaderSize:])
			}
		}
	})
}
