package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"colibri/tlscore"
)

// connect runs one connection of a test; resume is true for all but the first.
func (t *test) connect(o *options, resume bool) error {
	var peer peerInfo
	cfg, err := t.configure(o, &peer)
	if err != nil {
		return err
	}
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 3, MLDSA: true, Messages: 16 << 10})
	if err != nil {
		return err
	}
	l, err := dial(o)
	if err != nil {
		return err
	}
	defer l.end()
	if o.server {
		cfg.WithoutServerName = o.noNameAck
		err = l.tls.Server(cfg, pool)
	} else {
		name := o.hostName
		if name == "" {
			name, cfg.WithoutServerName = serverName, true
		}
		t.name = name
		err = l.tls.Client(cfg, pool, name)
	}
	if err == tlscore.ErrUnknownGroup || err == tlscore.ErrUnknownSuite || err == tlscore.ErrUnknownScheme || err == tlscore.ErrBadKeyShares {
		return errUnimplemented(err.Error())
	}
	if err == nil && !o.server {
		err = l.writeEarly(o)
	}
	if err == nil {
		err = l.handshake(o)
	}
	if err == nil && !o.server && resume && o.expectNoEarly {
		o = o.retry // What was written early is gone.
	}
	if err == nil {
		err = o.check(l, &peer, cfg.Identities, resume)
	}
	if err == nil && o.softVerify && t.objects != o.verifyFail {
		err = errors.New("the application does not know what it found of the peer")
	}
	if err == nil && !l.tls.HandshakeDone() && o.exportSize > 0 {
		err = l.tls.Exporter(&peer.exporter)
	}
	if err == nil {
		err = l.export(o, &peer.exporter)
	}
	if err == nil && o.exportUnique {
		err = l.write(peer.exporter.Unique())
	}
	if err == nil && o.exportTraffic {
		err = l.write(peer.secrets.traffic(o.server))
	}
	if err == nil && o.sendAlert {
		const decompressionFailure = 30 // of TLS 1.2
		l.tls.Refuse(decompressionFailure)
		err = l.tls.Err()
	}
	if err == nil {
		err = l.exchange(o)
	}
	if err == nil {
		err = t.checkSessions(o, cfg, l)
	}
	return err
}

// checkSessions compares the sessions that our side keeps behind a connection with what the runner expects.
func (t *test) checkSessions(o *options, cfg *tlscore.Config, l *link) error {
	if n := t.cache.Kept(); o.expectCached && n == 0 || o.expectNotCached && n > 0 {
		return fmt.Errorf("%d sessions are in the cache", n)
	}
	if n := t.sessions.Kept(); o.expectNoSession && n > 0 {
		return fmt.Errorf("%d sessions can be resumed", n)
	}
	if o.expectRenewal {
		ticket, err := l.ticket()
		if err != nil {
			return err
		}
		if len(ticket) > 0 && bytes.Equal(ticket, t.ticket) {
			return errors.New("a ticket is used twice, and there was a newer one")
		}
		t.ticket = bytes.Clone(ticket)
	}
	if o.expectEarlyTicket && !o.expectNoSession && t.last {
		return t.checkEarlyTicket(cfg)
	}
	return nil
}

// checkEarlyTicket begins a connection that goes nowhere, to see whether early data could be written on it.
func (t *test) checkEarlyTicket(cfg *tlscore.Config) error {
	again := *cfg
	again.EarlyData, again.Events, again.Veto = tlscore.EarlyDataClient(), nil, nil
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2, MLDSA: true})
	if err != nil {
		return err
	}
	var c tlscore.Conn
	defer c.Release()
	if err := c.Client(&again, pool, t.name); err != nil {
		return err
	}
	for w := c.SendWindow(); len(w) > 0; w = c.SendWindow() {
		c.Sent(len(w))
	}
	if len(c.EarlyWindow()) == 0 {
		return errors.New("the ticket allows no early data")
	}
	return nil
}

