//go:build unix

package soak

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"testing"
	"time"

	"colibri/firmware/device"
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/host/sockets"
	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

var count = flag.Int("connections", 400, "how many connections to make; make soak makes 10,000")

// TestMemoryComesBack makes connections to a device with 32 KB for TLS and looks at what it has free, before and after.
func TestMemoryComesBack(t *testing.T) {
	for _, mutual := range []bool{false, true} {
		target, d, stop := start(t, mutual)
		connections, memory := d.free()
		counts, err := target.Run(*count/2, 6, 1)
		if err != nil {
			t.Fatalf("mutual %v: %v", mutual, err)
		}
		t.Logf("mutual %v: %v", mutual, &counts)
		if !mutual && counts.Resumed == 0 || counts.Full == 0 {
			t.Errorf("mutual %v: not all kinds were there: %v", mutual, &counts)
		}
		deadline := time.Now().Add(15 * time.Second)
		for {
			n, m := d.free()
			if n == connections && m == memory {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("mutual %v: %d connections and %+v are free, and were %d and %+v at the start", mutual, n, m, connections, memory)
			}
			time.Sleep(50 * time.Millisecond)
		}
		if _, err := target.Run(1, 1, 2); err != nil { // it still serves
			t.Error(err)
		}
		stop()
	}
}

// loop is a device that runs in a goroutine of its own.
type loop struct {
	device  *device.Device
	network *sockets.Network
	ask     chan chan<- state
	ended   chan struct{}
}

type state struct {
	connections int
	memory      tlscore.Free
}

func (l *loop) free() (int, tlscore.Free) {
	answer := make(chan state, 1)
	l.ask <- answer
	s := <-answer
	return s.connections, s.memory
}

func (l *loop) run(stop <-chan struct{}) {
	defer close(l.ended)
	begin := time.Now()
	for {
		now := time.Now()
		if l.device.Poll(now.Sub(begin).Milliseconds(), now.UnixMilli()) {
			continue
		}
		select {
		case answer := <-l.ask:
			n, m := l.device.Free()
			answer <- state{n, m}
			continue
		case <-stop:
			return
		default:
		}
		l.network.Wait(2 * time.Millisecond)
	}
}

// start starts a device.
func start(t *testing.T, mutual bool) (*Target, *loop, func()) {
	t.Helper()
	ck := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := ca.New(ca.ECDSA, time.Now(), "soak CA")
	ck(err)
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	ck(err)
	client, err := root.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	ck(err)
	key, err := server.KeyPEM()
	ck(err)
	files := fs.NewMem(4, 16<<10)
	for name, content := range map[string][]byte{"index.html": []byte("hello"), "server.crt": server.CertPEM(), "server.key": key, "ca.crt": root.CertPEM()} {
		ck(files.Write([]byte(name), content, false))
	}
	lines := `[["http.ssl_cert","server.crt"],["http.ssl_key","server.key"]]`
	if mutual {
		lines = lines[:len(lines)-1] + `,["http.ssl_ca_cert","ca.crt"]]`
	}
	c, fault := config.New([]byte(lines))
	if !fault.OK() {
		t.Fatal(&fault)
	}
	network, err := sockets.Listen("127.0.0.1:0")
	ck(err)
	d, err := device.New(device.Options{Config: c, Files: files, Network: network, Rand: rand.Reader, Conns: 8, Memory: 32 << 10,
		Opening: 2000}, 0, time.Now().UnixMilli())
	ck(err)
	l := &loop{device: d, network: network, ask: make(chan chan<- state), ended: make(chan struct{})}
	stop := make(chan struct{})
	go l.run(stop)
	pool := x509.NewCertPool()
	pool.AddCert(root.Cert)
	target := &Target{Address: network.Addr().String(), Path: "/", Slow: time.Millisecond,
		Config: &tls.Config{ServerName: "changeme", RootCAs: pool, Certificates: []tls.Certificate{client.TLS()},
			ClientSessionCache: tls.NewLRUClientSessionCache(4)}}
	return target, l, func() {
		close(stop)
		<-l.ended
		d.Shutdown()
		network.Shut()
	}
}
