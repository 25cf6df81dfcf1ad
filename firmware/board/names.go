package board

// SSID returns the name of the access point as the configuration has it, with the question marks at its end replaced by the last
// digits of the MAC address in hexadecimal: Mongoose OS's "myESP_??????".
func SSID(pattern []byte, mac [6]byte) string {
	const digits = "0123456789ABCDEF"
	name := []byte(string(pattern))
	for i, nibble := len(name)-1, 11; i >= 0 && nibble >= 0 && name[i] == '?'; i, nibble = i-1, nibble-1 {
		b := mac[nibble/2]
		if nibble%2 == 0 {
			b >>= 4
		}
		name[i] = digits[b&15]
	}
	return string(name)
}

// IPv4 reads an address with dots; ok is false if it is none. The configuration's rule has let through nothing else.
func IPv4(text []byte) (addr [4]byte, ok bool) {
	i, digits := 0, 0
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9' && digits < 3 && (int(addr[i])*10+int(c-'0')) < 256:
			addr[i] = addr[i]*10 + c - '0'
			digits++
		case c == '.' && digits > 0 && i < 3:
			i, digits = i+1, 0
		default:
			return [4]byte{}, false
		}
	}
	return addr, i == 3 && digits > 0
}
