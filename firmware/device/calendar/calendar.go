// Package calendar writes dates as people and protocols want them, without package time, which boards cannot
// afford: for stamps in the log and for the Date field of HTTP responses. The arithmetic is that of
// x509lite/der, which reads dates.
package calendar

import "colibri/x509lite/der"

// Date is an instant in UTC by the proleptic Gregorian calendar. Leap seconds are not counted, as Unix time
// does not.
type Date struct {
	Year                 int
	Month, Day           uint8 // from 1
	Weekday              uint8 // 0 is Sunday
	Hour, Minute, Second uint8
}

// Of returns the date of an instant in Unix seconds between the years 1970 and 9999; what lies outside is
// moved to the nearer end.
func Of(unix int64) Date {
	const last = 253402300799 // 9999-12-31T23:59:59Z
	unix = min(max(unix, 0), last)
	year, month, day, second := der.Date(unix)
	return Date{
		Year: year, Month: uint8(month), Day: uint8(day),
		Weekday: uint8((unix/86400 + 4) % 7), // 1970 began on a Thursday
		Hour:    uint8(second / 3600), Minute: uint8(second / 60 % 60), Second: uint8(second % 60),
	}
}

const (
	weekdays = "SunMonTueWedThuFriSat"
	months   = "JanFebMarAprMayJunJulAugSepOctNovDec"
)

// HTTPLen is the length of what HTTP writes.
const HTTPLen = 29

// HTTP writes the date as HTTP wants it (RFC 9110, section 5.6.7, IMF-fixdate), for instance "Sun, 06 Nov
// 1994 08:49:37 GMT".
func (d Date) HTTP(p *[HTTPLen]byte) {
	copy(p[:], "DDD, 00 MMM 0000 00:00:00 GMT")
	copy(p[:], weekdays[3*d.Weekday:][:3])
	two(p[5:], d.Day)
	copy(p[8:], months[3*(d.Month-1):][:3])
	two(p[12:], uint8(d.Year/100))
	two(p[14:], uint8(d.Year%100))
	d.clock(p[17:])
}

// StampLen is the length of what Stamp writes.
const StampLen = 19

// Stamp writes the date as a log wants it, for instance "Nov 23 10:00:00.123"; millis is the part below a
// second.
func (d Date) Stamp(p *[StampLen]byte, millis int) {
	copy(p[:], months[3*(d.Month-1):][:3])
	p[3], p[6], p[15] = ' ', ' ', '.'
	two(p[4:], d.Day)
	d.clock(p[7:])
	p[16] = '0' + byte(millis/100%10)
	two(p[17:], uint8(millis%100))
}

// clock writes "hh:mm:ss".
func (d Date) clock(p []byte) {
	two(p, d.Hour)
	two(p[3:], d.Minute)
	two(p[6:], d.Second)
	p[2], p[5] = ':', ':'
}

func two(p []byte, n uint8) { p[0], p[1] = '0'+n/10, '0'+n%10 }
