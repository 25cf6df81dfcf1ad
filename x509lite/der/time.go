package der

// Time reads a Time as RFC 5280 4.1.2.5 profiles it and returns seconds since 1970-01-01T00:00:00Z: UTCTime
// YYMMDDHHMMSSZ for the years 1950 to 2049, GeneralizedTime YYYYMMDDHHMMSSZ for the others; always Zulu,
// always with seconds, never with a fraction. A GeneralizedTime of a year that UTCTime can express is
// refused, because 4.1.2.5 says that such dates MUST be UTCTime.
func (c *Cursor) Time() (seconds int64, ok bool) {
	saved := *c
	seconds, profiled, ok := c.AnyTime()
	if !ok || !profiled {
		*c = saved
		return 0, false
	}
	return seconds, true
}

// AnyTime is Time, but takes GeneralizedTime for all years, as in some roots of public CAs; profiled is false
// where Time would refuse.
func (c *Cursor) AnyTime() (seconds int64, profiled, ok bool) {
	rest := *c
	tag, _, b, _ := rest.Any()
	// As GeneralizedTime: pairs of digits for century, year, month, day, hour, minute and second, and Z.
	var text [15]byte
	switch {
	case tag == UTCTime && len(b) == 13:
		text[0], text[1] = '2', '0'
		if b[0] >= '5' {
			text[0], text[1] = '1', '9'
		}
		copy(text[2:], b)
	case tag == GeneralizedTime && len(b) == 15:
		copy(text[:], b)
	}
	var f [7]int
	for i := range f {
		tens, ones := text[2*i]-'0', text[2*i+1]-'0'
		n := 10*tens + ones
		if tens > 9 || ones > 9 || n > most[i] {
			return 0, false, false
		}
		f[i] = int(n)
	}
	year, month, day := 100*f[0]+f[1], f[2], f[3]
	first := days(year, month, 1)
	if year == 0 || month == 0 || day == 0 || day > days(year, month+1, 1)-first || text[14] != 'Z' {
		return 0, false, false
	}
	*c = rest
	seconds = int64(first+day-1)*86400 + int64(f[4]*3600+f[5]*60+f[6])
	return seconds, tag == UTCTime || year < 1950 || year > 2049, true
}

// most has the largest values of the pairs of digits in AnyTime. A 60th second, a leap second, has no place in POSIX
// time and no certificate needs one.
const most = "\x63\x63\x0c\x1f\x17\x3b\x3b"

// Unix is the time at which a day of the proleptic Gregorian calendar begins, in seconds since
// 1970-01-01T00:00:00Z. The year is 1 to 9999, the month 1 to 12.
func Unix(year, month, day int) int64 { return int64(days(year, month, day)) * 86400 }

// days counts the days from 1970-01-01. Month 13 is January of the next year.
func days(year, month, day int) int {
	// Years are counted from March, so that the leap day is the last of its year; 719468 days lie between
	// 0000-03-01 and 1970-01-01.
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
}

// Date is the inverse of Unix: the day in which an instant between the years 1 and 9999 falls, and the
// seconds of that day.
func Date(seconds int64) (year, month, day, second int) {
	days := seconds / 86400
	second = int(seconds % 86400)
	if second < 0 {
		second += 86400
		days--
	}
	// Within 400 years of 146097 days, counted from March: the inverse of the sum in Unix.
	n := int(days) + 719468
	era := n / 146097
	n -= era * 146097
	y := (n - n/1460 + n/36524 - n/146096) / 365
	n -= 365*y + y/4 - y/100
	m := (5*n + 2) / 153
	day = n - (153*m+2)/5 + 1
	year, month = y+era*400, m+3
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day, second
}
