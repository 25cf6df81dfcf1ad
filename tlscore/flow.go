package tlscore

import "colibri/tlscore/wire"

// state is where a connection stands. States in which we wait are named by the message they expect, those in which we
// have to send by the message they send.
type state uint8

const (
	idle state = iota // not in use

	expectClientHello
	sendHelloRetryRequest
	expectSecondClientHello
	sendServerHello
	sendEncryptedExtensions
	sendCertificateRequest
	sendCertificate
	sendCertificateVerify
	sendFinished
	expectClientCertificate
	expectClientCertificateVerify
	expectEndOfEarlyData // see earlyserver13.go; from here on a server may answer early data
	expectClientFinished
	sendNewSessionTicket

	sendClientHello
	expectServerHello
	sendSecondClientHello
	expectEncryptedExtensions
	expectCertificateRequest // or, if the server does not ask, its Certificate
	expectServerCertificate
	expectServerCertificateVerify
	expectServerFinished
	sendEndOfEarlyData // see earlyclient13.go
	sendClientCertificate
	sendClientCertificateVerify
	sendClientFinished

	established
)

// row says what happens to one message in one state: a message that no row names is refused with unexpected_message.
type row struct {
	state   state
	message wire.MessageType

	// receive works on a whole message, header included, that the peer sent; send makes the message. Each returns the
	// next state. One of them is nil.
	receive func(c *Conn, msg []byte) (state, error)
	send    func(c *Conn) (state, error)

	clause string // where the message is specified
}

// role is what a connection does by its role and version. A program links only those it uses.
type role struct {
	flow []row // Config.EarlyData and Config.Tickets each add a row, Config.CertificateCompression one for each state with a Certificate

	forget func(c *Conn) // lets go of the connection's sessions when it ends; nil if it has none

	// A client's.
	name func(c *Conn, v *Verifier) // has v compare the names of the peer's certificate with the server's
	room func(c *Conn) int          // how much more than MinBuffer is to be sent next, in bytes
}

// server13 is the server of TLS 1.3 (RFC 8446, appendix A.2).
var server13 = role{flow: []row{
	{expectClientHello, wire.TypeClientHello, (*Conn).receiveClientHello, nil, "RFC 8446, 4.1.2"},
	{sendHelloRetryRequest, wire.TypeServerHello, nil, (*Conn).sendHelloRetryRequest, "RFC 8446, 4.1.4"},
	{expectSecondClientHello, wire.TypeClientHello, (*Conn).receiveSecondClientHello, nil, "RFC 8446, 4.1.2"},
	{sendServerHello, wire.TypeServerHello, nil, (*Conn).sendServerHello, "RFC 8446, 4.1.3"},
	{sendEncryptedExtensions, wire.TypeEncryptedExtensions, nil, (*Conn).sendEncryptedExtensions, "RFC 8446, 4.3.1"},
	{sendCertificateRequest, wire.TypeCertificateRequest, nil, (*Conn).sendCertificateRequest, "RFC 8446, 4.3.2"},
	{sendCertificate, wire.TypeCertificate, nil, (*Conn).sendCertificate, "RFC 8446, 4.4.2"},
	{sendCertificateVerify, wire.TypeCertificateVerify, nil, (*Conn).sendCertificateVerify, "RFC 8446, 4.4.3"},
	{sendFinished, wire.TypeFinished, nil, (*Conn).sendFinished, "RFC 8446, 4.4.4"},
	{expectClientCertificate, wire.TypeCertificate, (*Conn).receiveCertificate, nil, "RFC 8446, 4.4.2"},
	{expectClientCertificateVerify, wire.TypeCertificateVerify, (*Conn).receiveCertificateVerify, nil, "RFC 8446, 4.4.3"},
	{expectClientFinished, wire.TypeFinished, (*Conn).receiveFinished, nil, "RFC 8446, 4.4.4"},
	{established, wire.TypeKeyUpdate, (*Conn).receiveKeyUpdate, nil, "RFC 8446, 4.6.3"},
}}

