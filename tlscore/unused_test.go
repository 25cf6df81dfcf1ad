package tlscore_test

import (
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// TestUnusedConn: a Conn that was never begun, or was released, may be asked anything: it has no windows, and nothing happens.
func TestUnusedConn(t *testing.T) {
	released := newSession(t, newPKI(t, ca.ECDSA).config(t))
	released.hello()
	released.server.Release()
	for name, c := range map[string]*tlscore.Conn{"never begun": new(tlscore.Conn), "released": released.server} {
		for range 2 {
			if n := len(c.RecvWindow()) + len(c.SendWindow()) + len(c.ReadWindow()) + len(c.WriteWindow()) + len(c.EarlyWindow()); n != 0 {
				t.Errorf("%s: windows of %d bytes", name, n)
			}
			c.Received(0)
			c.Sent(0)
			c.Consumed(0)
			c.Written(0)
			c.Flush()
			c.UpdateKeys(true)
			c.Work()
			c.RecvEOF()
			c.Close()
			if c.HandshakeDone() || c.Writable() || c.Working() || c.Early() || c.PeerClosed() || c.Err() != nil {
				t.Errorf("%s: it is something: %v", name, c.Err())
			}
		}
		c.Release()
	}
}
