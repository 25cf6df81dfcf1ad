package x509lite

import "colibri/x509lite/der"

// Host is the name that a peer must have: a host name or an IP address. The zero value matches no certificate.
type Host struct {
	name  string // without a last dot, if it is not an address
	ip    [16]byte
	ipLen uint8 // 0, 4 or 16

	// matches is a function value so that programs in which nobody calls Set need not contain what compares names.
	matches func(h *Host, c *Certificate, legacyCN bool) (ok, usedCN bool)
}

// Set sets the name: a host name in A-labels (RFC 5280 7.2), with or without a dot at the end, or an IP address (IPv4 in dotted
// decimal, or IPv6 as in RFC 4291 2.2, without brackets or zone). It returns false if name is neither; then Verify fails with
// ErrName.
func (h *Host) Set(name string) bool {
	*h = Host{}
	switch {
	case parseIPv4(h.ip[:4], name):
		h.ipLen = 4
	case parseIPv6(&h.ip, name):
		h.ipLen = 16
	default:
		if n := len(name) - 1; n > 0 && name[n] == '.' {
			name = name[:n]
		}
		if !isHostString(name) {
			return false
		}
	}
	h.name, h.matches = name, (*Host).match
	return true
}

// isHostString is isHost for a string, a label at a time so that nothing is converted on the heap.
func isHostString(s string) bool {
	if len(s) == 0 || len(s) > 253 {
		return false
	}
	var b [253]byte
	return isHost(b[:copy(b[:], s)])
}

// parseIPv4 reads exactly four decimal numbers up to 255 without leading zeros (RFC 3986 3.2.2, dec-octet).
func parseIPv4(out []byte, s string) bool {
	for i := range out {
		if i > 0 {
			if len(s) == 0 || s[0] != '.' {
				return false
			}
			s = s[1:]
		}
		value, n := 0, 0
		for n < len(s) && n < 3 && '0' <= s[n] && s[n] <= '9' {
			value = 10*value + int(s[n]-'0')
			n++
		}
		if n == 0 || value > 255 || n > 1 && s[0] == '0' {
			return false
		}
		out[i], s = byte(value), s[n:]
	}
	return len(s) == 0
}

// parseIPv6 reads the three forms of RFC 4291 2.2: eight groups, "::" for some of them, an IPv4 address for
// the last two.
func parseIPv6(out *[16]byte, s string) bool {
	*out = [16]byte{}
	at, gap := 0, -1
	if len(s) >= 2 && s[0] == ':' && s[1] == ':' {
		gap, s = 0, s[2:]
	}
	for len(s) > 0 {
		if at == 16 {
			return false
		}
		if at <= 12 && parseIPv4(out[at:at+4], s) {
			at += 4
			break
		}
		value, n := 0, 0
		for n < len(s) && n < 4 {
			d := hexDigit(s[n])
			if d < 0 {
				break
			}
			value = value<<4 | d
			n++
		}
		if n == 0 {
			return false
		}
		out[at], out[at+1] = byte(value>>8), byte(value)
		at, s = at+2, s[n:]
		if len(s) == 0 {
			break
		}
		if s[0] != ':' || len(s) == 1 {
			return false
		}
		s = s[1:]
		if s[0] == ':' {
			if gap >= 0 {
				return false
			}
			gap, s = at, s[1:]
		}
	}
	if gap < 0 {
		return at == 16
	}
	if at == 16 {
		return false // "::" stands for at least one group
	}
	tail := at - gap
	copy(out[16-tail:], out[gap:at])
	for i := gap; i < 16-tail; i++ {
		out[i] = 0
	}
	return true
}

func hexDigit(c byte) int {
	switch c = lower(c); {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// match looks in c for a dNSName or an iPAddress of subjectAltName (RFC 9525
// 6), or, if legacyCN allows it and there are no such names, for a commonName (RFC 6125 6.4.4, which RFC
// 9525 has withdrawn); usedCN tells the latter.
func (h *Host) match(c *Certificate, legacyCN bool) (ok, usedCN bool) {
	identifiers := false
	names, _ := der.Only(c.san, der.Sequence)
	for !names.Empty() {
		tag, _, name, ok := names.Any()
		if !ok {
			return false, false
		}
		switch tag {
		case nameDNS:
			identifiers = true
			if h.ipLen == 0 && matchHost(name, h.name) {
				return true, false
			}
		case nameIP:
			identifiers = true
			if h.ipLen != 0 && same(name, h.ip[:h.ipLen]) {
				return true, false
			}
		}
	}
	if !legacyCN || identifiers || h.ipLen != 0 {
		return false, false
	}
	cn, count := commonName(c.Subject)
	return count == 1 && isHost(cn) && matchHost(cn, h.name), true
}

// CoversHost reports whether a dNSName of subjectAltName is for host, a name in A-labels without a dot at the end. A server with
// several certificates uses it to find the one that a client asks for. To verify a peer's name use Verifier, with Options.Name.
func (c *Certificate) CoversHost(host []byte) bool {
	names, ok := der.Only(c.san, der.Sequence)
	for ok && !names.Empty() {
		var tag der.Tag
		var name []byte
		if tag, _, name, ok = names.Any(); tag == nameDNS && matchHost(name, host) {
			return true
		}
	}
	return false
}

// matchHost compares a dNSName with a host name without regard to ASCII case (RFC 9525 6.3). A wildcard is
// the whole left-most label of the dNSName, stands for exactly one label, and at least two labels follow it:
// the one just below the root, the top-level domains, belong to registries, and no one certificate may cover
// all of them (CA/Browser Forum, 3.2.2.6).
func matchHost[Text string | []byte](pattern []byte, host Text) bool {
	if base := trimWildcard(pattern); len(base) != len(pattern) {
		first := len(until(host, "."))
		if first == 0 || first == len(host) || len(until(base, ".")) == len(base) {
			return false
		}
		pattern, host = base, host[first+1:]
	}
	return sameHost(pattern, host)
}

// sameHost compares without regard to ASCII case.
func sameHost[Text string | []byte](a []byte, b Text) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

const oidCommonName = "\x55\x04\x03" // id-at-commonName, 2.5.4.3

// commonName is the last commonName in a Name, which is the most specific one, and how many there are.
func commonName(name []byte) (cn []byte, count int) {
	var a nameReader
	for a.begin(name); !a.end(); {
		if !a.next() {
			return nil, 0
		}
		if equal(a.oid, oidCommonName) && (asciiBased(a.tag) || a.tag == der.TeletexString) {
			cn = a.value
			count++
		}
	}
	return cn, count
}