// client13 is the client of TLS 1.3 (RFC 8446, appendix A.1).
var client13 = role{name: (*Conn).expectName, room: (*Conn).clientRoom, forget: (*Conn).forgetSessions, flow: []row{
	{sendClientHello, wire.TypeClientHello, nil, (*Conn).sendClientHello, "RFC 8446, 4.1.2"},
	{expectServerHello, wire.TypeServerHello, (*Conn).receiveServerHello, nil, "RFC 8446, 4.1.3"},
	{sendSecondClientHello, wire.TypeClientHello, nil, (*Conn).sendSecondClientHello, "RFC 8446, 4.1.2"},
	{expectEncryptedExtensions, wire.TypeEncryptedExtensions, (*Conn).receiveEncryptedExtensions, nil, "RFC 8446, 4.3.1"},
	{expectCertificateRequest, wire.TypeCertificateRequest, (*Conn).receiveCertificateRequest, nil, "RFC 8446, 4.3.2"},
	{expectCertificateRequest, wire.TypeCertificate, (*Conn).receiveServerCertificate, nil, "RFC 8446, 4.4.2"},
	{expectServerCertificate, wire.TypeCertificate, (*Conn).receiveServerCertificate, nil, "RFC 8446, 4.4.2"},
	{expectServerCertificateVerify, wire.TypeCertificateVerify, (*Conn).receiveCertificateVerify, nil, "RFC 8446, 4.4.3"},
	{expectServerFinished, wire.TypeFinished, (*Conn).receiveServerFinished, nil, "RFC 8446, 4.4.4"},
	{sendClientCertificate, wire.TypeCertificate, nil, (*Conn).sendClientCertificate, "RFC 8446, 4.4.2"},
	{sendClientCertificateVerify, wire.TypeCertificateVerify, nil, (*Conn).sendCertificateVerify, "RFC 8446, 4.4.3"},
	{sendClientFinished, wire.TypeFinished, nil, (*Conn).sendClientFinished, "RFC 8446, 4.4.4"},
	{established, wire.TypeNewSessionTicket, (*Conn).receiveNewSessionTicket, nil, "RFC 8446, 4.6.1"},
	{established, wire.TypeKeyUpdate, (*Conn).receiveKeyUpdate, nil, "RFC 8446, 4.6.3"},
}}

// rowFor returns the row of a message that came now, nil if it is not welcome.
func (c *Conn) rowFor(t wire.MessageType) *row { return c.find(t, false) }

// sendRow returns the row of what is to be sent now, nil if we wait for the peer.
func (c *Conn) sendRow() *row { return c.find(0, true) }

// find returns the row of this state that sends, or else that receives messages of type t; first of all one that the configuration has
// added.
func (c *Conn) find(t wire.MessageType, sends bool) *row {
	if r := c.addedRow(); r != nil && r.fits(t, sends) {
		return r
	}
	for i := range c.role.flow {
		if r := &c.role.flow[i]; r.state == c.state && r.fits(t, sends) {
			return r
		}
	}
	return nil
}

func (r *row) fits(t wire.MessageType, sends bool) bool {
	if sends {
		return r.send != nil
	}
	return r.receive != nil && r.message == t
}

// addedRow returns the row of this state, if it is one that the configuration has added.
func (c *Conn) addedRow() *row {
	switch c.state {
	case expectEndOfEarlyData, sendEndOfEarlyData:
		return c.cfg.EarlyData.row
	case sendNewSessionTicket:
		return c.cfg.Tickets.server.row
	}
	if k := c.cfg.CertificateCompression; k != nil {
		return k.row(c)
	}
	return nil
}

// sending reports whether there is something to send before we listen again.
func (c *Conn) sending() bool { return c.state != idle && c.sendRow() != nil }
