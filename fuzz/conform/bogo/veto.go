package main

import (
	"slices"

	"colibri/tlscore"
)

// veto returns the application's last word on what happens in a connection: what the runner's flags make it object to, with the alerts
// that BoringSSL has for it.
func veto(o *options) func(*tlscore.Conn, tlscore.Event) error {
	return func(_ *tlscore.Conn, e tlscore.Event) error {
		switch e.Kind {
		case tlscore.EventClientHello:
			switch {
			case o.failEarly:
				return tlscore.Refusal(tlscore.AlertHandshakeFailure)
			case o.failLater || o.failCert || o.failOCSP:
				return tlscore.Refusal(tlscore.AlertInternalError)
			}
		case tlscore.EventCertificateRequest:
			switch {
			case o.failCert:
				return tlscore.Refusal(tlscore.AlertInternalError)
			case e.Identity == nil && o.hasCertificate():
				return tlscore.ErrNoScheme // Who has certificates wants to show one.
			}
		case tlscore.EventPeerCertificate, tlscore.EventPeerRawKey:
			if o.failOCSP {
				return tlscore.Refusal(tlscore.AlertBadStatusResponse)
			}
			if o.softVerify && !o.verifyPeer {
				return nil // See test.objects.
			}
			return o.verdict()
		case tlscore.EventPeerResumed:
			if o.judgeAgain {
				return o.verdict()
			}
		}
		return nil
	}
}

// hasCertificate reports whether there is anything to show to a server that asks for a certificate.
func (o *options) hasCertificate() bool {
	return o.fallback != nil || slices.ContainsFunc(o.credentials, func(c *credential) bool { return c.psk == nil })
}

// verdict is what the application finds of the peer.
func (o *options) verdict() error {
	switch {
	case !o.verifyFail:
		return nil
	case o.customVerify:
		return tlscore.Refusal(tlscore.AlertCertificateUnknown)
	}
	return tlscore.Refusal(tlscore.AlertHandshakeFailure)
}