// handshake runs until the handshake is done, or there is early data to answer.
func (l *link) handshake(o *options) error {
	for !l.tls.HandshakeDone() && !(o.falseStart && !o.wholeHandshake && l.tls.Writable()) && len(l.tls.ReadWindow()) == 0 {
		if err := l.send(); err != nil {
			return errors.Join(l.tls.Err(), err)
		}
		if err := l.tls.Err(); err != nil {
			return err
		}
		l.receive()
	}
	l.sniffing = false
	return l.send()
}

// check compares what was negotiated with what the runner expects.
func (o *options) check(l *link, peer *peerInfo, identities []tlscore.Identity, resume bool) error {
	info := l.tls.Info()
	if want := resume && !o.expectMiss; info.Resumed != want {
		return fmt.Errorf("resumed: %v, expected %v", info.Resumed, want)
	}
	if want := o.expectVersion; want != 0 && info.Version != want {
		return fmt.Errorf("version %#04x, expected %#04x", info.Version, want)
	}
	if want := o.expectCipher; want != 0 && uint16(info.Suite) != want {
		return fmt.Errorf("suite %v, expected %#04x", info.Suite, want)
	}
	if want := o.expectCurve; want != 0 && uint16(info.Group) != want {
		return fmt.Errorf("group %v, expected %#04x", info.Group, want)
	}
	if want := o.expectSkew; want != nil && resume && peer.skew != *want {
		return fmt.Errorf("a skew of %d s, expected %d", peer.skew, *want)
	}
	if want := o.expectServerName; want != "" && string(peer.serverName) != want {
		return fmt.Errorf("server name %q, expected %q", peer.serverName, want)
	}
	if o.expectNoName && peer.serverName != nil {
		return fmt.Errorf("server name %q, expected none", peer.serverName)
	}
	want := o.expectALPN
	if o.server {
		want = o.alpnPick
	}
	if info.ALPN != want && (want != "" || l.tls.HandshakeDone()) {
		return fmt.Errorf("protocol %q, expected %q", info.ALPN, want)
	}
	if retried := l.retried(o.server); o.expectRetry && !retried || o.expectNoRetry && retried {
		return fmt.Errorf("HelloRetryRequest: %v", retried)
	}
	if o.expectPeerCert != "" && !info.Resumed {
		chain, err := certificates(o.expectPeerCert)
		if err != nil {
			return err
		}
		if len(chain) == 0 || !bytes.Equal(chain[0], peer.leaf) {
			return errors.New("another certificate than expected")
		}
	}
	if o.expectNoPeerCert && peer.leaf != nil {
		return errors.New("a certificate, and none expected")
	}
	if o.expectHash && peer.leaf == nil && !peer.known {
		return errors.New("the application does not know whose session it is")
	}
	if want := o.expectScheme; want != 0 && !info.Resumed && uint16(info.PeerScheme) != want {
		return fmt.Errorf("signed by %v, expected %#04x", info.PeerScheme, want)
	}
	if len(o.expectOCSP) > 0 && !info.Resumed && !bytes.Equal(o.expectOCSP, peer.ocsp) {
		return fmt.Errorf("OCSP response %x, expected %x", peer.ocsp, o.expectOCSP)
	}
	if want := len(o.expectKey) > 0 || o.expectPeerType == rawPublicKey; peer.raw != want && !info.Resumed {
		return fmt.Errorf("a raw public key: %v, expected %v", peer.raw, want)
	}
	if want := o.expectSchemes; want != nil && !slices.Equal(want, peer.schemes) {
		return fmt.Errorf("the peer accepts %#04x, expected %#04x", peer.schemes, want)
	}
	if want := o.expectTypes; want != nil && !bytes.Equal(want, peer.types) {
		return fmt.Errorf("the server asks for certificates of the types %x, expected %x", peer.types, want)
	}
	if want := o.expectAuthorities; want != nil && !slices.EqualFunc(want, peer.authorities, bytes.Equal) {
		return fmt.Errorf("the peer names %x, expected %x", peer.authorities, want)
	}
	if err := o.checkEarly(info.Early); err != nil {
		return err
	}
	if i := o.expectIdentity; i != nil && !info.Resumed {
		used := slices.IndexFunc(identities, func(id tlscore.Identity) bool { return id.Key.(*signer).used })
		for j, c := range o.credentials {
			if c.psk != nil && peer.shared != nil && bytes.Contains(peer.shared, c.psk.Identity) {
				used = j
			} else if c.psk != nil && used >= j {
				used++ // Of the credentials, only those with certificates make identities.
			}
		}
		if used == len(o.credentials) {
			used = -1 // This is what the runner calls the fallback, and none where there is no fallback.
		} else if used < 0 && o.fallback != nil {
			used = -2
		}
		if used != *i {
			return fmt.Errorf("credential %d is used", used)
		}
	}
	return nil
}

