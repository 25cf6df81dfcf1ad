//go:build portable

package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"time"

	"colibri/firmware/rv32/handshakes"
	"colibri/tlscore"
)

// constant is randomness that is always the same. crypto/tls discards a byte of it now and then to keep its callers from
// counting on its reads, which this does not notice.
type constant struct{}

func (constant) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0x5a
	}
	return len(p), nil
}

// peerConfig returns the configuration of crypto/tls's end.
func peerConfig(s *handshakes.Scenario, f *handshakes.Fixtures) (*tls.Config, error) {
	certificate, key, anchor := f.Peer(s)
	pool := x509.NewCertPool()
	ca, err := x509.ParseCertificate(anchor)
	if err != nil {
		return nil, err
	}
	pool.AddCert(ca)
	signer, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	c := &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: signer}},
		RootCAs:      pool, ClientCAs: pool, ServerName: handshakes.ServerName,
		Rand: constant{}, Time: func() time.Time { return time.Unix(handshakes.Now, 0) },
		CurvePreferences:            []tls.CurveID{tls.CurveP256},
		CipherSuites:                []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
		DynamicRecordSizingDisabled: true,
		ClientSessionCache:          tls.NewLRUClientSessionCache(1),
	}
	if s.Mutual {
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	if s.TLS12 {
		c.MaxVersion = tls.VersionTLS12
	}
	return c, nil
}

// record lets crypto/tls talk to our end and returns what it says: until the end of our handshake, and after it.
func record(s *handshakes.Scenario, f *handshakes.Fixtures) (handshake, data []byte, err error) {
	cfg, err := peerConfig(s, f)
	if err != nil {
		return nil, nil, err
	}
	times := 1
	if s.Resumed {
		times = 2 // the first one gets the ticket
	}
	resumed := false
	for range times {
		handshake, data, resumed, err = talk(s, f, cfg)
		if err != nil {
			return nil, nil, err
		}
	}
	if resumed != s.Resumed {
		return nil, nil, errors.New("the session was not resumed, or should not have been")
	}
	return handshake, data, nil
}

// talk makes one connection.
func talk(s *handshakes.Scenario, f *handshakes.Fixtures, cfg *tls.Config) (handshake, data []byte, resumed bool, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, false, err
	}
	defer l.Close()
	ended := make(chan error, 1)
	go func() { ended <- peer(s, cfg, l.Addr().String()) }()
	ours, err := l.Accept()
	if err != nil {
		return nil, nil, false, err
	}
	defer ours.Close()
	ours.SetDeadline(time.Now().Add(10 * time.Second))
	config, err := s.Config(f)
	if err != nil {
		return nil, nil, false, err
	}
	pool, err := tlscore.NewPool(s.PoolConfig())
	if err != nil {
		return nil, nil, false, err
	}
	var c tlscore.Conn
	if s.Client {
		err = c.Client(config, pool, handshakes.ServerName)
	} else {
		err = c.Server(config, pool)
	}
	if err != nil {
		return nil, nil, false, err
	}
	defer c.Release()
	got := 0
	for c.Err() == nil {
		if c.Working() {
			c.Work()
		} else if w := c.SendWindow(); len(w) > 0 {
			n, err := ours.Write(w)
			if err != nil {
				return nil, nil, false, err
			}
			c.Sent(n)
		} else if n := len(c.ReadWindow()); n > 0 {
			got += n
			c.Consumed(n)
		} else if c.HandshakeDone() && got >= s.Data {
			break
		} else {
			w := c.RecvWindow()
			n, err := ours.Read(w)
			if err != nil {
				return nil, nil, false, err
			}
			if c.HandshakeDone() {
				data = append(data, w[:n]...)
			} else {
				handshake = append(handshake, w[:n]...)
			}
			c.Received(n)
		}
	}
	if c.Err() != nil {
		return nil, nil, false, c.Err()
	}
	resumed = c.Info().Resumed
	c.Close()
	for w := c.SendWindow(); len(w) > 0; w = c.SendWindow() {
		n, err := ours.Write(w)
		if err != nil {
			return nil, nil, false, err
		}
		c.Sent(n)
	}
	return handshake, data, resumed, <-ended
}

// peer is crypto/tls's end of one connection.
func peer(s *handshakes.Scenario, cfg *tls.Config, address string) error {
	raw, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(10 * time.Second))
	c := tls.Client(raw, cfg)
	if s.Client {
		c = tls.Server(raw, cfg)
	}
	if err := c.Handshake(); err != nil {
		return err
	}
	if s.Data > 0 {
		if _, err := c.Write(make([]byte, s.Data)); err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, c) // reads the ticket, if there is one
	return err
}
