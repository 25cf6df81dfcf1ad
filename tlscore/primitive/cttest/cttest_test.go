package cttest

import (
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

// squareAndMultiply skips the multiplication for zero bits of the exponent, like a careless modular exponentiation.
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

// TestFiresOnLeaksOnly: leaky functions are found and named, though they differ by a few instructions only; the comparison of
// package subtle is not.
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
	)
	if len(leaks) != 2 {
		t.Fatalf("%d operations reported as leaking instead of 2:\n%s", len(leaks), strings.Join(leaks, "\n"))
	}
	for i, function := range []string{"cttest.earlyExit", "cttest.squareAndMultiply"} {
		if !strings.Contains(leaks[i], function) {
			t.Errorf("report does not name %s:\n%s", function, leaks[i])
		}
	}
}

func TestParseCountsOwnInstructions(t *testing.T) {
	const data = `version: 1
events: Ir

fl=???
fn=colibri/a.outer
0 10
cfn=colibri/b.inner
calls=1 0
0 700
0 5

fn=colibri/b.inner
+3 690
fn=runtime.memmove
* 10
fn=runtime.schedule
0 1234
totals: 2648
`
	got := parse([]byte(data))
	want := profile{"colibri/a.outer": 15, "colibri/b.inner": 690, "runtime.memmove": 10}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for fn, n := range want {
		if got[fn] != n {
			t.Errorf("%s: %d instructions, want %d", fn, got[fn], n)
		}
	}
}
