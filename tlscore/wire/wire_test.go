package wire

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"testing"
)

// realHello returns the ClientHello of crypto/tls.
func realHello(t testing.TB) []byte {
	t.Helper()
	near, far := net.Pipe()
	defer near.Close()
	go func() {
		tls.Client(far, &tls.Config{ServerName: "changeme", NextProtos: []string{"h2", "http/1.1"}}).Handshake()
		far.Close()
	}()
	header := make([]byte, 5)
	if _, err := io.ReadFull(near, header); err != nil {
		t.Fatal(err)
	}
	hello := make([]byte, int(header[3])<<8|int(header[4]))
	if _, err := io.ReadFull(near, hello); err != nil {
		t.Fatal(err)
	}
	return hello
}

func TestClientHelloOfCryptoTLS(t *testing.T) {
	hello := realHello(t)
	var h ClientHello
	if err := h.Parse(hello[HeaderSize:]); err != nil {
		t.Fatal(err)
	}
	if string(h.ServerName) != "changeme" || !h.SupportedVersions.Contains(VersionTLS13) ||
		!h.SupportedGroups.Contains(29) || !h.CipherSuites.Contains(0x1301) || !h.SignatureAlgorithms.Contains(0x0403) ||
		len(h.SessionID) != 32 || !bytes.Equal(h.CompressionMethods, []byte{0}) || !h.HasKeyShare || h.HasEarlyData {
		t.Errorf("%+v", h)
	}
	name, rest := NextProtocol(h.ALPN)
	if string(name) != "h2" {
		t.Errorf("first protocol %q", name)
	}
	if name, rest = NextProtocol(rest); string(name) != "http/1.1" || rest == nil || len(rest) > 0 {
		t.Errorf("last protocol %q, rest %v", name, rest)
	}
	for shares := h.KeyShare; len(shares) > 0; {
		var group uint16
		var key []byte
		if group, key, shares = NextKeyShare(shares); shares == nil || !h.SupportedGroups.Contains(group) || len(key) == 0 {
			t.Errorf("key share of group %d, %d bytes", group, len(key))
		}
	}
}

// TestTruncatedHellos: a ClientHello that was cut anywhere is refused, except where TLS 1.2 let it end.
func TestTruncatedHellos(t *testing.T) {
	body := realHello(t)[HeaderSize:]
	var whole ClientHello
	if err := whole.Parse(body); err != nil {
		t.Fatal(err)
	}
	withoutExtensions := len(body) - 2 - len(whole.Extensions)
	for n := range body {
		var h ClientHello
		if err := h.Parse(body[:n]); err != ErrDecode && n != withoutExtensions {
			t.Errorf("%d of %d bytes: %v", n, len(body), err)
		}
	}
	var h ClientHello
	if err := h.Parse(append(bytes.Clone(body), 0)); err != ErrDecode {
		t.Errorf("a byte too much: %v", err)
	}
}

func TestExtensions(t *testing.T) {
	build := func(types ...ExtensionType) []byte {
		b := NewBuilder(make([]byte, 4096))
		for _, et := range types {
			m := b.BeginExtension(et)
			b.U16(uint16(et))
			b.End(m)
		}
		return b.Written()
	}
	many := make([]ExtensionType, MaxExtensions+1)
	for i := range many {
		many[i] = ExtensionType(i)
	}
	for _, test := range []struct {
		block []byte
		want  error
	}{
		{nil, nil},
		{build(1, 2, 3), nil},
		{build(many[:MaxExtensions]...), nil},
		{build(many...), ErrTooManyExtensions},
		{build(1, 2, 1), ErrDuplicateExtension},
		{build(1, 2)[:11], ErrDecode},
	} {
		if _, err := CheckExtensions(test.block); err != test.want {
			t.Errorf("%x: %v, want %v", test.block, err, test.want)
		}
	}
	e := Extensions(build(5, 6, 7))
	if body, found := e.Find(6); !found || !bytes.Equal(body, []byte{0, 6}) {
		t.Errorf("Find: %x, %v", body, found)
	}
	if _, found := e.Find(8); found {
		t.Error("found what is not there")
	}
	if !e.last(7) || e.last(6) {
		t.Error("last")
	}
}

