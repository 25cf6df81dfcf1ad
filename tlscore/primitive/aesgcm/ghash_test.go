package aesgcm

import (
	"math/rand/v2"
	"testing"
)

// product is the multiplication of SP 800-38D, section 6.3, algorithm 1: bit by bit.
func product(x, y element) (z element) {
	for i := range 128 {
		if x[3-i/32]>>(31-i%32)&1 == 1 {
			for j := range z {
				z[j] ^= y[j]
			}
		}
		odd := y[0] & 1
		y = element{y[0]>>1 | y[1]<<31, y[1]>>1 | y[2]<<31, y[2]>>1 | y[3]<<31, y[3] >> 1}
		y[3] ^= odd * 0xe1000000
	}
	return z
}

func TestMultiplication(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	word := func() uint32 {
		if n := rng.IntN(4); n < 2 {
			return -uint32(n)
		}
		return rng.Uint32()
	}
	for range 2000 {
		var e [4]element
		var o [4]operand
		for i := range e {
			e[i] = element{word(), word(), word(), word()}
		}
		want, second := product(e[0], e[1]), product(e[2], e[3])
		for j := range want {
			want[j] ^= second[j]
		}
		for i := range e {
			operand := e[i]
			if i&1 == 1 {
				operand = divideX(&e[i])
			}
			o[i].split(&operand)
		}
		if got := multiply2(&o[0], &o[1], &o[2], &o[3]); got != want {
			t.Fatalf("%08x: got %08x, want %08x", e, got, want)
		}
	}
}

func TestCarrylessProduct(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	check := func(a, b uint32) {
		var want uint64
		for i := range 32 {
			want ^= uint64(a) * uint64(b>>i&1) << i
		}
		if got := carryless(a, b); got != want {
			t.Fatalf("%#x times %#x: got %#x, want %#x", a, b, got, want)
		}
	}
	for range 5000 {
		check(rng.Uint32(), rng.Uint32())
		check(^uint32(0), rng.Uint32())
	}
	check(^uint32(0), ^uint32(0)) // the largest sums between the bits
}
