package tlscore

import (
	"unsafe"
)

// Footprint is what connections take, in bytes.
type Footprint struct {
	Idle      int // an established connection between records: its Conn
	Handshake int // what the only connection in a handshake takes at most: its Conn, a Handshake, two buffers and a Verifier
	Total     int // everything: the Conns and the pool
}

// Footprint returns how much memory connections take, at most so many of them at a time, with a pool of pc.
func (pc PoolConfig) Footprint(connections int) Footprint {
	f := Footprint{Idle: int(unsafe.Sizeof(Conn{}))}
	f.Handshake = f.Idle + pc.handshake() + 2*pc.SmallSize + pc.shared()
	f.Total = connections*f.Idle + pc.Size()
	return f
}

// Sizes of buffers: the first holds the ClientHello of a client without a post-quantum key share and most chains of certificates on
// curves, the second also what browsers of today send first.
const (
	smallHello   = 1024
	browserHello = 2304
)

// Plan returns the pool that makes the best of total bytes for at most so many connections with the configuration cfg; the Conns
// are counted too. It first makes room for the messages of a handshake, then for one record of full size, then for the messages
// of browsers. With what is left more connections can be busy at a time. The error is ErrPoolTooSmall if total is too small for
// a handshake: the least is the Footprint of PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: MinBuffer}.
//
// The pool has no memory for RSA if the profile is SuiteB or P256, and no verifier if cfg has no anchors. It always has a large
// buffer if there are both anchors and ML-DSA.
func (cfg *Config) Plan(connections, total int) (PoolConfig, error) {
	pc := PoolConfig{
		Handshakes:      1,
		SmallBuffers:    2,
		SmallSize:       MinBuffer,
		WithoutVerifier: cfg.Anchors == nil,
		WithoutRSA:      cfg.Anchors == nil || cfg.withoutRSA(),
		MLDSA:           cfg.MLDSA != nil,
	}
	if cfg.MLDSA != nil && cfg.Anchors != nil {
		pc.LargeBuffers = 1
	}
	spare := total - pc.Footprint(connections).Total
	if connections < 1 || spare < 0 {
		return PoolConfig{}, ErrPoolTooSmall
	}
	larger := pc
	larger.LargeBuffers = 1
	if rest := total - larger.Footprint(connections).Total; rest >= 2*(smallHello-MinBuffer) {
		pc, spare = larger, rest
	}
	pc.SmallSize += min(spare/2, browserHello-MinBuffer)
	try := func(larger PoolConfig) {
		if larger.Footprint(connections).Total <= total {
			pc = larger
		}
	}
	for pc.SmallBuffers < 2*connections {
		before := pc
		larger = pc
		larger.SmallBuffers++
		try(larger)
		if larger = pc; 4*pc.Handshakes < pc.SmallBuffers {
			larger.Handshakes++
			try(larger)
		}
		if pc == before {
			break
		}
	}
	return pc, nil
}
