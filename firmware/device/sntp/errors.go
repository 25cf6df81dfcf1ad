package sntp

// Error is why an answer is not believed.
type Error uint8

// The errors of Answer.
const (
	_            Error = iota
	ErrUnasked         // no request waits for an answer, or the answer is not to it: forged, late, or sent twice
	ErrFormat          // shorter than 48 bytes, or not a server's answer in version 4
	ErrUnsynced        // the server does not know the time itself, or is too far from one that does
	ErrTimes           // the server's times contradict each other, or the time that the exchange took
	ErrFloor           // before the time of the build
	ErrStep            // further than MaxStep from the time that the clock is set to
	ErrDenied          // kiss-of-death DENY or RSTR: the server is not asked again
	ErrRate            // kiss-of-death RATE: the server is asked half as often from now on
	ErrKiss            // another kiss-of-death
	numberErrors       // how many there are
)

var texts = [numberErrors]string{
	ErrUnasked:  "sntp: an answer that nobody asked for",
	ErrFormat:   "sntp: not a server's answer",
	ErrUnsynced: "sntp: the server is not synchronized",
	ErrTimes:    "sntp: the server's times cannot be",
	ErrFloor:    "sntp: the server's time is before the build of this firmware",
	ErrStep:     "sntp: the server's time is too far from the clock's",
	ErrDenied:   "sntp: the server does not want to be asked",
	ErrRate:     "sntp: the server wants to be asked less often",
	ErrKiss:     "sntp: the server sends a kiss-of-death",
}

// Error implements error.
func (e Error) Error() string {
	if e >= numberErrors {
		return "sntp: unknown error"
	}
	return texts[e]
}
