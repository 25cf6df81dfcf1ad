package main

import (
	"fmt"
	"slices"

	"colibri/tlscore"
)

// allowEarly allows early data, if the flags do.
func (t *test) allowEarly(o *options, cfg *tlscore.Config) {
	switch {
	case !o.early && !(o.server && o.expectSkew != nil):
	case !o.server:
		cfg.EarlyData = tlscore.EarlyDataClient()
		if o.retry != nil {
			o.expectRejection(cfg)
		}
	default:
		if t.replays.Slots == nil {
			t.replays.Slots = make([]tlscore.SeenHello, 4)
			t.replays.MaxEarlyData, t.replays.Window = 14336, 60 // As BoringSSL's.
			t.start(cfg)
		}
		cfg.EarlyData = tlscore.EarlyDataServer(&t.replays)
	}
}

// expectRejection makes a client judge the server as the runner's flags for what follows a rejection say, once that has come.
func (o *options) expectRejection(cfg *tlscore.Config) {
	events := cfg.Events
	cfg.Events = func(c *tlscore.Conn, e tlscore.Event) {
		if events(c, e); e.Kind != tlscore.EventEarlyData || c.Info().Early == tlscore.EarlyAccepted {
			return
		}
		cfg.Veto = veto(o.retry)
	}
}

// start makes the memory against replays believe that the server has been there for two minutes: the runner does not wait as long.
func (t *test) start(cfg *tlscore.Config) {
	earlier := *cfg
	earlier.EarlyData = tlscore.EarlyDataServer(&t.replays)
	clock := cfg.Clock
	earlier.Clock = func() int64 { return clock() - 120 }
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2, MLDSA: true})
	if err == nil {
		var c tlscore.Conn
		c.Server(&earlier, pool)
		c.Release()
	}
}

// Messages of a server that -early-write-after-message names.
const serverHello, encryptedExtensions = 2, 8

// writeEarly writes, as a client that is to write first, as early as it may: as much as the ticket allows.
func (l *link) writeEarly(o *options) error {
	if !o.early || !o.writesFirst && !o.unfinishedWrite {
		return nil
	}
	read := func() bool {
		info := l.tls.Info()
		return o.earlyAfter == 0 || o.earlyAfter == serverHello && info.Suite != 0 ||
			o.earlyAfter == encryptedExtensions && info.Early != tlscore.EarlyOffered
	}
	for !read() && l.tls.Err() == nil {
		if err := l.send(); err != nil {
			return err
		}
		l.receive()
	}
	if o.exportSize > 0 && l.tls.Info().Early == tlscore.EarlyOffered {
		return l.tls.Exporter(new(tlscore.Exporter)) // There is none yet.
	}
	for range o.initialRepeats {
		if err := l.send(); err != nil { // Then there is room for a whole record.
			return err
		}
		n := copy(l.tls.EarlyWindow(), o.initialWrite)
		l.tls.Written(n)
		l.tls.Flush()
		if l.wrote += n; n < len(o.initialWrite) {
			break // The ticket allows no more.
		}
	}
	return l.tls.Err()
}

// early returns how much of the i-th of the initial writes was early data.
func (l *link) early(i int, o *options) int {
	n := len(o.initialWrite)
	return min(max(l.wrote-i*n, 0), n)
}

// reasons are what BoringSSL calls the outcomes of early data.
var reasons = map[string][]tlscore.EarlyOutcome{
	"accept":              {tlscore.EarlyAccepted},
	"peer_declined":       {tlscore.EarlyRejected},
	"session_not_resumed": {tlscore.EarlyNotResumed, tlscore.EarlyRetried}, // if both, either
	"hello_retry_request": {tlscore.EarlyRetried},
	"alpn_mismatch":       {tlscore.EarlyOtherProtocol, tlscore.EarlyRejected, tlscore.NoEarlyData},
	"ticket_age_skew":     {tlscore.EarlyStale},
}

// checkEarly compares the outcome of early data with what the runner expects.
func (o *options) checkEarly(got tlscore.EarlyOutcome) error {
	if o.expectEarly && got != tlscore.EarlyAccepted || o.expectNoEarly && got == tlscore.EarlyAccepted ||
		o.expectNoOffer && got != tlscore.NoEarlyData && !o.server {
		return fmt.Errorf("early data: %v", got)
	}
	if want, known := reasons[o.expectReason]; known && !slices.Contains(want, got) {
		return fmt.Errorf("early data: %v, expected %s", got, o.expectReason)
	}
	return nil
}
