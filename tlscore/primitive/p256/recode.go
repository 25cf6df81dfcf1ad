package p256

// recoded is an odd scalar as a sum of all powers of two below 2^length, each counted +1 (bit set) or -1. Every odd
// number has exactly one such form: k = sum of (2*bit(b) - 1)*2^b means that the bits are those of (k-1)/2, with bit
// length-1 set. So each group of bits is an odd digit, never zero, and the multiplication in constant time needs no point at
// infinity and makes the same additions for all scalars (Hamburg, "Fast and compact elliptic-curve cryptography",
// 2012, section 3.3; the idea is Okeya and Takagi's).
//
// The formula for addition fails when the two points are equal or opposite. Let a and d be the odd-recoded multiples of the
// point that are added, a what was accumulated. Both methods below add digits of one position in the order of
// decreasing weights, after a doubling, so that a is even; d is even too, but for the position's lowest digit, and then
// a is a multiple of another power of two than d. So a != d and a != -d as numbers. Modulo n that could fail only where |a|+|d|
// reaches n, which is only after the last doubling. There a+d and a-d are even and are not n, as long as d is not the last digit.
// With the last digit a+d = k is not a multiple of n, but a-d = n is possible, for the scalars n-2|d|: addLast.
type recoded [words + 1]uint32

// set recodes k, a scalar in [1, n-1]. An even k is replaced by n-k; all ones are returned then, and 0 otherwise.
func (r *recoded) set(k *[words]uint32, length int) uint32 {
	even := k[0]&1 - 1
	carry := uint64(even & 1)
	for i, w := range order.Words {
		carry += uint64(w&even) + uint64(k[i]^even)
		r[i] = uint32(carry)
		carry >>= 32
	}
	r[words] = 0
	for i := range words {
		r[i] = r[i]>>1 | r[i+1]<<31
	}
	r[(length-1)/32] |= 1 << ((length - 1) % 32)
	return even
}

// bit returns bit b.
func (r *recoded) bit(b int) uint32 { return r[b/32] >> (b % 32) & 1 }
