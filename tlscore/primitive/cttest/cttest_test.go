package cttest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"colibri/tlscore/primitive/subtle"
)

var reference = []byte("correct horse battery staple, 32")

// earlyExit is the classic leak: it compares until the first difference.
//
//go:noinline
func earlyExit(a, b []byte) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// squareAndMultiply skips the multiplication for zero bits of the exponent, like a careless modular
// exponentiation.
//
//go:noinline
func squareAndMultiply(exponent byte) uint32 {
	x := uint32(1)
	for i := 7; i >= 0; i-- {
		x *= x
		if exponent>>i&1 == 1 {
			x *= 3
		}
	}
	return x
}

var sink uint32

// TestFiresOnLeaksOnly: leaky functions are found and named, though they differ by few instructions or only
// by which; the comparison of package subtle is not.
func TestFiresOnLeaksOnly(t *testing.T) {
	leaks := Leaks(t,
		Op{"early exit", func(secret *[SecretSize]byte) func() {
			guess := slices.Clone(reference)
			guess[secret[0]%32] ^= 1
			return func() { earlyExit(reference, guess) }
		}},
		Op{"square and multiply", func(secret *[SecretSize]byte) func() {
			return func() { sink += squareAndMultiply(secret[0]) }
		}},
		Op{"subtle.Equal", func(secret *[SecretSize]byte) func() {
			return func() { subtle.Equal(reference, secret[:32]) }
		}},
		Op{"one or the other", func(secret *[SecretSize]byte) func() {
			return func() { sink += oneOrTheOther(secret[0]&1, 5, 6) }
		}},
	)
	if len(leaks) != 3 {
		t.Fatalf("%d operations reported as leaking instead of 3:\n%s", len(leaks), strings.Join(leaks, "\n"))
	}
	for i, function := range []string{"cttest.earlyExit", "cttest.squareAndMultiply", "cttest.oneOrTheOther"} {
		if !strings.Contains(leaks[i], function) {
			t.Errorf("report does not name %s:\n%s", function, leaks[i])
		}
	}
}

// oneOrTheOther executes as many instructions for one bit as for the other, but not the same ones.
//
//go:noinline
func oneOrTheOther(bit byte, a, b uint32) uint32 {
	if bit == 0 {
		return a ^ b
	}
	return a & b
}

func TestParseCountsOwnInstructions(t *testing.T) {
	const data = `version: 1
positions: instr line
events: Ir

fl=???
fn=colibri/a.outer
0x8049000 0 10
cfn=colibri/b.inner
calls=1 0x8049100 0
0x8049003 0 700
0x8049000 0 5

fn=colibri/b.inner
0x8049100 0 690
0x8049102 0 10
totals: 715
`
	got := parse([]byte(data))
	want := profile{
		0x8049000: {"colibri/a.outer", 15},
		0x8049100: {"colibri/b.inner", 690},
		0x8049102: {"colibri/b.inner", 10},
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
