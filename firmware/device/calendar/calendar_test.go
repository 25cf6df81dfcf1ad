package calendar

import (
	"net/http"
	"testing"
	"time"
)

func TestAgainstPackageTime(t *testing.T) {
	check := func(unix int64) {
		t.Helper()
		want := time.Unix(unix, 0).UTC()
		d := Of(unix)
		var h [HTTPLen]byte
		d.HTTP(&h)
		if got := string(h[:]); got != want.Format(http.TimeFormat) {
			t.Fatalf("%d: %q, want %q", unix, got, want.Format(http.TimeFormat))
		}
		var s [StampLen]byte
		d.Stamp(&s, 7)
		if got := string(s[:]); got != want.Format("Jan 02 15:04:05")+".007" {
			t.Fatalf("%d: stamp %q, want %q", unix, got, want.Format("Jan 02 15:04:05"))
		}
	}
	const day = 24 * 60 * 60
	for d := int64(0); d < 8030*366; d += 5 { // days of the whole calendar, at another time of day each
		if unix := d*day + d*7919%day; unix <= 253402300799 {
			check(unix)
		}
	}
	check(253402300799)
}

func TestOutside(t *testing.T) {
	if Of(-1) != Of(0) || Of(1<<62).Year != 9999 {
		t.Error("what lies outside is not moved to the nearer end")
	}
}
