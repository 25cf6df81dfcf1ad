package kept

// start is what crc begins with; the sum is the complement of what it ends with.
const start = ^uint32(0)

// nibbles has the remainders of all values of four bits by the reversed polynomial 0xedb88320.
var nibbles = [16]uint32{
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
}

// crc goes on with the CRC-32 of what came before, four bits at a time: a table of 64 bytes will do for a text that is kept now
// and then.
func crc(n uint32, p []byte) uint32 {
	for _, b := range p {
		n = nibbles[(n^uint32(b))&15] ^ n>>4
		n = nibbles[(n^uint32(b>>4))&15] ^ n>>4
	}
	return n
}
