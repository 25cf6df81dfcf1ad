package tlscore_test

import (
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/signature"
)

// TestProofsOfWholeMessages: clients of TLS 1.2 prove their keys under schemes that take the messages themselves where both ends have kept
// them; otherwise under others, if their key has any. The messages come whole and in single bytes.
func TestProofsOfWholeMessages(t *testing.T) {
	ample, scanty, none := 8192, 2200, 0
	for _, test := range []struct {
		name           string
		family         ca.Family
		client, server int // bytes of PoolConfig.Messages
		schemes        []signature.Scheme
		want           signature.Scheme // 0: the client shows nothing
	}{
		{"Ed25519", ca.Ed25519, ample, ample, nil, signature.Ed25519},
		{"Ed25519, a client without memory", ca.Ed25519, none, ample, nil, 0},
		{"Ed25519, a client with too little", ca.Ed25519, 600, ample, nil, 0},
		{"Ed25519, a server without memory", ca.Ed25519, ample, none, nil, 0},
		{"Ed25519, a server with too little for what is usual", ca.Ed25519, ample, scanty, nil, 0},
		{"SHA-512", ca.RSA, ample, ample, []signature.Scheme{signature.RSAPSSWithSHA512, signature.RSAPSSWithSHA384}, signature.RSAPSSWithSHA384},
		{"SHA-512 alone", ca.RSA, ample, ample, []signature.Scheme{signature.RSAPSSWithSHA512, signature.ECDSAWithP256AndSHA256}, signature.RSAPSSWithSHA512},
		{"PKCS #1 with SHA-512 alone", ca.RSA, ample, ample, []signature.Scheme{signature.PKCS1WithSHA512, signature.ECDSAWithP256AndSHA256}, signature.PKCS1WithSHA512},
		{"what the running hashes do needs no memory", ca.ECDSA, none, none, nil, signature.ECDSAWithP256AndSHA256},
	} {
		for _, n := range []int{1 << 20, 1} {
			p := newPKI(t, test.family)
			client, server := p.clientConfig12(t), p.config12(t)
			client.MaxVersion, server.ClientAuth, server.SignatureSchemes = 0x0303, tlscore.RequestClientCert, test.schemes
			pools := [2]tlscore.PoolConfig{hybridPool, hybridPool}
			pools[0].SmallSize, pools[1].SmallSize = 4096, 4096
			pools[0].Messages, pools[1].Messages = test.client, test.server
			pair := newPair(t, client, server, pools)
			pair.establish(n)
			if got := pair.server.Info().PeerScheme; got != test.want {
				t.Errorf("%s, %d bytes at a time: the client has signed under %v, want %v", test.name, n, got, test.want)
			}
		}
	}
}

// TestTooManyMessages: a client's chain that is longer than a server has memory for ends the connection with the reason, if the signature
// needs it, and a wrong signature is one in this way too.
func TestTooManyMessages(t *testing.T) {
	p := newPKI(t, ca.Ed25519)
	client, server := p.clientConfig12(t), p.config12(t)
	client.MaxVersion, server.ClientAuth = 0x0303, tlscore.RequireClientCert
	chain := client.Identities[0].Chain
	for len(chain) < tlscore.MaxChain {
		chain = append(chain, p.server.Chain[0])
	}
	client.Identities[0].Chain = chain
	pools := [2]tlscore.PoolConfig{hybridPool, hybridPool}
	pools[0].SmallSize, pools[1].SmallSize = 8192, 8192
	pools[0].Messages, pools[1].Messages = 16384, 3300
	pair := newPair(t, client, server, pools)
	if pair.run(1 << 20); pair.server.Err() != tlscore.ErrMessagesTooLong || pair.client.Err() != tlscore.PeerAlert(tlscore.AlertInternalError) {
		t.Errorf("server %v, client %v", pair.server.Err(), pair.client.Err())
	}
}
