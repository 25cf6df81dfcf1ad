package device

import (
	"crypto/tls"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
)

// TestOneOperationPerPoll: a handshake does not hold up the rest of the board: what it has to compute is spread over Polls.
func TestOneOperationPerPoll(t *testing.T) {
	k := newKit(t, "["+tlsLines+"]", credentialsFor(t, ca.ECDSA), nil)
	w := k.network.dial()
	done := make(chan error, 1)
	go func() { done <- tls.Client(w, clientConfig(ca.ECDSA)).Handshake() }()
	said := func() (toDevice, toClient int) {
		k.network.mu.Lock()
		defer k.network.mu.Unlock()
		return len(w.toDevice), len(w.toClient)
	}
	for n, _ := said(); n < 100; n, _ = said() {
		time.Sleep(time.Millisecond)
	}
	// The key share, the secret, the signature.
	for i := range 3 {
		if !k.Poll(k.mono, now.UnixMilli()) {
			t.Fatalf("nothing to do in Poll %d", i)
		}
		if _, n := said(); n > 0 {
			t.Fatalf("the device has answered in Poll %d", i)
		}
	}
	k.run(t)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
