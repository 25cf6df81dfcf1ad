package netconn_test

import (
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/signature"
)

// TestStepwise: a connection over a net.Conn does its work step by step if it is told to.
func TestStepwise(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	h.ours.Stepwise = true
	server, client := h.pair(t)
	done := make(chan error, 1)
	go func() { done <- client.Handshake() }()
	check(t, server.Handshake())
	check(t, <-done)
}

// pending is a key that never signs.
type pending struct{ tlscore.Signer }

func (pending) Sign(signature.Scheme, []byte, []byte, []byte) (int, error) {
	return 0, tlscore.ErrPending
}

// TestPendingSignerIsRefused: nobody could bring the signature, so that the handshake fails at once.
func TestPendingSignerIsRefused(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	h.ours.Identities[0].Key = pending{h.ours.Identities[0].Key}
	server, client := h.pair(t)
	go client.Handshake()
	if err := server.Handshake(); err != tlscore.ErrSigning {
		t.Error(err)
	}
}
