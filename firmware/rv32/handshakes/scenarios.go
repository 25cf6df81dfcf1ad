package handshakes

import "colibri/tlscore"

// Scenario is a kind of connection.
type Scenario struct {
	Name    string // as in Go's benchmark format, without the prefix Benchmark
	Client  bool   // our end is the client
	Mutual  bool   // the client has to show a certificate
	Resumed bool
	TLS12   bool
	Data    int // bytes that the peer sends in one record once the handshake is done, and our end back; 0: none
}

// Scenarios are all of them. P-256, ECDSA and AES-128-GCM, as for the reference figures of other libraries.
var Scenarios = [...]Scenario{
	{Name: "ServerHandshake/version=1.3/auth=server"},
	{Name: "ServerHandshake/version=1.3/auth=mutual", Mutual: true},
	{Name: "ServerHandshake/version=1.3/resumed", Resumed: true},
	{Name: "ServerHandshake/version=1.2/auth=server", TLS12: true},
	{Name: "ServerHandshake/version=1.2/auth=mutual", TLS12: true, Mutual: true},
	{Name: "ServerHandshake/version=1.2/resumed", TLS12: true, Resumed: true},
	{Name: "ClientHandshake/version=1.3/auth=server", Client: true},
	{Name: "ClientHandshake/version=1.3/auth=mutual", Client: true, Mutual: true},
	{Name: "Record/version=1.3/size=1024", Data: 1024},
	{Name: "Record/version=1.3/size=16384", Data: 16384},
}

// PoolConfig returns the memory that the scenario needs: buffers for its longest message and no more.
func (s *Scenario) PoolConfig() tlscore.PoolConfig {
	pc := tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: tlscore.MinBuffer, WithoutRSA: true, WithoutVerifier: !s.verifies()}
	if s.Data > 0 {
		pc.SmallSize, pc.LargeBuffers = 1280, 2
	}
	return pc
}

// verifies reports whether our end verifies a certificate.
func (s *Scenario) verifies() bool { return s.Client || s.Mutual }

// Config returns the configuration of our end, with its randomness at the beginning. It allocates.
func (s *Scenario) Config(f *Fixtures) (*tlscore.Config, error) {
	cfg := &tlscore.Config{
		Groups:   []tlscore.GroupID{tlscore.P256},
		Suites:   []tlscore.SuiteID{tlscore.AES128GCMSHA256},
		Stepwise: true,
		Clock:    func() int64 { return Now },
		Rand:     &stream{state: 0x2545f491},
	}
	if s.verifies() {
		cfg.Anchors = &f.Anchors
	}
	if s.TLS12 {
		cfg.TLS12, cfg.MaxVersion = tlscore.TLS12Server(), 0x0303
		cfg.Suites = []tlscore.SuiteID{tlscore.ECDHEECDSAAES128GCMSHA256}
	}
	if s.Client {
		if s.Mutual {
			cfg.Identities = []tlscore.Identity{f.Client}
		}
		return cfg, nil
	}
	cfg.Identities = []tlscore.Identity{f.Server}
	if s.Mutual {
		cfg.ClientAuth = tlscore.RequireClientCert
	}
	if s.Resumed {
		cfg.Tickets = new(tlscore.TicketKeys)
		return cfg, cfg.Tickets.Rotate(&stream{state: 0x1d872b41})
	}
	return cfg, nil
}
