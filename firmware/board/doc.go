// Package board puts the device together for a machine without an operating system: package device over package tcpip, a
// file system in memory over the site in flash, configuration from that site, entropy through a DRBG, and one event loop. The
// emulated board and the chip have a main each that hands it their hardware.
//
//	New     configuration and file system from the site: now the radio can be told its name
//	Start   the network and the device
//	Poll    from then on, for ever
//
// New and Start take all memory there will be, from the heap; after that nothing allocates.
package board
