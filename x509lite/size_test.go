package x509lite

import (
	"testing"
	"unsafe"
)

// TestSizes holds the structures to the budget of a 32-bit device. It says something under GOARCH=386.
func TestSizes(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 4 {
		t.Skip("sizes are promised for 32 bits: run with GOARCH=386")
	}
	for _, s := range []struct {
		name       string
		size, most uintptr
	}{
		{"Certificate", unsafe.Sizeof(Certificate{}), 256},
		{"Verifier", unsafe.Sizeof(Verifier{}), 1024},
		{"Anchor", unsafe.Sizeof(Anchor{}), 48},
		{"Options", unsafe.Sizeof(Options{}), 96},
		{"CRLStream", unsafe.Sizeof(CRLStream{}), 1024},
		{"PublicKey", unsafe.Sizeof(PublicKey{}), 32},
	} {
		t.Logf("%-12s %4d bytes", s.name, s.size)
		if s.size > s.most {
			t.Errorf("%s: %d bytes, more than %d", s.name, s.size, s.most)
		}
	}
}
