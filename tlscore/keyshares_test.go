package tlscore_test

import (
	"bytes"
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
		{[]tlscore.GroupID{x, p256}, []tlscore.GroupID{x, p256}, []tlscore.GroupID{x, p256}, nil},
		{[]tlscore.GroupID{x, p256, p384}, []tlscore.GroupID{p384, p256}, []tlscore.GroupID{p256, p384}, nil},
		{[]tlscore.GroupID{x, hybrid, p256}, []tlscore.GroupID{hybrid, p256}, []tlscore.GroupID{hybrid, p256}, nil},
		{[]tlscore.GroupID{p384, hybrid, x}, []tlscore.GroupID{p384, hybrid}, []tlscore.GroupID{p384, hybrid}, nil},
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

// TestKeySharesAgain: a client that is asked for a cookie alone repeats both of its shares, and one that is asked for a share of another group
// sends that alone; one of a group that it has sent already it is not to be asked for.
func TestKeySharesAgain(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	begin := func() *clientSession {
		cfg := p.clientConfig(t)
		cfg.Groups = []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384}
		cfg.KeyShares = []tlscore.GroupID{tlscore.X25519, tlscore.P256}
		s := newClientSessionWith(t, cfg)
		s.answer.random, s.answer.group, s.answer.share = wire.HelloRetryRequestRandom[:], 0, nil
		return s
	}
	s := begin()
	first := bytes.Clone(s.hello.KeyShare)
	s.answer.cookie = []byte("a cookie")
	s.feed(s.answer.message())
	if second := s.sentHello(); !bytes.Equal(second.KeyShare, first) || len(first) != 4+32+4+65 {
		t.Errorf("shares of %d bytes: %x, and then %x", len(first), first, second.KeyShare)
	}

	s = begin()
	s.answer.group = uint16(tlscore.P384)
	s.feed(s.answer.message())
	if group, _, rest := wire.NextKeyShare(s.sentHello().KeyShare); group != uint16(tlscore.P384) || len(rest) > 0 {
		t.Errorf("a share of group %d, and %d bytes more", group, len(rest))
	}

	for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256} {
		s = begin()
		s.answer.group = uint16(group)
		s.feed(s.answer.message())
		s.refuses(tlscore.ErrBadRetry, tlscore.AlertIllegalParameter)
	}
}

// TestWithoutKeyShares: a client waits to be asked for a share, of its first group too; a server that answers a share that was never sent is
// refused, and so is one that asks for none.
func TestWithoutKeyShares(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, chosen := range []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384, tlscore.X25519MLKEM768} {
		client, server := p.clientConfig(t), p.config(t)
		client.MLKEM, server.MLKEM = mlkem.KEM{}, mlkem.KEM{}
		client.WithoutKeyShares, server.Groups = true, []tlscore.GroupID{chosen}
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
		pair.establish(1 << 20)
		pair.transfer(0, []byte("a question"))
		if group := pair.client.Info().Group; group != chosen {
			t.Errorf("a server of %v: %v", chosen, group)
		}
	}

	begin := func() *clientSession {
		cfg := p.clientConfig(t)
		cfg.Groups, cfg.WithoutKeyShares = []tlscore.GroupID{tlscore.X25519, tlscore.P256}, true
		s := newClientSessionWith(t, cfg)
		if s.hello.KeyShare == nil || len(s.hello.KeyShare) != 0 {
			t.Errorf("key_share: %x", s.hello.KeyShare)
		}
		return s
	}
	s := begin()
	s.answer.group, s.answer.share = uint16(tlscore.X25519), append(make([]byte, 31), 9)
	s.feed(s.answer.message())
	s.refuses(tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter)

	s = begin()
	s.answer.random, s.answer.group, s.answer.share = wire.HelloRetryRequestRandom[:], 0, nil
	s.answer.cookie = []byte("a cookie")
	s.feed(s.answer.message())
	s.sentHello()
	s.answer.random, s.answer.group, s.answer.share = make([]byte, 32), uint16(tlscore.X25519), append(make([]byte, 31), 9)
	s.answer.cookie = nil
	s.feed(s.answer.message())
	s.refuses(tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter)

	cfg := p.clientConfig(t)
	cfg.WithoutKeyShares, cfg.KeyShares = true, []tlscore.GroupID{tlscore.X25519}
	if err := new(tlscore.Conn).Client(cfg, newPool(t), "changeme"); err != tlscore.ErrBadKeyShares {
		t.Error(err)
	}
}

// TestServerPrefersGroups: a server takes a share that is there, or with PreferGroups asks for its first group that the client supports.
func TestServerPrefersGroups(t *testing.T) {
	const x, p256, hybrid = tlscore.X25519, tlscore.P256, tlscore.X25519MLKEM768
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		client, server []tlscore.GroupID
		prefer         bool
		want           tlscore.GroupID
	}{
		{[]tlscore.GroupID{x, hybrid}, []tlscore.GroupID{hybrid, x}, false, x},
		{[]tlscore.GroupID{x, hybrid}, []tlscore.GroupID{hybrid, x}, true, hybrid},
		{[]tlscore.GroupID{x, hybrid}, []tlscore.GroupID{p256, x, hybrid}, true, x},
		{[]tlscore.GroupID{x, p256}, []tlscore.GroupID{hybrid, p256}, true, p256},
	} {
		client, server := p.clientConfig(t), p.config(t)
		client.MLKEM, server.MLKEM = mlkem.KEM{}, mlkem.KEM{}
		client.Groups, server.Groups, server.PreferGroups = test.client, test.server, test.prefer
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
		pair.establish(1 << 20)
		if group := pair.server.Info().Group; group != test.want {
			t.Errorf("%+v: %v", test, group)
		}
	}
}
