package tlscore

import (
	"encoding/binary"
	"reflect"

	"colibri/tlscore/record"
)

// What the tests of package tlscore_test need to see of a connection's inside, or to change there.

// Age makes both ends believe that the key with which one sends and the other receives has protected n records.
func Age(from, to *Conn, n uint64) {
	for _, p := range []*record.Protection{&from.out.protection, &to.in.protection} {
		sequence := reflect.ValueOf(p).Elem().FieldByName("ad").Addr().UnsafePointer()
		binary.BigEndian.PutUint64((*[8]byte)(sequence)[:], n)
	}
}

// Sealed returns how many records the key of c has protected.
func Sealed(c *Conn) uint64 { return c.out.protection.Sequence() }

// SealLimit returns how many it may protect.
func SealLimit(c *Conn) uint64 { return c.out.protection.Cipher().SealLimit() }
