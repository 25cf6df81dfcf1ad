package device

import (
	"crypto/tls"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
)

type feedings int

func (f *feedings) Feed() { *f++ }

// TestWatchdogIsFed: once in each Poll, and behind each connection that got anywhere, by a public-key operation for one.
func TestWatchdogIsFed(t *testing.T) {
	var fed feedings
	k := newKit(t, "["+tlsLines+"]", credentialsFor(t, ca.ECDSA), func(o *Options) { o.Watchdog, o.Memory = &fed, 96<<10 })
	const clients = 3
	for range clients {
		w := k.network.dial()
		go tls.Client(w, clientConfig(ca.ECDSA)).Handshake()
		for said := 0; said < 100; time.Sleep(time.Millisecond) {
			k.network.mu.Lock()
			said = len(w.toDevice)
			k.network.mu.Unlock()
		}
	}
	// The first Poll takes the connections in and reads their ClientHello, the next two compute, the last one sends.
	for i, want := range []feedings{1 + clients, 1 + clients, 1 + clients, 1 + clients} {
		fed = 0
		if !k.Poll(k.mono, now.UnixMilli()) || fed != want {
			t.Errorf("Poll %d feeds %d times, not %d", i, fed, want)
		}
	}
	k.Shutdown()
	fed = 0
	if k.Poll(k.mono, now.UnixMilli()) || fed != 1 {
		t.Errorf("a Poll with nothing to do feeds %d times", fed)
	}
}
