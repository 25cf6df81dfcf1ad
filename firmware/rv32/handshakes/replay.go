package handshakes

import "colibri/tlscore"

// Connection is our end of a scenario and what the other one says.
type Connection struct {
	Scenario *Scenario
	Memory   tlscore.PoolConfig

	conn   tlscore.Conn
	pool   *tlscore.Pool
	config *tlscore.Config
	peer   string // what the peer has to say, from the beginning
	data   int    // where in it the record begins that follows the handshake
	sent   int    // bytes that were put into the record back

	window []byte // the last result of a call
	err    error
}

// Open prepares a connection: recorded is what the peer says, of which the last data bytes follow the handshake. It takes
// all the memory.
func (s *Scenario) Open(f *Fixtures, recorded string, data int) (*Connection, error) {
	cfg, err := s.Config(f)
	if err != nil {
		return nil, err
	}
	c := &Connection{Scenario: s, Memory: s.PoolConfig(), config: cfg, peer: recorded, data: len(recorded) - data}
	c.pool, err = tlscore.NewPool(c.Memory)
	return c, err
}

// Handshake lets our end go through its handshake. Each of its calls that may do work goes through call, which has to
// call its argument once. It reports whether the handshake came to its end, with nothing left to be sent.
func (c *Connection) Handshake(call func(op func())) bool {
	call(func() {
		if c.Scenario.Client {
			c.err = c.conn.Client(c.config, c.pool, ServerName)
		} else {
			c.err = c.conn.Server(c.config, c.pool)
		}
	})
	said := 0
	for c.err == nil && c.conn.Err() == nil {
		if c.exchange(call, &said, c.data) {
			continue
		}
		return c.conn.HandshakeDone() && said == c.data
	}
	return false
}

// exchange makes the next call, and reports whether there was one to make. The peer's bytes up to end may be heard.
func (c *Connection) exchange(call func(op func()), said *int, end int) bool {
	if c.conn.Working() {
		call(c.conn.Work)
		return true
	}
	if n := len(c.conn.SendWindow()); n > 0 {
		call(func() { c.conn.Sent(n) })
		return true
	}
	if *said == end {
		return false
	}
	call(func() { c.window = c.conn.RecvWindow() })
	n := copy(c.window, c.peer[*said:end])
	if n == 0 {
		return false
	}
	*said += n
	call(func() { c.conn.Received(n) })
	return true
}

// Receive lets our end receive the peer's record, after Handshake.
func (c *Connection) Receive(call func(op func())) bool {
	said, got := c.data, 0
	for c.conn.Err() == nil {
		if n := len(c.conn.ReadWindow()); n > 0 {
			got += n
			call(func() { c.conn.Consumed(n) })
		} else if !c.exchange(call, &said, len(c.peer)) {
			return got == c.Scenario.Data
		}
	}
	return false
}

// Send lets our end send a record of the same size, after Handshake.
func (c *Connection) Send(call func(op func())) bool {
	for c.sent = 0; c.sent < c.Scenario.Data; {
		call(func() { c.window = c.conn.WriteWindow() })
		n := min(len(c.window), c.Scenario.Data-c.sent)
		if n == 0 {
			return false
		}
		clear(c.window[:n])
		c.sent += n
		call(func() { c.conn.Written(n) })
		call(c.conn.Flush)
		for {
			n := len(c.conn.SendWindow())
			if n == 0 {
				break
			}
			call(func() { c.conn.Sent(n) })
		}
	}
	return c.conn.Err() == nil
}

// Close gives back what the connection has borrowed.
func (c *Connection) Close() { c.conn.Release() }

// Err returns why the connection did not come to its end, if it says so itself.
func (c *Connection) Err() error {
	if c.err != nil {
		return c.err
	}
	return c.conn.Err()
}
