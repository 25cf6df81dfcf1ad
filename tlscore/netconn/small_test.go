//go:build colibri_small

package netconn_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/signature"
)

// TestSmallSpeaksItsOwn: the small program agrees with clients that know everything on the little that it knows, in both versions.
func TestSmallSpeaksItsOwn(t *testing.T) {
	for version, suite := range map[uint16]tlscore.SuiteID{
		tls.VersionTLS13: tlscore.AES128GCMSHA256,
		tls.VersionTLS12: tlscore.ECDHEECDSAAES128GCMSHA256,
	} {
		h := newHouse(t, ca.ECDSA)
		h.ours.TLS12 = tlscore.TLS12Server()
		h.client.MinVersion, h.client.MaxVersion = tls.VersionTLS12, version
		server, client := h.pair(t)
		done := make(chan error, 1)
		go func() { done <- client.Handshake() }()
		check(t, server.Handshake())
		check(t, <-done)
		if s := server.ConnectionState(); s.Version != version || s.Suite != suite || s.Group != tlscore.P256 {
			t.Errorf("%+v", s)
		}
	}
}

// TestSmallRefusesTheRest: what a small program does not contain is neither negotiated nor accepted, and an error says what it is about.
func TestSmallRefusesTheRest(t *testing.T) {
	for name, change := range map[string]struct {
		change func(h *house)
		want   error
	}{
		"groups": {func(h *house) { h.client.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP384} }, tlscore.ErrNoGroup},
		"client on P-384": {func(h *house) {
			foreign := newAuthority(t, h, ca.P384)
			h.client.Certificates = []tls.Certificate{foreign.TLS()}
		}, tlscore.ErrNoCertificate},
	} {
		h := newHouse(t, ca.ECDSA)
		change.change(h)
		server, client := h.pair(t)
		done := make(chan error, 1)
		go func() { done <- client.Handshake() }()
		if err := server.Handshake(); !errors.Is(err, change.want) {
			t.Errorf("%s: %v, want %v", name, err, change.want)
		}
		server.Close()
		<-done
	}
	for _, family := range []ca.Family{ca.RSA, ca.P384, ca.Ed25519} {
		root, err := ca.New(family, time.Now(), "colibri test CA")
		check(t, err)
		id, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
		check(t, err)
		der, err := x509.MarshalPKCS8PrivateKey(id.Key)
		check(t, err)
		if err := new(signature.PrivateKey).Parse(der); err != signature.ErrKeyAlgorithm {
			t.Errorf("a key for %s: %v", family, err)
		}
	}
}

// newAuthority returns a client's identity by an authority of the family that our server trusts too.
func newAuthority(t *testing.T, h *house, family ca.Family) *ca.Identity {
	root, err := ca.New(family, time.Now(), "another test CA")
	check(t, err)
	check(t, h.ours.Anchors.Add(root.Cert.Raw))
	id, err := root.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	check(t, err)
	return id
}
