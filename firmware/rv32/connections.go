//go:build tinygo && (!subset || tls)

package main

import (
	"strings"
	"unsafe"

	"colibri/firmware/rv32/handshakes"
	"colibri/firmware/rv32/measure"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// total is what the calls of a connection's methods cost.
type total struct {
	measure.Cost        // the sums, but for the stack, which is the deepest
	longest      uint32 // instructions of the longest call
	fits         bool
}

// call counts op.
func (t *total) call(op func()) {
	c, fits := measure.Run(op)
	t.fits = t.fits && fits
	t.Insns += c.Insns
	t.Bytes += c.Bytes
	t.Allocs += c.Allocs
	t.Stack = max(t.Stack, c.Stack)
	t.longest = max(t.longest, c.Insns)
}

// begin starts a line of results.
func (t *total) begin(name string) {
	write("Benchmark" + name + "\t1")
	value(t.Insns, "insns/op")
	value(t.longest, "longest-insns")
	value(t.Stack, "stack-B/op")
	value(t.Bytes, "B/op")
	value(t.Allocs, "allocs/op")
}

func init() { connections = runConnections }

// runConnections measures the scenarios and the verification of a certificate.
func runConnections() (cases int, ok bool) {
	header("pkg", "colibri/tlscore")
	f, err := handshakes.Load()
	if err != nil {
		line("--- FAIL: the fixtures: " + err.Error())
		return 0, false
	}
	ok = true
	for i := range handshakes.Scenarios {
		if s := &handshakes.Scenarios[i]; strings.Contains(s.Name, match) {
			ok = runScenario(s, f, i) && ok
			cases++
		}
	}
	if strings.Contains(verifyName, match) {
		ok = runVerify(f) && ok
		cases++
	}
	return cases, ok
}

// runScenario measures one connection.
func runScenario(s *handshakes.Scenario, f *handshakes.Fixtures, i int) bool {
	said, data := handshakes.Recorded(handshakes.Recording, i)
	c, err := s.Open(f, said, data)
	if err != nil {
		line("--- FAIL: " + s.Name + ": " + err.Error())
		return false
	}
	t := &total{fits: true}
	done := c.Handshake(t.call)
	if s.Data > 0 {
		*t = total{fits: t.fits}
		done = done && c.Receive(t.call)
		if done && t.fits {
			t.begin("Receive" + s.Name)
			line("")
		}
		*t = total{fits: t.fits}
		done = done && c.Send(t.call)
	}
	switch {
	case !t.fits:
		line("--- FAIL: " + s.Name + ": stack overflow")
		return false
	case !done:
		why := "the peer went on too early or too late"
		if err := c.Err(); err != nil {
			why = err.Error()
		}
		line("--- FAIL: " + s.Name + ": " + why)
		return false
	}
	if s.Data > 0 {
		t.begin("Send" + s.Name)
	} else {
		t.begin(s.Name)
		// All in: the connection, the handshake, two buffers, the verifier, and the stack of the deepest call.
		footprint := c.Memory.Footprint(1)
		value(uint32(footprint.Handshake)+t.Stack, "ram-B")
		value(uint32(footprint.Idle), "idle-B")
	}
	line("")
	c.Close()
	return true
}

const verifyName = "VerifyChain/key=ecdsa/depth=1"

// runVerify measures the verification of a client's certificate.
func runVerify(f *handshakes.Fixtures) bool {
	v := new(x509lite.Verifier)
	o := &x509lite.Options{Anchors: &f.Anchors, Crypto: new(signature.Verifier), Now: handshakes.Now, Usage: x509lite.UsageClient}
	t := &total{fits: true}
	t.call(func() { failed = v.Verify(o, f.Client.Chain) })
	if failed != nil || !t.fits {
		line("--- FAIL: " + verifyName)
		return false
	}
	t.begin(verifyName)
	value(uint32(unsafe.Sizeof(*v)+unsafe.Sizeof(signature.Verifier{})), "ram-B")
	line("")
	return true
}

var failed error
