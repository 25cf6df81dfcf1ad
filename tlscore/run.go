package tlscore

import (
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// maxUseless bounds how many records in a row may be of no use: empty ones, change_cipher_spec, KeyUpdates, warnings. Each makes work
// for us and next to none for the peer; crypto/tls stops at 16 and BoringSSL at 32. Warning alerts, of which nobody has a reason to send
// more than one, count alertWeight times: both libraries stop at 4.
const (
	maxUseless  = 32
	alertWeight = 8
)

// maxEarlyData bounds the early data that is skipped, in bytes of ciphertext. BoringSSL allows as much. A client sends early data only if a
// server has allowed it, and ours allows none without Config.EarlyData, and never so much.
const maxEarlyData = 1 << 14

// maxMessage is the longest length that a handshake message can have: its field has 24 bits.
const maxMessage = wire.HeaderSize + 1<<24 - 1

// errNoRoom makes a state that sends wait until the transport has taken what stands before; it never leaves the package.
const errNoRoom Error = numErrors

// run goes on as far as what was received and the room to send allow.
func (c *Conn) run() {
	c.worked, c.later = false, false
	for c.err == nil && c.state != idle {
		progress, err := c.step()
		switch {
		case err == nil:
		case is(err, errLater):
			c.later = true
		case is(err, errWaiting):
			c.out.release(c.mem)
		default:
			c.fail(err)
		}
		if !progress {
			return
		}
	}
}

// step sends one message or works on one record; it reports whether there may be more to do.
func (c *Conn) step() (progress bool, err error) {
	if c.keyUpdate == keyUpdateOwed && !c.closed && !c.out.lent {
		if progress, err = c.stepSend((*Conn).sendKeyUpdate); progress || err != nil {
			return progress, err
		}
	}
	if r := c.sendRow(); r != nil {
		if c.out.lent {
			return false, nil // Early data, or the answer to it, is being written.
		}
		return c.stepSend(r.send)
	}
	if size, whole := wire.Split(c.in.handshakeBytes()); whole {
		err := c.receiveMessage(c.in.handshakeBytes()[:size])
		return err == nil, err
	}
	rec, whole, err := c.in.complete()
	if whole && err == nil && !c.peerClosed {
		return true, c.receiveRecord(rec)
	}
	if err == nil && c.eof && !c.peerClosed && c.in.plaintext == nil {
		if err = ErrClosedEarly; c.HandshakeDone() {
			err = ErrTruncated
		}
	}
	return false, err
}

// stepSend runs a handler that sends, unless it has to wait for a buffer or for the transport.
func (c *Conn) stepSend(send func(*Conn) (state, error)) (progress bool, err error) {
	room := c.sendRoom()
	if room > c.mem.Largest() {
		return false, ErrPoolTooSmall
	}
	if !c.out.borrow(c.mem, room) {
		return false, nil
	}
	next, err := send(c)
	if is(err, errNoRoom) {
		if c.out.seal(); c.out.empty() {
			return false, ErrPoolTooSmall
		}
		return false, nil
	}
	if err != nil {
		if is(err, errLater) || is(err, errWaiting) {
			c.out.seal() // What stands before is no longer held up.
		}
		return false, err
	}
	c.enter(next)
	return true, nil
}

// sendRoom returns the size of a buffer that certainly holds what is to be sent next, or of which the pool has nothing smaller.
func (c *Conn) sendRoom() int {
	switch {
	case c.role.room != nil:
		return MinBuffer + c.role.room(c)
	case c.state == sendServerHello && c.group == X25519MLKEM768:
		return MinBuffer + c.group.answerSize()
	}
	return MinBuffer
}

func (c *Conn) enter(next state) {
	done := next == established && c.state != established
	c.state = next
	if done {
		c.useless, c.tickets = 0, 0
		c.event(Event{Kind: EventHandshakeDone})
		c.releaseHandshake()
	}
}

// receiveMessage hands a whole handshake message to the row of the flow table that expects it.
func (c *Conn) receiveMessage(msg []byte) error {
	r := c.rowFor(wire.MessageType(msg[0]))
	if r == nil || r.message == changeCipherSpec { // That is a record, and no message may pass for it.
		return ErrUnexpectedMessage
	}
	if !c.HandshakeDone() && !c.borrowHandshake() {
		return errWaiting
	}
	next, err := r.receive(c, msg)
	if err != nil {
		return err
	}
	if next != sendServerHello { // which reads the ClientHello again
		c.in.dropMessage(len(msg), c.mem)
	}
	c.enter(next)
	return nil
}

// receiveRecord opens the record under way and passes on what is in it.
func (c *Conn) receiveRecord(rec []byte) error {
	t, n, err := record.ParseHeader(rec)
	if err != nil {
		return err
	}
	if c.tls12 && rec[2] != 3 {
		return ErrRecordVersion // RFC 5246, section 6.2.1; in TLS 1.3 it means nothing.
	}
	content := rec[record.HeaderSize : record.HeaderSize+n]
	switch {
	case t == record.ChangeCipherSpec:
		return c.receiveChangeCipherSpec(content)
	case c.in.protection.Cipher() == record.None:
		if t == record.ApplicationData {
			return c.skipEarlyData(n, ErrUnexpectedRecord)
		}
		if n > record.MaxPlaintext {
			return record.ErrOverflow
		}
	case t == record.ApplicationData || c.tls12:
		if t, content, err = c.in.protection.Open(rec); is(err, record.ErrBadMAC) {
			return c.skipEarlyData(n, err)
		} else if err != nil {
			return err
		}
		if c.early.rejected() {
			c.earlyLeft = 0 // The first record that is not skipped ends it.
		}
		if t == record.ChangeCipherSpec {
			return ErrUnexpectedRecord
		}
	case t == record.Alert && c.refusedInTheClear(content):
		// It ends the connection, below.
	default:
		return record.ErrUnprotected
	}
	switch t {
	case record.Handshake:
		return c.receiveFragment(content)
	case record.Alert:
		return c.receiveAlert(content)
	case record.ApplicationData:
		return c.receivePlaintext(content)
	}
	return ErrUnexpectedRecord
}

// refusedInTheClear reports whether content is an alert that may come unprotected although keys are there: a client that
// fails on our ServerHello has none to protect its alert with. What is not fatal nobody has a reason to say so.
func (c *Conn) refusedInTheClear(content []byte) bool {
	return !c.client && !c.HandshakeDone() && c.in.protection.Sequence() == 0 && len(content) == 2 &&
		Alert(content[1]) != AlertCloseNotify && Alert(content[1]) != AlertUserCanceled
}

// skipEarlyData drops a record of n bytes of early data that we cannot read (RFC 8446, section 4.2.10), if the client
// announced some and it is not too much; otherwise it fails with err.
func (c *Conn) skipEarlyData(n int, err error) error {
	switch {
	case n == 0 || c.earlyLeft == 0 || !c.early.rejected():
		return err
	case n > c.earlyLeft:
		return ErrTooMuchEarlyData
	}
	c.earlyLeft -= n
	c.in.dropRecord(c.mem)
	return nil
}

// receiveFragment takes a part of the stream of handshake messages.
func (c *Conn) receiveFragment(content []byte) error {
	if len(content) == 0 {
		return ErrEmptyFragment
	}
	c.in.joinHandshake(content)
	if size, whole := wire.Split(c.in.handshakeBytes()); size > c.longestMessage() || !whole && size > c.mem.Largest()-record.HeaderSize {
		return ErrMessageTooLong
	}
	return nil
}

// longestMessage returns how long a message may be that comes now, by our configuration; what the buffers hold is another matter.
func (c *Conn) longestMessage() int {
	if most := int(c.cfg.MaxClientHello); most > 0 && (c.state == expectClientHello || c.state == expectSecondClientHello) {
		return most
	}
	return maxMessage
}

// receiveChangeCipherSpec ignores the record that middlebox compatibility mode wants, where it may stand: between the
// first ClientHello and the client's Finished (RFC 8446, section 5).
func (c *Conn) receiveChangeCipherSpec(content []byte) error {
	if c.state == expectClientHello || c.state == established || len(content) != 1 || content[0] != 1 {
		return ErrUnexpectedRecord
	}
	if len(c.in.handshakeBytes()) > 0 {
		return ErrInterleaved
	}
	if c.tls12 {
		return c.receiveChangeOfKeys()
	}
	c.in.dropRecord(c.mem)
	return c.countUseless(1)
}

// receiveChangeOfKeys hands the record to the row of the flow table that expects it: in TLS 1.2 it is a message like others.
func (c *Conn) receiveChangeOfKeys() error {
	r := c.rowFor(changeCipherSpec)
	if r == nil {
		return ErrUnexpectedRecord
	}
	next, err := r.receive(c, nil)
	if err != nil {
		return err
	}
	c.in.dropRecord(c.mem)
	c.enter(next)
	return nil
}

// receiveAlert acts on an alert (RFC 8446, section 6): all but two end the connection, whatever their level says. In TLS 1.2 those of
// warning level do not (RFC 5246, section 7.2), nor while it is open which version it will be.
func (c *Conn) receiveAlert(content []byte) error {
	if len(content) == 0 {
		return ErrEmptyFragment
	}
	if len(content) != 2 {
		return ErrMalformedAlert
	}
	a := Alert(content[1])
	const warning = 1
	mild := a == AlertUserCanceled || content[0] == warning && a != AlertCloseNotify &&
		(c.tls12 || c.state == expectServerHello && c.cfg.TLS12 != nil)
	if mild && len(c.in.handshakeBytes()) > 0 {
		return ErrInterleaved
	}
	c.event(Event{Kind: EventAlertReceived, Alert: a})
	switch {
	case mild:
		c.in.dropRecord(c.mem)
		return c.countUseless(alertWeight)
	case a == AlertCloseNotify:
		if !c.HandshakeDone() {
			return ErrClosedEarly
		}
		c.peerClosed = true
		c.in.drop(c.mem)
		return nil
	}
	return PeerAlert(a)
}

// receivePlaintext keeps application data for ReadWindow.
func (c *Conn) receivePlaintext(content []byte) error {
	if !c.HandshakeDone() && c.state != expectEndOfEarlyData {
		return ErrUnexpectedRecord
	}
	if len(c.in.handshakeBytes()) > 0 {
		return ErrInterleaved
	}
	if c.state == expectEndOfEarlyData {
		if len(content) > c.earlyLeft {
			return ErrTooMuchEarlyData
		}
		c.earlyLeft -= len(content)
	}
	if len(content) == 0 {
		c.in.dropRecord(c.mem)
		return c.countUseless(1)
	}
	c.useless, c.tickets = 0, 0
	c.in.plaintext = content
	return nil
}

func (c *Conn) countUseless(weight uint8) error { return count(&c.useless, weight) }

// count adds to one of the counts that maxUseless bounds.
func count(n *uint8, weight uint8) error {
	if *n += weight; *n > maxUseless {
		return ErrUselessRecords
	}
	return nil
}

// message returns a builder for the next handshake message, in the open record.
func (c *Conn) message() wire.Builder { return wire.NewBuilder(c.out.window(record.Handshake)) }

// appendMessage adds the message that was built to the transcript and to the open record.
func (c *Conn) appendMessage(b *wire.Builder) error {
	if b.Overflowed() {
		return errNoRoom
	}
	c.hs.transcript.Write(b.Written())
	c.out.append(b.Len())
	return nil
}

// lastUnderKey reports an error if handshake bytes follow msg: after it the peer's keys change, and a record must not hold
// bytes under both (RFC 8446, section 5.1).
func (c *Conn) lastUnderKey(msg []byte) error {
	if len(c.in.handshakeBytes()) != len(msg) {
		return ErrKeyChangeInMessage
	}
	return nil
}
