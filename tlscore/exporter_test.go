package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/wire"
)

// exporting makes cfg fill e when a handshake is done.
func exporting(t *testing.T, cfg *tlscore.Config, e *tlscore.Exporter) {
	cfg.Exporters = true
	cfg.Events = func(c *tlscore.Conn, event tlscore.Event) {
		if event.Kind != tlscore.EventHandshakeDone {
			return
		}
		if err := c.Exporter(e); err != nil {
			t.Error(err)
		}
	}
}

func export(t *testing.T, e *tlscore.Exporter, label string, context []byte, n int) []byte {
	t.Helper()
	out := make([]byte, n)
	if err := e.Export(out, label, context); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExportersAgree: both ends export the same, resumed and with a key too, and other connections, labels, contexts and lengths give
// something else.
func TestExportersAgree(t *testing.T) {
	r := newReunion(t)
	var ends [2]tlscore.Exporter
	exporting(t, r.client, &ends[0])
	exporting(t, r.server, &ends[1])
	seen := map[string]string{}
	for connection := range 3 {
		if connection == 2 {
			r.client.Suites = []tlscore.SuiteID{tlscore.AES256GCMSHA384}
		}
		r.meet(1 << 20)
		for _, label := range []string{"EXPORTER-one", "EXPORTER-two"} {
			for _, context := range []string{"", "context", string(make([]byte, 300))} {
				for _, n := range []int{16, 32, 100} {
					what := fmt.Sprintf("connection %d, %s, context of %d, %d bytes", connection, label, len(context), n)
					a, b := export(t, &ends[0], label, []byte(context), n), export(t, &ends[1], label, []byte(context), n)
					if !bytes.Equal(a, b) {
						t.Errorf("%s: the ends differ", what)
					}
					if other, found := seen[string(a[:16])]; found {
						t.Errorf("%s: the same as %s", what, other)
					}
					seen[string(a[:16])] = what
				}
			}
		}
		if !bytes.Equal(export(t, &ends[0], "EXPORTER-one", nil, 32), export(t, &ends[1], "EXPORTER-one", []byte{}, 32)) {
			t.Error("in TLS 1.3 no context and an empty one are the same")
		}
	}
}

// TestExporterWithStd: crypto/tls exports the same, in both roles and versions.
func TestExporterWithStd(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var e tlscore.Exporter
		cfg, std := p.clientConfig(t), p.stdServer()
		cfg.TLS12 = tlscore.TLS12Client()
		exporting(t, cfg, &e)
		std.MaxVersion = version
		client, transport, server := dial(t, cfg, "changeme", std)
		go io.WriteString(server, "done")
		if err := drive(client, transport, func() bool { return len(client.ReadWindow()) > 0 }); err != nil {
			t.Fatal(err)
		}
		state := server.ConnectionState()
		for _, context := range [][]byte{nil, {}, []byte("context")} {
			want, err := state.ExportKeyingMaterial("EXPORTER-colibri, with a label that is longer than those of TLS itself", context, 77)
			if err != nil {
				t.Fatal(err)
			}
			if got := export(t, &e, "EXPORTER-colibri, with a label that is longer than those of TLS itself", context, 77); !bytes.Equal(got, want) {
				t.Errorf("version %x, context %q: %x, want %x", version, context, got, want)
			}
		}
	}
}

// TestUniqueWithStd: crypto/tls finds the same tls-unique in TLS 1.2, in both roles, and none in TLS 1.3. A session that is resumed has
// another, of which crypto/tls says that it has none.
func TestUniqueWithStd(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var e tlscore.Exporter
		cfg, std := p.clientConfig(t), p.stdServer()
		cfg.TLS12 = tlscore.TLS12Client()
		exporting(t, cfg, &e)
		std.MaxVersion = version
		client, transport, server := dial(t, cfg, "changeme", std)
		go io.WriteString(server, "done")
		if err := drive(client, transport, func() bool { return len(client.ReadWindow()) > 0 }); err != nil {
			t.Fatal(err)
		}
		if want := server.ConnectionState().TLSUnique; !bytes.Equal(e.Unique(), want) || len(want) > 0 != (version == tls.VersionTLS12) {
			t.Errorf("our client, version %x: %x, want %x", version, e.Unique(), want)
		}
	}
}

// TestUniqueAgrees: both ends have the same tls-unique, full and resumed, and each connection has its own.
func TestUniqueAgrees(t *testing.T) {
	r := newReunion(t)
	r.client.TLS12, r.server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
	r.client.MaxVersion = wire.VersionTLS12
	var ends [2]tlscore.Exporter
	exporting(t, r.client, &ends[0])
	exporting(t, r.server, &ends[1])
	var seen [][]byte
	for i := range 3 {
		r.expect("tls-unique", i > 0)
		ours := bytes.Clone(ends[0].Unique())
		if len(ours) != 12 || bytes.Equal(ours, make([]byte, 12)) || !bytes.Equal(ours, ends[1].Unique()) {
			t.Errorf("connection %d: %x and %x", i, ours, ends[1].Unique())
		}
		for _, other := range seen {
			if bytes.Equal(ours, other) {
				t.Errorf("connection %d: %x once more", i, ours)
			}
		}
		seen = append(seen, ours)
	}
}

func TestExporterIsRefused(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	var e tlscore.Exporter
	if err := e.Export(make([]byte, 32), "EXPORTER", nil); err != tlscore.ErrMisuse {
		t.Errorf("an empty exporter: %v", err)
	}
	client, server := p.clientConfig(t), p.config(t)
	exporting(t, client, &e)
	pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
	if err := pair.client.Exporter(&e); err != tlscore.ErrMisuse {
		t.Errorf("before the handshake: %v", err)
	}
	pair.establish(1 << 20)
	for _, c := range []*tlscore.Conn{&pair.client, &pair.server} {
		if err := c.Exporter(new(tlscore.Exporter)); err != tlscore.ErrMisuse {
			t.Errorf("after the handshake: %v", err)
		}
	}
	for _, test := range []struct {
		label string
		n     int
		want  error
	}{
		{string(make([]byte, 249)), 8160, nil},
		{string(make([]byte, 250)), 32, tlscore.ErrMisuse},
		{"EXPORTER", 8161, tlscore.ErrMisuse},
	} {
		if err := e.Export(make([]byte, test.n), test.label, nil); err != test.want {
			t.Errorf("a label of %d bytes, %d bytes out: %v", len(test.label), test.n, err)
		}
	}
	e.Wipe()
	if e != (tlscore.Exporter{}) {
		t.Error("something is left")
	}
	server.Events = func(c *tlscore.Conn, event tlscore.Event) {
		if err := c.Exporter(&e); event.Kind == tlscore.EventHandshakeDone && err != tlscore.ErrMisuse {
			t.Errorf("where Config.Exporters is not set: %v", err)
		}
	}
	newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool}).establish(1 << 20)
}