// export sends the key that the runner wants to compare with its own.
func (l *link) export(o *options, e *tlscore.Exporter) error {
	if o.exportSize == 0 {
		return nil
	}
	var context []byte
	if o.exportWith {
		context = append([]byte{}, o.exportContext...)
	}
	out := make([]byte, o.exportSize)
	if err := e.Export(out, o.exportLabel, context); err != nil {
		return err
	}
	return l.write(out)
}

// sizes are those of -write-different-record-sizes.
var sizes = [...]int{0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769}

// exchange writes what the runner asks for, and then returns to it all that it sends, with every bit turned, until it ends.
func (l *link) exchange(o *options) error {
	switch {
	case o.manySizes:
		for _, n := range sizes {
			if err := l.write(bytes.Repeat([]byte{0x42}, n)); err != nil {
				return err
			}
		}
		return l.close(o)
	case o.unfinishedWrite && l.wrote == 0:
		if err := l.fill([]byte(o.initialWrite)); err != nil {
			return err
		}
		if err := l.sendSome(l.tls.SendWindow()[:1]); err != nil {
			return err
		}
		for len(l.tls.ReadWindow()) == 0 && l.tls.Err() == nil && !l.tls.PeerClosed() {
			l.receive()
		}
	case o.writesFirst:
		for i := range o.initialRepeats {
			if err := l.write([]byte(o.initialWrite)[l.early(i, o):]); err != nil {
				return err
			}
		}
	}
	if o.shutsDown {
		return l.close(o)
	}
	for { // What we have to say of our own, such as an answer to a KeyUpdate, is said with the next reply.
		if err := l.tls.Err(); err == tlscore.ErrTruncated && !o.closeNotify {
			return nil // The runner often ends without a word.
		} else if err != nil {
			return err
		}
		if l.tls.PeerClosed() {
			return l.close(o)
		}
		w := l.tls.ReadWindow()
		if len(w) == 0 {
			l.receive()
			continue
		}
		if o.updateOften {
			l.tls.UpdateKeys(false)
		}
		reply := bytes.Clone(w[:min(len(w), o.readSize)])
		if o.peek && !bytes.Equal(reply, l.tls.ReadWindow()[:len(reply)]) {
			return errors.New("the same data looks different the second time")
		}
		l.tls.Consumed(len(reply))
		for i := range reply {
			reply[i] ^= 0xff
		}
		if err := l.write(reply); err != nil {
			return err
		}
	}
}

// close ends our direction and, if close_notify matters in this test, waits for that of the runner.
func (l *link) close(o *options) error {
	l.tls.Close()
	if err := l.send(); err != nil {
		return err
	}
	for o.closeNotify && !l.tls.PeerClosed() {
		if err := l.tls.Err(); err != nil {
			return err
		}
		if w := l.tls.ReadWindow(); len(w) > 0 {
			l.tls.Consumed(len(w))
			continue
		}
		l.receive()
	}
	return nil
}
