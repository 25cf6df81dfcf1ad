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

// Footprint returns what connections, that many at most, take with a pool of pc.
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

// Plan returns the pool with which connections, that many at most, that live by cfg do best within total bytes, the Conns included.
// First the messages of a handshake have to fit in, then one record of full size, then the messages of browsers; what is left lets
// more connections be busy at a time. The error is ErrPoolTooSmall if total is too little for a handshake: the least is what
// PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: MinBuffer} says by Footprint.
//
// A pool is planned without memory for RSA where the profile is SuiteB or P256, without a verifier where cfg has no anchors, and with a large
// buffer in any case where there are both anchors and ML-DSA.
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
