package device

import (
	"testing"
	"unsafe"

	"colibri/firmware/device/httpd"
)

// TestSize keeps an eye on what a connection costs while it is idle, on a 32-bit target (GOARCH=386): its
// slot, all told.
func TestSize(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 4 {
		t.Skip("sizes are asserted for 32 bits: GOARCH=386 go test")
	}
	var s slot
	t.Logf("slot %d: TLS %d, HTTP %d (session %d)", unsafe.Sizeof(s), unsafe.Sizeof(s.tls), unsafe.Sizeof(s.http), unsafe.Sizeof(s.http.Session))
	// Most of it is the session: the names and the fingerprint of the client (2*96+32 bytes) and its address
	// (48).
	const http = 400
	if n := unsafe.Sizeof(httpd.Conn{}); n > http {
		t.Errorf("httpd.Conn has %d bytes, more than %d", n, http)
	}
	if n := unsafe.Sizeof(s) - unsafe.Sizeof(s.tls) - unsafe.Sizeof(s.http); n > 96 {
		t.Errorf("the rest of a slot has %d bytes, more than 96", n)
	}
}
