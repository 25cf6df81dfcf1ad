package handshakes

// A recording is, for each of Scenarios in their order, what the peer says until the end of our handshake and what it says after,
// each with its length before it, 4 bytes, little-endian.

// AppendRecording adds a scenario to a recording.
func AppendRecording(all, handshake, data []byte) []byte {
	for _, p := range [...][]byte{handshake, data} {
		n := len(p)
		all = append(append(all, byte(n), byte(n>>8), byte(n>>16), byte(n>>24)), p...)
	}
	return all
}

// Recorded returns what the peer says in scenario number i, and how many bytes of it are after the handshake; "" if the recording
// is of something else.
func Recorded(all string, i int) (said string, data int) {
	for ; i >= 0; i-- {
		rest := all
		handshake, ok := next(&rest)
		after, ok2 := next(&rest)
		if !ok || !ok2 {
			return "", 0
		}
		said, data = handshake+after, len(after)
		all = rest
	}
	return said, data
}

// next cuts the next part off a recording.
func next(all *string) (part string, ok bool) {
	p := *all
	if len(p) < 4 {
		return "", false
	}
	n := int(p[0]) | int(p[1])<<8 | int(p[2])<<16 | int(p[3])<<24
	if n < 0 || n > len(p)-4 {
		return "", false
	}
	*all = p[4+n:]
	return p[4 : 4+n], true
}
