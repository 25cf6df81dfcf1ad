package tlscore_test

import (
	"bytes"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
)

// Limits on the use of keys (RFC 8446, section 5.5). Nobody waits for 16 million records here: the tests set the counters.

var suitesOf = map[bool][]tlscore.SuiteID{
	false: {tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256, tlscore.AES128CCMSHA256, tlscore.AES128CCM8SHA256},
	true: {tlscore.ECDHEECDSAAES128GCMSHA256, tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.ECDHEECDSAChaCha20Poly1305,
		tlscore.ECDHEECDSAAES128CCM, tlscore.ECDHEECDSAAES128CCM8},
}

// unconnected returns two ends of ours that will agree on a version, once change has had its way with them.
func unconnected(t *testing.T, p *pki, tls12 bool, change func(client, server *tlscore.Config)) *pair {
	t.Helper()
	pools := [2]tlscore.PoolConfig{roomy, roomy}
	if tls12 {
		return pair12(t, p, change, pools)
	}
	client, server := p.clientConfig(t), p.config(t)
	change(client, server)
	return newPair(t, client, server, pools)
}

// agreed returns two ends of ours that are connected under a suite; change, if not nil, changes how they are configured.
func agreed(t *testing.T, p *pki, tls12 bool, suite tlscore.SuiteID, change func(client, server *tlscore.Config)) *pair {
	t.Helper()
	pair := unconnected(t, p, tls12, func(client, server *tlscore.Config) {
		client.Suites, server.Suites = []tlscore.SuiteID{suite}, []tlscore.SuiteID{suite}
		if change != nil {
			change(client, server)
		}
	})
	pair.establish(1 << 20)
	return pair
}

// sides returns the end that sends, and the other.
func (p *pair) sides(i int) (from, to *tlscore.Conn) {
	if i == 1 {
		return &p.server, &p.client
	}
	return &p.client, &p.server
}

// TestKeysAreRenewedInTime: in TLS 1.3 the record that is the last a key should protect is followed by a KeyUpdate, before anything else can be
// written, and what comes after it arrives. Flush says so, nobody has to ask.
func TestKeysAreRenewedInTime(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, suite := range suitesOf[false] {
		for i := range 2 {
			t.Run(fmt.Sprintf("%v/%d", suite, i), func(t *testing.T) {
				pair := agreed(t, p, false, suite, nil)
				from, to := pair.sides(i)
				limit := tlscore.SealLimit(from)
				tlscore.Age(from, to, limit-2)
				pair.transfer(i, []byte("the last but one"))
				if n := tlscore.Sealed(from); n != limit-1 {
					t.Fatalf("%d records, the limit is %d", n, limit)
				}
				from.Written(copy(from.WriteWindow(), "the last"))
				from.Flush()
				if n := tlscore.Sealed(from); n != 0 {
					t.Fatalf("%d records, the limit is %d, and the key is not renewed", n, limit)
				}
				pair.run(1 << 20)
				if got := string(to.ReadWindow()); got != "the last" {
					t.Fatalf("read %q: %v", got, to.Err())
				}
				to.Consumed(len("the last"))
				pair.transfer(i, []byte("the first under the new key"))
				pair.transfer(1-i, []byte("an answer"))
			})
		}
	}
}

// TestWornOutKeyWaits: while a transport that takes nothing leaves no room for the KeyUpdate, nothing is written under the old key.
func TestWornOutKeyWaits(t *testing.T) {
	pair := agreed(t, newPKI(t, ca.ECDSA), false, tlscore.AES128GCMSHA256, nil)
	from, to := &pair.client, &pair.server
	limit := tlscore.SealLimit(from)
	tlscore.Age(from, to, limit-2)
	var text []byte
	for range 2 { // Two records fill the buffer.
		n := copy(from.WriteWindow(), make([]byte, 9000))
		from.Written(n)
		from.Flush()
		text = append(text, make([]byte, n)...)
	}
	if n := tlscore.Sealed(from); n != limit {
		t.Fatalf("%d records of %d", n, limit)
	}
	if len(from.WriteWindow()) > 0 {
		t.Error("the application may go on")
	}
	pair.run(1 << 20)
	if n := tlscore.Sealed(from); n != 0 || len(from.WriteWindow()) == 0 {
		t.Errorf("with room again %d records, a window of %d bytes", n, len(from.WriteWindow()))
	}
	from.Written(0)
	var got []byte
	for len(got) < len(text) && to.Err() == nil {
		got = append(got, to.ReadWindow()...)
		to.Consumed(len(to.ReadWindow()))
		pair.run(1 << 20)
	}
	if !bytes.Equal(got, text) {
		t.Errorf("read %d bytes of %d: %v", len(got), len(text), to.Err())
	}
	pair.transfer(0, []byte("under the new key"))
}

