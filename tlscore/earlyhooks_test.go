package tlscore

import (
	"colibri/tlscore/record"
)

// What a peer that breaks the rules of early data does: tests of package tlscore_test have no other one that knows a ticket.

// Utter seals content into a record of type t under the key that c has at the moment, if there is room for it.
func Utter(c *Conn, t record.ContentType, content []byte) {
	if !c.out.borrow(c.mem, MinBuffer) || len(c.out.window(t)) < len(content) {
		return
	}
	c.out.fill += copy(c.out.window(t), content)
	c.out.contentType = t
	c.out.seal()
}

// AllowEarlyData makes a client believe that it may write n bytes more.
func AllowEarlyData(c *Conn, n int) { c.earlyLeft = n }

// Allow makes a client believe that the tickets it has are good for n bytes of early data.
func (s *Sessions) Allow(n int) {
	for i := range s.slots {
		s.slots[i].early = n
	}
}

// Recast makes a client believe that its sessions were made under another suite, of the same hash.
func (s *Sessions) Recast(id SuiteID) {
	for i := range s.slots {
		if s.slots[i].suite != nil {
			s.slots[i].suite = suiteByID(id)
		}
	}
}

// Pretend makes a server believe that early data was accepted, or a client that it was rejected.
func Pretend(c *Conn, o EarlyOutcome) { c.early = o }

// HideEndOfEarlyData puts a client behind its EndOfEarlyData, which it then never sends, once it has read the server's answer. While
// its window is lent, it does not go on.
func HideEndOfEarlyData(c *Conn) {
	c.rekey(&c.out.protection, &c.hs.clientSecret)
	c.state = sendClientFinished
}

// Stands reports whether the client waits to send EndOfEarlyData.
func Stands(c *Conn) bool { return c.state == sendEndOfEarlyData }