func TestBuilderOverflow(t *testing.T) {
	b := NewBuilder(make([]byte, 3))
	b.U16(1)
	if b.Overflowed() || b.Len() != 2 {
		t.Fatal("overflow too early")
	}
	b.U16(2)
	b.U8(3) // would fit, but nothing follows an overflow
	if !b.Overflowed() || b.Len() != 2 {
		t.Errorf("overflowed %v, %d bytes", b.Overflowed(), b.Len())
	}
	b = NewBuilder(make([]byte, 300))
	m := b.Begin(1)
	b.Extend(256)
	b.End(m)
	if !b.Overflowed() {
		t.Error("a vector of 256 bytes has a length field of one byte")
	}
}

func TestMessagesReadAsWritten(t *testing.T) {
	b := NewBuilder(make([]byte, 1024))
	v := CertificateVerify{Scheme: 0x0403, Signature: []byte("signature")}
	v.Append(&b)
	var got CertificateVerify
	if size, whole := Split(b.Written()); !whole || size != b.Len() {
		t.Errorf("Split: %d, %v", size, whole)
	}
	if err := got.Parse(b.Written()[HeaderSize:]); err != nil || got.Scheme != v.Scheme || !bytes.Equal(got.Signature, v.Signature) {
		t.Errorf("%+v, %v", got, err)
	}
	for n := range b.Len() - HeaderSize {
		if err := got.Parse(b.Written()[HeaderSize : HeaderSize+n]); err != ErrDecode {
			t.Errorf("CertificateVerify of %d bytes: %v", n, err)
		}
	}
}

// TestCertificateInPieces: whatever the pieces, the same message comes out, and it reads as it was written.
func TestCertificateInPieces(t *testing.T) {
	chain := [][]byte{bytes.Repeat([]byte{1}, 300), bytes.Repeat([]byte{2}, 7), bytes.Repeat([]byte{3}, 70_000)}
	for _, ocsp := range [][]byte{nil, {4}, bytes.Repeat([]byte{5}, MaxOCSP)} {
		certificateInPieces(t, OwnCertificate{Chain: chain, OCSP: ocsp})
	}
}

func certificateInPieces(t *testing.T, own OwnCertificate) {
	t.Helper()
	chain := own.Chain
	whole := make([]byte, own.Size())
	if n := own.Copy(whole, 0); n != len(whole) {
		t.Fatalf("%d bytes, want %d", n, len(whole))
	}
	for _, size := range []int{1, 2, 3, 5, 8, 13, 299, 300, 311, 4096} {
		var got []byte
		for piece := make([]byte, size); len(got) < len(whole); {
			n := own.Copy(piece, len(got))
			if n == 0 {
				t.Fatalf("pieces of %d: nothing at %d", size, len(got))
			}
			got = append(got, piece[:n]...)
		}
		if !bytes.Equal(got, whole) {
			t.Errorf("pieces of %d differ", size)
		}
	}
	var m Certificate
	if err := m.Parse(whole[HeaderSize:]); err != nil || m.Count != len(chain) || len(m.Context) != 0 {
		t.Fatalf("%v, %d certificates", err, m.Count)
	}
	for i, list := 0, m.Entries; len(list) > 0; i++ {
		var der []byte
		var exts []byte
		if der, exts, list = NextCertificate(list); !bytes.Equal(der, chain[i]) {
			t.Errorf("certificate %d differs", i)
		}
		response, err := StapledResponse(exts)
		if err != nil || i == 0 && !bytes.Equal(response, own.OCSP) || i > 0 && response != nil {
			t.Errorf("certificate %d: an OCSP response of %d bytes, %v", i, len(response), err)
		}
	}
}

