package edwards25519

import (
	"math/big"
	"math/rand"
	"testing"
)

func number(z *Scalar) *big.Int {
	var b [32]byte
	z.Bytes(&b)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return new(big.Int).SetBytes(b[:])
}

// wide returns numbers below 2^bits around multiples of L and at the edges, and random ones.
func wide(bits uint) (all []*big.Int) {
	limit := new(big.Int).Lsh(big.NewInt(1), bits)
	r := rand.New(rand.NewSource(512))
	most := new(big.Int).Div(limit, l)
	half := new(big.Int).Rsh(most, 1)
	for _, m := range []*big.Int{{}, big.NewInt(1), big.NewInt(2), big.NewInt(8), half, most} {
		for d := int64(-2); d <= 2; d++ {
			v := new(big.Int).Mul(m, l)
			all = append(all, v.Add(v, big.NewInt(d)))
		}
	}
	for d := int64(-1); d <= 1; d++ {
		v := new(big.Int).Lsh(big.NewInt(1), 256)
		all = append(all, v.Add(v, big.NewInt(d)))
		all = append(all, new(big.Int).Add(limit, big.NewInt(d)))
	}
	for range 50 {
		all = append(all, new(big.Int).Rand(r, limit))
	}
	inRange := all[:0]
	for _, v := range all {
		if v.Sign() >= 0 && v.Cmp(limit) < 0 {
			inRange = append(inRange, v)
		}
	}
	return inRange
}

func TestReductions(t *testing.T) {
	for _, v := range wide(512) {
		var b [64]byte
		var z Scalar
		littleEndian(b[:], v)
		z.SetWide(&b)
		if want := new(big.Int).Mod(v, l); number(&z).Cmp(want) != 0 {
			t.Fatalf("%x mod L = %x, want %x", v, number(&z), want)
		}
	}
	for _, v := range wide(256) {
		var b [32]byte
		var z Scalar
		littleEndian(b[:], v)
		z.SetReduced(&b)
		if want := new(big.Int).Mod(v, l); number(&z).Cmp(want) != 0 {
			t.Fatalf("%x mod L = %x, want %x", v, number(&z), want)
		}
		if got, want := z.SetBytes(&b), v.Cmp(l) < 0; got != want || got && number(&z).Cmp(v) != 0 {
			t.Fatalf("%x: %v, %x", v, got, number(&z))
		}
	}
}

func TestMulAdd(t *testing.T) {
	all := scalars()
	for i, a := range all {
		for j, b := range all {
			c := all[(i+3*j)%len(all)]
			var z Scalar
			x, y, w := scalar(a), scalar(b), scalar(c)
			want := new(big.Int).Mul(a, b)
			want.Add(want, c).Mod(want, l)
			if z.MulAdd(&x, &y, &w); number(&z).Cmp(want) != 0 {
				t.Fatalf("%x*%x + %x = %x, want %x", a, b, c, number(&z), want)
			}
			if x.MulAdd(&x, &y, &w); x != z {
				t.Fatalf("%x*%x + %x = %x in place, want %x", a, b, c, number(&x), want)
			}
		}
	}
}
