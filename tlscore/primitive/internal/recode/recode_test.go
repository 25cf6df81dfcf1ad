package recode

import (
	"math/big"
	"math/rand"
	"testing"
)

func words(v *big.Int, n int) []uint32 {
	w := make([]uint32, n)
	for i := range w {
		w[i] = uint32(new(big.Int).Rsh(v, uint(32*i)).Uint64())
	}
	return w
}

var orders = []string{
	"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
	"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
}

// scalars calls f with edge cases and random numbers in [1, n-1].
func scalars(f func(n, k *big.Int)) {
	r := rand.New(rand.NewSource(3))
	for _, hex := range orders {
		n, _ := new(big.Int).SetString(hex, 16)
		for i := int64(1); i < 70; i++ {
			f(n, big.NewInt(i))
			f(n, new(big.Int).Sub(n, big.NewInt(i)))
		}
		for i := range uint(n.BitLen()) {
			f(n, new(big.Int).Lsh(big.NewInt(1), i))
			f(n, new(big.Int).Add(new(big.Int).Rand(r, new(big.Int).Sub(n, big.NewInt(1))), big.NewInt(1)))
		}
	}
}

func TestOddIsTheScalar(t *testing.T) {
	scalars(func(n, k *big.Int) {
		size := n.BitLen()
		for _, length := range []int{size, size + 4} {
			var r Odd
			negative := r.Set(words(k, size/32), words(n, size/32), length)
			sum := new(big.Int)
			for b := range length {
				sum.Add(sum, new(big.Int).Lsh(big.NewInt(2*int64(r.Bit(b))-1), uint(b)))
			}
			want := k
			if k.Bit(0) == 0 {
				want = new(big.Int).Sub(n, k)
			}
			if (negative != 0) != (k.Bit(0) == 0) || sum.Cmp(want) != 0 {
				t.Fatalf("%x, length %d: bits mean %x, negative %x", k, length, sum, negative)
			}
		}
		var r Odd
		r.Set(words(k, size/32), words(n, size/32), size)
		sum := new(big.Int)
		for i := size/4 - 1; i >= 0; i-- {
			index, negative := r.Digit(i)
			d := 2*int64(index) + 1
			if negative != 0 {
				d = -d
			}
			sum.Add(sum.Lsh(sum, 4), big.NewInt(d))
		}
		if k.Bit(0) == 0 {
			sum.Sub(n, sum)
		}
		if sum.Cmp(k) != 0 {
			t.Fatalf("%x: digits mean %x", k, sum)
		}
	})
}

func TestNonAdjacentIsTheScalar(t *testing.T) {
	check := func(n, k *big.Int) {
		for width := 2; width <= 8; width++ {
			digits := make([]int8, n.BitLen()+1)
			digits[3] = 99 // what was there before
			NonAdjacent(digits, words(k, n.BitLen()/32), width)
			sum, last, limit := new(big.Int), -width, 1<<(width-1)
			for i, d := range digits {
				if d == 0 {
					continue
				}
				if d&1 == 0 || int(d) <= -limit || int(d) >= limit || i-last < width {
					t.Fatalf("%x: digit %d of %v", k, i, digits)
				}
				last = i
				sum.Add(sum, new(big.Int).Lsh(big.NewInt(int64(d)), uint(i)))
			}
			if sum.Cmp(k) != 0 {
				t.Fatalf("%x: digits of width %d mean %x", k, width, sum)
			}
		}
	}
	scalars(check)
	full := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	check(full, full)
	check(full, new(big.Int))
}
