package tlscore

import (
	"testing"

	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/aesgcm"
)

// What is of no use any more is not kept: tests that look inside.

// TestRefusedTicketIsForgotten: of a ticket of ours that is not used, because of its suite or because its client may not resume any
// more, the pre-shared key does not stay in the handshake.
func TestRefusedTicketIsForgotten(t *testing.T) {
	const now = 1_800_000_000
	for name, test := range map[string]struct {
		suite SuiteID
		end   int64 // of the client's certificate
		used  bool
	}{
		"good":                   {AES128GCMSHA256, now + 100, true},
		"of another suite":       {ChaCha20Poly1305SHA256, now + 100, false},
		"of a certificate ended": {AES128GCMSHA256, now - 1, false},
	} {
		cfg := &Config{Tickets: new(TicketKeys), ResumeClients: true, ClientAuth: RequireClientCert, Clock: func() int64 { return now }}
		if err := cfg.Tickets.Rotate(zeros{}); err != nil {
			t.Fatal(err)
		}
		psk, peer := keyschedule.Secret{1, 2, 3}, sessionPeer{end: test.end}
		var ticket [ticketSize]byte
		cfg.Tickets.seal(&ticket, test.suite, now-1000, &psk, new(nameHash), &peer, new(earlyTerms), new([aesgcm.NonceSize]byte))
		c := &Conn{cfg: cfg, hs: new(Handshake), suite: suiteByID(AES128GCMSHA256)}
		got := c.openTicket(ticket[:])
		if used := got != nil; used != test.used || used && got[2] != 3 {
			t.Errorf("%s: %x", name, got)
		}
		if clean := *c.hs.ticket() == [ticketSize]byte{}; clean == test.used {
			t.Errorf("%s: the handshake keeps %x", name, *c.hs.ticket())
		}
	}
}

// TestOldSessionsAreForgotten: a server's sessions that have become too old do not wait in their slots for a newer one.
func TestOldSessionsAreForgotten(t *testing.T) {
	cache := &SessionCache{Slots: make([]CachedSession, 3)}
	master := keyschedule.Secret{1, 2, 3}
	for i := range 3 {
		cache.keep(&[32]byte{byte(i)}, ECDHEECDSAAES128GCMSHA256, &master, new(nameHash), new(sessionPeer), int64(1000*i), nil)
	}
	id := [32]byte{1}
	var found keyschedule.Secret
	if suite := cache.find(id[:], 1000+ticketLifetime, new(nameHash), &found, new(sessionPeer)); suite == 0 || found != master {
		t.Errorf("a session is not found at its end: %v", suite)
	}
	if cache.Slots[0] != (CachedSession{}) || cache.Slots[1].suite == 0 || cache.Slots[2].suite == 0 {
		t.Errorf("%+v", cache.Slots)
	}
	if suite := cache.find(id[:], 1001+ticketLifetime, new(nameHash), &found, new(sessionPeer)); suite != 0 || cache.Slots[1] != (CachedSession{}) {
		t.Errorf("a session is found behind its end: %v", suite)
	}
}
