package puppet

import (
	"fmt"

	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// Inbound is what a puppet has heard, whatever its role and version.
type Inbound struct {
	In      record.Protection
	AppData []byte
	Alerts  []byte // descriptions

	stream  []byte // handshake bytes not yet worked on
	pending []byte // record bytes not yet worked on
}

// hearer is the puppet that an Inbound belongs to.
type hearer interface {
	// sealed reports whether a record of type t is protected by now.
	sealed(t record.ContentType) bool
	changeCipherSpec()
	takeMessage(msg []byte) error
}

// take works on p, records of the peer in pieces of any size.
func (i *Inbound) take(p []byte, h hearer) error {
	i.pending = append(i.pending, p...)
	for len(i.pending) >= record.HeaderSize {
		t, n, err := record.ParseHeader(i.pending)
		if err != nil {
			return err
		}
		if n += record.HeaderSize; len(i.pending) < n {
			return nil
		}
		rec := i.pending[:n:n]
		i.pending = i.pending[n:]
		content := rec[record.HeaderSize:]
		if h.sealed(t) {
			if t, content, err = i.In.Open(rec); err != nil {
				return fmt.Errorf("puppet: the peer's record: %w", err)
			}
		}
		switch t {
		case record.ChangeCipherSpec:
			h.changeCipherSpec()
		case record.Alert:
			i.Alerts = append(i.Alerts, content[1])
		case record.ApplicationData:
			i.AppData = append(i.AppData, content...)
		case record.Handshake:
			i.stream = append(i.stream, content...)
			if err := i.takeMessages(h); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i *Inbound) takeMessages(h hearer) error {
	for {
		size, whole := wire.Split(i.stream)
		if !whole {
			return nil
		}
		msg := i.stream[:size:size]
		i.stream = i.stream[size:]
		if err := h.takeMessage(msg); err != nil {
			return err
		}
	}
}

// inbound13 is Inbound under TLS 1.3.
type inbound13 struct{ Inbound }

// sealed: what is protected comes as application data (RFC 8446, section 5.2).
func (*inbound13) sealed(t record.ContentType) bool { return t == record.ApplicationData }

// changeCipherSpec: it means nothing (RFC 8446, appendix D.4).
func (*inbound13) changeCipherSpec() {}
