package mlkem

// Sizes of encoded polynomials: of coefficients of 12, 10 and 4 bits.
const (
	size12 = 12 * n / 8
	size10 = 10 * n / 8
	size4  = 4 * n / 8
)

// encode writes the coefficients, 12 bits each (FIPS 203, algorithm 5).
func (p *poly) encode(out []byte) {
	out = out[:size12]
	for i := range n / 2 {
		v := uint32(p[2*i]) | uint32(p[2*i+1])<<12
		out[3*i], out[3*i+1], out[3*i+2] = byte(v), byte(v>>8), byte(v>>16)
	}
}

// decode undoes encode. It returns false if a coefficient is not below q.
func (p *poly) decode(in []byte) bool {
	in = in[:size12]
	reduced := true
	for i := range n / 2 {
		v := uint32(in[3*i]) | uint32(in[3*i+1])<<8 | uint32(in[3*i+2])<<16
		p[2*i], p[2*i+1] = uint16(v&0xfff), uint16(v>>12)
		reduced = reduced && v&0xfff < q && v>>12 < q
	}
	return reduced
}

// compress10 writes the coefficients divided by q/2^10, rounded, 10 bits each (FIPS 203, sections 4.2.1).
func (p *poly) compress10(out []byte) {
	out = out[:size10]
	for i := range n / 4 {
		v := uint64(0)
		for j := range 4 {
			v |= uint64(divide(uint32(p[4*i+j])<<10+q/2)&0x3ff) << (10 * j)
		}
		for j := range 5 {
			out[5*i+j] = byte(v >> (8 * j))
		}
	}
}

// decompress10 undoes compress10 but for the rounding.
func (p *poly) decompress10(in []byte) {
	in = in[:size10]
	for i := range n / 4 {
		v := uint64(0)
		for j := range 5 {
			v |= uint64(in[5*i+j]) << (8 * j)
		}
		for j := range 4 {
			p[4*i+j] = uint16((uint32(v>>(10*j))&0x3ff*q + 1<<9) >> 10)
		}
	}
}

// compress4 is compress10 for 4 bits.
func (p *poly) compress4(out []byte) {
	for i := range out[:size4] {
		low, high := divide(uint32(p[2*i])<<4+q/2), divide(uint32(p[2*i+1])<<4+q/2)
		out[i] = byte(low&15 | high<<4)
	}
}

// subtractFrom4 sets p to what in decompresses to, of 4 bits each, minus p.
func (p *poly) subtractFrom4(in []byte) {
	for i, b := range in[:size4] {
		low, high := (uint32(b&15)*q+8)>>4, (uint32(b>>4)*q+8)>>4
		p[2*i] = uint16(reduce(low + q - uint32(p[2*i])))
		p[2*i+1] = uint16(reduce(high + q - uint32(p[2*i+1])))
	}
}

// addMessage adds (q+1)/2 where the message has a bit.
func (p *poly) addMessage(message *[MessageSize]byte) {
	for i := range p {
		bit := uint32(message[i/8] >> (i % 8) & 1)
		p[i] = uint16(reduce(uint32(p[i]) + (q+1)/2&-bit))
	}
}

// message sets the bits of out where a coefficient is nearer to q/2 than to 0.
func (p *poly) message(out *[MessageSize]byte) {
	clear(out[:])
	for i, v := range p {
		bit := divide(uint32(v)<<1+q/2) & 1
		out[i/8] |= byte(bit << (i % 8))
	}
}
