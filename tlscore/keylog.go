//go:build !tinygo

package tlscore

import (
	"io"

	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/subtle"
)

// HostOnly is the part of Config that firmware does not have: in programs built by TinyGo it is empty.
type HostOnly struct {
	// KeyLog, if not nil, receives the secrets of every connection in the form that Wireshark reads (RFC 9850), one line in each
	// Write. It is for debugging: whoever has the secrets can read everything that was sent.
	KeyLog io.Writer
}

// Labels of the lines.
const (
	logClientEarly     = "CLIENT_EARLY_TRAFFIC_SECRET"
	logClientHandshake = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
	logServerHandshake = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
	logClientTraffic   = "CLIENT_TRAFFIC_SECRET_0"
	logServerTraffic   = "SERVER_TRAFFIC_SECRET_0"
	logExporter        = "EXPORTER_SECRET"
	logMaster12        = "CLIENT_RANDOM"
)

func (c *Conn) logEarlySecret(s *suite, secret *keyschedule.Secret) {
	c.logSecret(logClientEarly, secret[:s.hash.Size()])
}

func (c *Conn) logHandshakeSecrets() {
	c.logSecret(logClientHandshake, c.hs.clientSecret[:c.hash().Size()])
	c.logSecret(logServerHandshake, c.hs.serverSecret[:c.hash().Size()])
}

// logTrafficSecrets logs the secrets that the server's Finished, the last message of the transcript, settles. Who has a key log can make
// the keys of other protocols too, whether Config.Exporters is set or not.
func (c *Conn) logTrafficSecrets() {
	client, server := &c.read, &c.write
	if c.client {
		client, server = server, client
	}
	c.logSecret(logClientTraffic, client[:c.hash().Size()])
	c.logSecret(logServerTraffic, server[:c.hash().Size()])
	if c.cfg.KeyLog != nil {
		var exporter keyschedule.Secret
		c.hs.schedule.Derive(&exporter, keyschedule.ExporterMaster, &c.hs.transcript)
		c.logSecret(logExporter, exporter[:c.hash().Size()])
		subtle.Wipe(exporter[:])
	}
}

func (c *Conn) logMasterSecret(master *keyschedule.Secret) { c.logSecret(logMaster12, master[:]) }

// logSecret writes a line; what the writer says of it is nobody's concern.
func (c *Conn) logSecret(label string, secret []byte) {
	if c.cfg.KeyLog == nil {
		return
	}
	client, _ := c.randoms()
	line := append(append(make([]byte, 0, 256), label...), ' ')
	line = append(appendHex(line, client[:]), ' ')
	line = append(appendHex(line, secret), '\n')
	c.cfg.KeyLog.Write(line)
	clear(line)
}

func appendHex(b, p []byte) []byte {
	const digits = "0123456789abcdef"
	for _, v := range p {
		b = append(b, digits[v>>4], digits[v&15])
	}
	return b
}
