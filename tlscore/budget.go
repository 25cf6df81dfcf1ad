package tlscore

import (
	"unsafe"

	"colibri/x509lite"
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
	f.Handshake = f.Idle + int(unsafe.Sizeof(Handshake{})) + 2*pc.SmallSize + pc.shared()
	f.Total = connections*f.Idle + pc.Size()
	return f
}

// browserHello is more than a ClientHello of today's browsers has, with its post-quantum key share and its padding.
const browserHello = 2304

// Plan returns the pool with which connections, that many at most, that live by cfg do best within total bytes, the Conns included.
// First every message of a handshake has to fit in, then one record of full size; what is left lets more
// connections be busy at a time. The error is ErrPoolTooSmall if total is too little for a handshake; what PoolConfig.Footprint says
// of PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: MinBuffer} is the least.
//
// A pool is planned without memory for RSA where the profile is SuiteB, and without a verifier where cfg has no anchors.
func (cfg *Config) Plan(connections, total int) (PoolConfig, error) {
	pc := PoolConfig{
		Handshakes:      1,
		SmallBuffers:    2,
		SmallSize:       MinBuffer,
		WithoutVerifier: cfg.Anchors == nil,
		WithoutRSA:      cfg.Anchors == nil || cfg.Profile == x509lite.ProfileSuiteB,
	}
	spare := total - pc.Footprint(connections).Total
	if connections < 1 || spare < 0 {
		return PoolConfig{}, ErrPoolTooSmall
	}
	pc.SmallSize += min(spare/2, browserHello-MinBuffer)
	try := func(larger PoolConfig) {
		if larger.Footprint(connections).Total <= total {
			pc = larger
		}
	}
	larger := pc
	larger.LargeBuffers++
	try(larger)
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
