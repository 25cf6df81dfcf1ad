package tcpip

// A DHCP server (RFC 2131) for the clients of an access point: as many addresses as maxLeases in our own network of 256 addresses,
// each client's for as long as it is remembered, which is until another needs it. There is no router and no name server to
// announce: the access point leads nowhere.

const (
	maxLeases   = 16
	firstLease  = 100 // the last byte of the first address
	leaseTime   = 24 * 60 * 60
	portServer  = 67
	portClient  = 68
	udpHeader   = 8
	dhcpHeader  = 236
	dhcpCookie  = 0x63825363
	dhcpOptions = dhcpHeader + 4
	dhcpAnswer  = dhcpOptions + 40 // the options that we send
)

// Options, and the messages that option 53 names (RFC 2132).
const (
	optionMask    = 1
	optionAddress = 50
	optionLease   = 51
	optionMessage = 53
	optionServer  = 54
	optionEnd     = 255

	dhcpDiscover = 1
	dhcpOffer    = 2
	dhcpRequest  = 3
	dhcpACK      = 5
	dhcpNAK      = 6
)

// receiveDHCP answers a question for an address. UDP's checksum is not looked at: the link has one of its own, and a client whose
// answer is wrong asks again.
func (s *Stack) receiveDHCP(p []byte) {
	if len(p) < udpHeader || get16(p[2:]) != portServer || int(get16(p[4:])) > len(p) {
		return
	}
	const request, ethernetType, macSize = 1, 1, 6
	q := p[udpHeader:]
	if len(q) < dhcpOptions || q[0] != request || q[1] != ethernetType || q[2] != macSize || get32(q[dhcpHeader:]) != dhcpCookie {
		return
	}
	message, asked, server := dhcpParse(q[dhcpOptions:])
	if len(server) == 4 && [4]byte(server) != s.Addr {
		return // the client has chosen another server
	}
	mac := [6]byte(q[28:34])
	switch {
	case message == dhcpDiscover:
		s.answerDHCP(q, mac, dhcpOffer, s.lease(mac))
	case message == dhcpRequest:
		if len(asked) != 4 {
			asked = q[12:16] // a client that renews has its address already
		}
		addr := s.lease(mac)
		if [4]byte(asked) == addr {
			s.answerDHCP(q, mac, dhcpACK, addr)
		} else {
			s.answerDHCP(q, mac, dhcpNAK, [4]byte{})
		}
	}
}

// dhcpParse returns what matters of a client's options, as views; 0 and nil for what is absent.
func dhcpParse(p []byte) (message byte, asked, server []byte) {
	for len(p) > 0 && p[0] != optionEnd {
		if p[0] == 0 { // padding
			p = p[1:]
			continue
		}
		if len(p) < 2 || len(p) < 2+int(p[1]) {
			return 0, nil, nil
		}
		value := p[2 : 2+int(p[1])]
		switch {
		case p[0] == optionMessage && len(value) == 1:
			message = value[0]
		case p[0] == optionAddress:
			asked = value
		case p[0] == optionServer:
			server = value
		}
		p = p[2+len(value):]
	}
	return message, asked, server
}

// lease returns the address of a client, the one it had if it is remembered.
func (s *Stack) lease(mac [6]byte) [4]byte {
	known := -1
	for i := range min(s.leased, maxLeases) {
		if s.leases[i] == mac {
			known = i
		}
	}
	if known < 0 {
		known = s.leased % maxLeases
		s.leases[known] = mac
		if s.leased++; s.leased == 2*maxLeases {
			s.leased = maxLeases
		}
	}
	addr := s.Addr
	addr[3] = byte(firstLease + known)
	if addr == s.Addr {
		addr[3] = firstLease + maxLeases
	}
	return addr
}

// answerDHCP answers the question q with a message.
func (s *Stack) answerDHCP(q []byte, mac [6]byte, message byte, addr [4]byte) {
	out := s.link.Room()
	if out == nil {
		return
	}
	n := udpHeader + dhcpAnswer
	p := out[headers : headers+n]
	clear(p)
	a := p[udpHeader:]
	const reply = 2
	a[0], a[1], a[2] = reply, q[1], q[2]
	copy(a[4:8], q[4:8])     // the question's number
	copy(a[10:12], q[10:12]) // flags
	copy(a[16:20], addr[:])
	copy(a[20:24], s.Addr[:])
	copy(a[28:44], q[28:44])
	put32(a[dhcpHeader:], dhcpCookie)
	o := append(a[dhcpOptions:dhcpOptions], optionMessage, 1, message, optionServer, 4, s.Addr[0], s.Addr[1], s.Addr[2], s.Addr[3])
	if message != dhcpNAK {
		o = append(o, optionMask, 4, 255, 255, 255, 0, optionLease, 4, leaseTime>>24, leaseTime>>16&0xff, leaseTime>>8&0xff, leaseTime&0xff)
	}
	_ = append(o, optionEnd)
	put16(p, portServer)
	put16(p[2:], portClient)
	put16(p[4:], uint16(n)) // and no checksum, which IPv4 allows
	// The client has no address yet: to its hardware address, and to everybody's IPv4 address.
	s.headerIP(out, &mac, [4]byte{255, 255, 255, 255}, protocolUDP, n)
	s.link.Send(pad(out, headers+n))
}

func get16(p []byte) uint16 { return uint16(p[0])<<8 | uint16(p[1]) }

func get32(p []byte) uint32 { return uint32(get16(p))<<16 | uint32(get16(p[2:])) }

func put16(p []byte, n uint16) { p[0], p[1] = byte(n>>8), byte(n) }

func put32(p []byte, n uint32) {
	put16(p, uint16(n>>16))
	put16(p[2:], uint16(n))
}
