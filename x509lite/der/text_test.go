package der

import (
	"testing"
	"unicode/utf8"
)

// TestUTF8: our check agrees with package unicode/utf8 on every string of four octets that has one of each class of
// octets in each place.
func TestUTF8(t *testing.T) {
	octets := []byte{0x00, 'a', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1,
		0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff}
	for _, a := range octets {
		for _, b := range octets {
			for _, c := range octets {
				for _, d := range octets {
					s := []byte{a, b, c, d}
					for n := range s {
						if isUTF8(s[:n+1]) != utf8.Valid(s[:n+1]) {
							t.Fatalf("%x: %v", s[:n+1], isUTF8(s[:n+1]))
						}
					}
				}
			}
		}
	}
}