func TestAllocations(t *testing.T) {
	hello := realHello(t)
	own := OwnCertificate{OCSP: make([]byte, 30)}
	own.Chain = [][]byte{make([]byte, 500), make([]byte, 500)}
	buf := make([]byte, 2048)
	var h ClientHello
	if n := testing.AllocsPerRun(10, func() {
		h.Parse(hello[HeaderSize:])
		own.Copy(buf, 17)
		b := NewBuilder(buf)
		s := ServerHello{Random: HelloRetryRequestRandom[:], SessionID: hello[:32], CipherSuite: 0x1301, Group: 29, ShareSize: 32}
		s.Append(&b)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestCompressedCertificate: the message, byte for byte, and what is none.
func TestCompressedCertificate(t *testing.T) {
	msg := append(make([]byte, CompressedHead), 7, 8, 9)
	PutCompressedHead(msg, 2, 0x010203)
	if want := []byte{25, 0, 0, 11, 0, 2, 1, 2, 3, 0, 0, 3, 7, 8, 9}; !bytes.Equal(msg, want) {
		t.Errorf("% x, want % x", msg, want)
	}
	var c CompressedCertificate
	if err := c.Parse(msg[HeaderSize:]); err != nil || c.Algorithm != 2 || c.Size != 0x010203 || !bytes.Equal(c.Compressed, []byte{7, 8, 9}) {
		t.Errorf("%+v, %v", c, err)
	}
	for n := HeaderSize; n < len(msg); n++ {
		if err := c.Parse(msg[HeaderSize:n]); err != ErrDecode {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	for _, body := range [][]byte{append(bytes.Clone(msg[HeaderSize:]), 0), {0, 2, 1, 2, 3, 0, 0, 0}} {
		if err := c.Parse(body); err != ErrDecode {
			t.Errorf("% x: %v", body, err)
		}
	}
}

// FuzzMessages: no input makes a parser fail in other ways than by an error, and what was parsed can be walked through.
func FuzzMessages(f *testing.F) {
	f.Add(realHello(f)[HeaderSize:])
	f.Add([]byte{0, 0, 0, 9, 0, 0, 4, 1, 2, 3, 4, 0, 0})
	f.Add([]byte{4, 3, 0, 1, 9})
	f.Add([]byte{0, 1, 0, 1, 0, 0, 0, 2, 0x78, 0x9c})
	f.Add([]byte{0, 27, 0, 5, 4, 0, 1, 0, 2})
	f.Fuzz(func(t *testing.T, body []byte) {
		var h ClientHello
		if h.Parse(body) == nil {
			for shares := h.KeyShare; len(shares) > 0; {
				if _, _, shares = NextKeyShare(shares); shares == nil {
					t.Error("a key share that was accepted cannot be read")
				}
			}
			for names := h.Authorities; len(names) > 0; {
				if _, names = NextAuthority(names); names == nil {
					t.Error("an authority that was accepted cannot be read")
				}
			}
			for names := h.ALPN; len(names) > 0; {
				if _, names = NextProtocol(names); names == nil {
					t.Error("a protocol that was accepted cannot be read")
				}
			}
		}
		var c Certificate
		if c.Parse(body) == nil {
			n := 0
			for list := c.Entries; len(list) > 0; n++ {
				if _, _, list = NextCertificate(list); list == nil {
					t.Fatal("a certificate that was accepted cannot be read")
				}
			}
			if n != c.Count {
				t.Errorf("%d certificates, counted %d", n, c.Count)
			}
		}
		var q CertificateRequest
		if q.Parse(body) == nil {
			for names := q.Authorities; len(names) > 0; {
				if _, names = NextAuthority(names); names == nil {
					t.Error("an authority that was accepted cannot be read")
				}
			}
		}
		var z CompressedCertificate
		if z.Parse(body) == nil {
			msg := make([]byte, CompressedHead+len(z.Compressed))
			copy(msg[CompressedHead:], z.Compressed)
			if PutCompressedHead(msg, z.Algorithm, z.Size); !bytes.Equal(msg[HeaderSize:], body) {
				t.Errorf("CompressedCertificate %x is written as %x", body, msg[HeaderSize:])
			}
		}
		if exts, err := CheckExtensions(body); err == nil {
			if list, err := exts.Compressions(); err == nil && list != nil {
				var algorithms []uint16
				for i := range list.Len() {
					algorithms = append(algorithms, list.At(i))
				}
				b := NewBuilder(make([]byte, len(body)))
				if AppendCompressions(&b, algorithms...); !bytes.Contains(body, b.Written()) {
					t.Errorf("compress_certificate of %x is written as %x", body, b.Written())
				}
			}
		}
		var v CertificateVerify
		if v.Parse(body) == nil {
			b := NewBuilder(make([]byte, len(body)+HeaderSize))
			v.Append(&b)
			if !bytes.Equal(b.Written()[HeaderSize:], body) {
				t.Errorf("CertificateVerify %x is written as %x", body, b.Written()[HeaderSize:])
			}
		}
	})
}
