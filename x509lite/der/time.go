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
	saved := *c
	tag, _, b, ok := c.Any()
	var year int
	profiled = true
	switch {
	case ok && tag == UTCTime && len(b) == 13:
		year, ok = digits(b[:2])
		year += 1900
		if year < 1950 {
			year += 100
		}
		b = b[2:]
	case ok && tag == GeneralizedTime && len(b) == 15:
		year, ok = digits(b[:4])
		ok = ok && year > 0
		profiled = year < 1950 || year > 2049
		b = b[4:]
	default:
		ok = false
	}
	if ok {
		seconds, ok = clock(year, b)
	}
	if !ok {
		*c = saved
		return 0, false, false
	}
	return seconds, profiled, true
}

// clock reads MMDDHHMMSSZ.
func clock(year int, b []byte) (seconds int64, ok bool) {
	var field [5]int
	for i := range field {
		if field[i], ok = digits(b[2*i : 2*i+2]); !ok {
			return 0, false
		}
	}
	month, day, hour, minute, second := field[0], field[1], field[2], field[3], field[4]
	// A 60th second, a leap second, has no place in POSIX time and no certificate needs one.
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour > 23 || minute > 59 || second > 59 || b[10] != 'Z' {
		return 0, false
	}
	return Unix(year, month, day) + int64(hour*3600+minute*60+second), true
}

// digits reads b as decimal digits.
func digits(b []byte) (value int, ok bool) {
	for _, d := range b {
		if d < '0' || d > '9' {
			return 0, false
		}
		value = 10*value + int(d-'0')
	}
	return value, true
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// daysIn is the number of days of a month (1 to 12).
func daysIn(year, month int) int {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// Unix is the time at which a day of the proleptic Gregorian calendar begins, in seconds since
// 1970-01-01T00:00:00Z. The year is 1 to 9999, the month 1 to 12.
func Unix(year, month, day int) int64 {
	// Years are counted from March, so that the leap day is the last of its year; 719468 days lie between
	// 0000-03-01 and 1970-01-01.
	if month <= 2 {
		year--
		month += 12
	}
	days := 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
	return int64(days) * 86400
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