// TestLimitIsOverrunByOneBuffer: one call of Flush may seal many short records, but no more than a buffer holds.
func TestLimitIsOverrunByOneBuffer(t *testing.T) {
	const size = 64
	pair := agreed(t, newPKI(t, ca.ECDSA), false, tlscore.AES128GCMSHA256, func(_, server *tlscore.Config) { server.RecordSizeLimit = size })
	from, to := &pair.client, &pair.server
	tlscore.Age(from, to, tlscore.SealLimit(from)-1)
	text := make([]byte, len(from.WriteWindow()))
	from.Written(copy(from.WriteWindow(), text))
	records := 0
	for w := from.SendWindow(); len(w) > 0; records++ {
		_, n, err := record.ParseHeader(w)
		if err != nil {
			t.Fatal(err)
		}
		w = w[record.HeaderSize+n:]
	}
	if most := len(text)/(size-1) + 2; records < 100 || records > most || tlscore.Sealed(from) != 0 {
		t.Errorf("%d records before and with the KeyUpdate, not at most %d; %d behind it", records, most, tlscore.Sealed(from))
	}
	var got []byte
	for len(got) < len(text) && to.Err() == nil {
		pair.run(1 << 20)
		got = append(got, to.ReadWindow()...)
		to.Consumed(len(to.ReadWindow()))
	}
	if to.Err() != nil {
		t.Error(to.Err())
	}
	pair.transfer(0, []byte("under the new key"))
}

// TestWornOutKey12: TLS 1.2 cannot renew keys; the connection ends behind the last record that the key should protect, which arrives.
func TestWornOutKey12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, suite := range suitesOf[true] {
		for i := range 2 {
			t.Run(fmt.Sprintf("%v/%d", suite, i), func(t *testing.T) {
				pair := agreed(t, p, true, suite, nil)
				from, to := pair.sides(i)
				tlscore.Age(from, to, tlscore.SealLimit(from)-2)
				pair.transfer(i, []byte("the last but one"))
				if from.Err() != nil {
					t.Fatal("too early:", from.Err())
				}
				from.Written(copy(from.WriteWindow(), "the last"))
				from.Flush()
				if from.Err() != tlscore.ErrKeyWornOut || len(from.WriteWindow()) > 0 {
					t.Fatalf("%v, a window of %d bytes", from.Err(), len(from.WriteWindow()))
				}
				pair.run(1 << 20)
				if got := string(to.ReadWindow()); got != "the last" {
					t.Errorf("read %q: %v", got, to.Err())
				}
				to.Consumed(len("the last"))
				pair.run(1 << 20)
				if to.Err() != tlscore.PeerAlert(tlscore.AlertInternalError) {
					t.Errorf("the other end was told %v", to.Err())
				}
			})
		}
	}
}

// TestCloseOfWornOutKey12: who closes needs no new key: the last words arrive, close_notify behind them, and nothing is wrong.
func TestCloseOfWornOutKey12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, tls12 := range []bool{false, true} {
		pair := agreed(t, p, tls12, suitesOf[tls12][0], nil)
		from, to := &pair.client, &pair.server
		tlscore.Age(from, to, tlscore.SealLimit(from)-1)
		from.Written(copy(from.WriteWindow(), "the last"))
		from.Close()
		pair.run(1 << 20)
		if got := string(to.ReadWindow()); got != "the last" {
			t.Errorf("TLS 1.2 %v: read %q: %v", tls12, got, to.Err())
		}
		to.Consumed(len(to.ReadWindow()))
		pair.run(1 << 20)
		if from.Err() != nil || !from.Closed() || to.Err() != nil || !to.PeerClosed() {
			t.Errorf("TLS 1.2 %v: closed %v, %v; the other end %v, %v", tls12, from.Closed(), from.Err(), to.PeerClosed(), to.Err())
		}
	}
}
