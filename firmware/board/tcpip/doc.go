// Package tcpip is the network of a board: a device.Network over Ethernet frames. TCP itself is lneto's (tcp.Handler,
// RFC 9293, with the retransmission timer of RFC 6298); what is around it here, Ethernet, ARP (RFC 826), IPv4 (RFC 791) and the
// choice of the connection, is what a server needs and no more:
//
//   - it answers: a reply goes to the hardware address that the connection's first segment came from, so there is no table of
//     neighbours, no gateway and no routing. The one question that it asks, by UDP, goes to a neighbour (udp.go)
//   - one port, IPv4, no fragments, no IP options on what it sends
//   - a fixed number of connections with fixed buffers, all taken by New; nothing allocates later
//   - Poll moves frames both ways and never blocks
//
// What is short of RFC 9293: a connection in TIME-WAIT is forgotten at once, because a board has no memory to
// wait with (a late segment is answered with a reset); and the end of our data (FIN) is sent once everything before it has
// been acknowledged: lneto cannot resend data after it, nor the end itself, which we repeat. A peer that does not acknowledge it in
// time is told by a reset. What comes before its turn is not kept, the peer sends it again. Initial sequence numbers are
// random (RFC 9293, section 3.4.1), from the source of the configuration.
//
// What lneto 0.3.2 leaves to us: segments that are not what is expected are judged before it sees them, and answered as RFC 5961
// says, keep-alives and probes of our window among them (accept.go); a closed window of the peer is probed (recovery.go), for as long as the
// device keeps the connection.
//
// The files in the order a frame passes them: link.go, stack.go, segment.go, accept.go, conn.go, recovery.go, socket.go;
// beside them dhcp.go and udp.go.
package tcpip
