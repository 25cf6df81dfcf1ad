package p384

import (
	"crypto/elliptic"
	"math/big"
	"math/rand"
	"testing"

	"colibri/tlscore/primitive/internal/modular"
)

var (
	params = elliptic.P384().Params()
	radix  = new(big.Int).Lsh(big.NewInt(1), 32*words) // R
)

// fieldValues returns edge cases of [0, p-1] and random numbers: small and large ones, and all words zeros
// or ones.
func fieldValues() []*big.Int {
	p := params.P
	var all []*big.Int
	for d := range int64(3) {
		all = append(all, big.NewInt(d), new(big.Int).Sub(p, big.NewInt(d+1)))
	}
	r := rand.New(rand.NewSource(2))
	for range 20 {
		v := new(big.Int)
		for i := range words {
			w := new(big.Int).SetUint64(uint64(-(r.Uint32() & 1)))
			v.Or(v, w.Lsh(w, uint(32*i)))
		}
		all = append(all, v.Mod(v, p))
	}
	for range 20 {
		all = append(all, new(big.Int).Rand(r, p))
	}
	half := new(big.Int).Rsh(p, 1)
	return append(all, half, new(big.Int).Add(half, big.NewInt(1)), new(big.Int).Sub(radix, p))
}

// raw returns v as words, without Montgomery's factor.
func raw(v *big.Int) (x element) {
	modular.SetBytes(x[:], v.FillBytes(make([]byte, ScalarSize)))
	return x
}

// number returns the words of x as a number, without Montgomery's factor.
func number(x *element) *big.Int {
	b := make([]byte, ScalarSize)
	modular.Bytes(b, x[:])
	return new(big.Int).SetBytes(b)
}

func TestFieldAgreesWithBig(t *testing.T) {
	p := params.P
	rInverse := new(big.Int).ModInverse(radix, p)
	check := func(op string, a, b *big.Int, z *element, want *big.Int) {
		t.Helper()
		if number(z).Cmp(want.Mod(want, p)) != 0 {
			t.Fatalf("%s(%x, %x) = %x, want %x", op, a, b, number(z), want)
		}
	}
	values := fieldValues()
	for _, a := range values {
		x := raw(a)
		var z element
		square(&z, &x)
		check("square", a, a, &z, new(big.Int).Mul(new(big.Int).Mul(a, a), rInverse))
		half(&z, &x)
		check("half", a, a, &z, new(big.Int).Mul(a, new(big.Int).ModInverse(big.NewInt(2), p)))
		z = x
		half(&z, &z)
		check("half in place", a, a, &z, new(big.Int).Mul(a, new(big.Int).ModInverse(big.NewInt(2), p)))
		z = x
		negateIf(&z, 0)
		check("not negated", a, a, &z, new(big.Int).Set(a))
		if a.Sign() != 0 {
			negateIf(&z, ^uint32(0))
			check("negated", a, a, &z, new(big.Int).Neg(a))
		}
		if got := x.isZero() == 1; got != (a.Sign() == 0) {
			t.Fatalf("isZero(%x) = %v", a, got)
		}
		var m element
		if !m.setWords((*[words]uint32)(&x)) {
			t.Fatalf("%x is refused", a)
		}
		check("to Montgomery form", a, a, &m, new(big.Int).Mul(a, radix))
		var b [ScalarSize]byte
		m.bytes(b[:])
		if new(big.Int).SetBytes(b[:]).Cmp(a) != 0 {
			t.Fatalf("%x comes back as %x", a, b)
		}
		invert(&z, &m)
		mul(&z, &z, &m)
		var one element
		one.one()
		if a.Sign() == 0 {
			one = element{}
		}
		if z != one {
			t.Fatalf("%x times its inverse is not 1", a)
		}
		for _, b := range values {
			y := raw(b)
			mul(&z, &x, &y)
			check("mul", a, b, &z, new(big.Int).Mul(new(big.Int).Mul(a, b), rInverse))
			add(&z, &x, &y)
			check("add", a, b, &z, new(big.Int).Add(a, b))
			sub(&z, &x, &y)
			check("sub", a, b, &z, new(big.Int).Sub(a, b))
			z = x
			mul(&z, &z, &y)
			check("mul in place", a, b, &z, new(big.Int).Mul(new(big.Int).Mul(a, b), rInverse))
			z = y
			sub(&z, &x, &z)
			check("sub in place", a, b, &z, new(big.Int).Sub(a, b))
		}
	}
}

func TestCoordinatesMustBeBelowThePrime(t *testing.T) {
	limit := new(big.Int).Sub(radix, big.NewInt(1))
	for _, c := range []struct {
		v  *big.Int
		ok bool
	}{
		{new(big.Int), true},
		{new(big.Int).Sub(params.P, big.NewInt(1)), true},
		{params.P, false},
		{new(big.Int).Add(params.P, big.NewInt(1)), false},
		{limit, false},
	} {
		var z element
		if got := z.setBytes(c.v.FillBytes(make([]byte, ScalarSize))); got != c.ok {
			t.Errorf("%x: %v", c.v, got)
		}
	}
}

func TestConstantsOfTheOrder(t *testing.T) {
	if number((*element)(order.Words)).Cmp(params.N) != 0 {
		t.Error("order.Words")
	}
	square := new(big.Int).Mul(radix, radix)
	if number((*element)(order.Square)).Cmp(square.Mod(square, params.N)) != 0 {
		t.Error("order.Square")
	}
	if order.Words[0]*order.Neg != ^uint32(0) || prime.Words[0]*prime.Neg != ^uint32(0) {
		t.Error("Neg")
	}
	if number((*element)(prime.Words)).Cmp(params.P) != 0 {
		t.Error("prime.Words")
	}
}
