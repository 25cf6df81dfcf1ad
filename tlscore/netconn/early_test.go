package netconn_test

import (
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
)

// TestEarlyDataIsRefused: a net.Conn cannot say what of its stream came early, and so there is none.
func TestEarlyDataIsRefused(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	h.ours.EarlyData = tlscore.EarlyDataServer(&tlscore.Replays{Slots: make([]tlscore.SeenHello, 1)})
	if c, err := netconn.Server(nil, h.ours); c != nil || err == nil {
		t.Error("a server takes early data")
	}
	h.ours.EarlyData = tlscore.EarlyDataClient()
	if c, err := netconn.Client(nil, h.ours, "changeme"); c != nil || err == nil {
		t.Error("a client sends early data")
	}
}
