package tlscore_test

import (
	"slices"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/primitive/mlkem"
	"colibri/tlscore/wire"
)

// TestKeyShares: which shares a client sends, in the order of its groups, and what becomes of them with servers that prefer this or that.
func TestKeyShares(t *testing.T) {
	const x, p256, p384, hybrid = tlscore.X25519, tlscore.P256, tlscore.P384, tlscore.X25519MLKEM768
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		groups, shares []tlscore.GroupID
		want           []tlscore.GroupID
		err            error
	}{
		{[]tlscore.GroupID{x, p256}, nil, []tlscore.GroupID{x}, nil},
		{[]tlscore.GroupID{x, p256}, []tlscore.GroupID{p256}, []tlscore.GroupID{p256}, nil},
		{nil, []tlscore.GroupID{x}, []tlscore.GroupID{x}, nil},
		{nil, []tlscore.GroupID{p384}, []tlscore.GroupID{p384}, nil},
		{nil, nil, []tlscore.GroupID{hybrid, x}, nil},
		{nil, []tlscore.GroupID{hybrid}, []tlscore.GroupID{hybrid}, nil},
		{nil, []tlscore.GroupID{x, hybrid}, []tlscore.GroupID{hybrid, x}, nil},
		{[]tlscore.GroupID{p256, x, hybrid}, []tlscore.GroupID{hybrid, x}, []tlscore.GroupID{x, hybrid}, nil},
		{[]tlscore.GroupID{x, hybrid}, nil, []tlscore.GroupID{x}, nil},
		{[]tlscore.GroupID{x}, []tlscore.GroupID{p256}, nil, tlscore.ErrBadKeyShares},
		{[]tlscore.GroupID{x, p256}, []tlscore.GroupID{x, p256}, nil, tlscore.ErrBadKeyShares},
		{nil, []tlscore.GroupID{x, x}, nil, tlscore.ErrBadKeyShares},
		{nil, []tlscore.GroupID{x, hybrid, p256}, nil, tlscore.ErrBadKeyShares},
	} {
		cfg := p.clientConfig(t)
		cfg.MLKEM, cfg.Groups, cfg.KeyShares = mlkem.KEM{}, test.groups, test.shares
		pool, err := tlscore.NewPool(hybridPool)
		if err != nil {
			t.Fatal(err)
		}
		client, server := new(tlscore.Conn), puppet.NewServer()
		if err := client.Client(cfg, pool, "changeme"); err != test.err || err != nil {
			if err != test.err {
				t.Errorf("%+v: %v", test, err)
			}
			continue
		}
		tell(t, client, server, nil)
		var got []tlscore.GroupID
		for list := server.Hello.KeyShare; len(list) > 0; {
			var group uint16
			group, _, list = wire.NextKeyShare(list)
			got = append(got, tlscore.GroupID(group))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v of %v: shares for %v, want %v", test.shares, test.groups, got, test.want)
		}
		for _, chosen := range []tlscore.GroupID{x, p256, p384, hybrid} {
			s := p.config(t)
			s.MLKEM, s.Groups = mlkem.KEM{}, []tlscore.GroupID{chosen}
			pair := newPair(t, cfg, s, [2]tlscore.PoolConfig{hybridPool, hybridPool})
			pair.run(1 << 20)
			known := slices.Contains(test.groups, chosen) || test.groups == nil
			if group := pair.client.Info().Group; known != pair.client.HandshakeDone() || known && group != chosen {
				t.Errorf("%v of %v, and a server of %v: %v; %v", test.shares, test.groups, chosen, group, pair.client.Err())
			}
		}
	}
}
