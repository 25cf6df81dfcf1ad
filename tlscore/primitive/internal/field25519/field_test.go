package field25519

import (
	"math/big"
	"math/rand"
	"testing"
)

var (
	p = new(big.Int).Sub(power2(255), big.NewInt(19))
	// bound is what all elements are below.
	bound = new(big.Int).Add(power2(255), power2(242))
)

func power2(e uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), e) }

// element returns v in words, as it is.
func element(v *big.Int) (x Element) {
	for i := range x {
		x[i] = uint32(new(big.Int).Rsh(v, uint(32*i)).Uint64())
	}
	return x
}

// number returns the words of x as a number.
func number(x *Element) *big.Int {
	v := new(big.Int)
	for i := len(x) - 1; i >= 0; i-- {
		v.Lsh(v, 32).Or(v, new(big.Int).SetUint64(uint64(x[i])))
	}
	return v
}

// values returns edge cases of elements and random ones: around 0, p, 2^255 and the bound, and all words
// zeros or ones.
func values() (all []*big.Int) {
	for _, v := range []*big.Int{new(big.Int), p, power2(255), bound} {
		for d := int64(-40); d <= 40; d += 1 + (d&1)*6 {
			all = append(all, new(big.Int).Add(v, big.NewInt(d)))
		}
	}
	r := rand.New(rand.NewSource(25519))
	for range 40 {
		v := new(big.Int)
		for i := range words {
			w := new(big.Int).SetUint64(uint64(-(r.Uint32() & 1)))
			v.Or(v, w.Lsh(w, uint(32*i)))
		}
		all = append(all, v.Mod(v, power2(255)))
		all = append(all, new(big.Int).Add(power2(255), new(big.Int).Mod(v, power2(242))))
		all = append(all, new(big.Int).Rand(r, bound))
	}
	inRange := all[:0]
	for _, v := range all {
		if v.Sign() >= 0 && v.Cmp(bound) < 0 {
			inRange = append(inRange, v)
		}
	}
	return inRange
}

// same fails t unless z is want modulo p, and within the bound.
func same(t *testing.T, z *Element, want *big.Int, op string, inputs ...*big.Int) {
	t.Helper()
	got := number(z)
	if got.Cmp(bound) >= 0 {
		t.Fatalf("%s of %x is above the bound: %x", op, inputs, got)
	}
	if got.Mod(got, p).Cmp(want.Mod(want, p)) != 0 {
		t.Fatalf("%s of %x: %x, want %x", op, inputs, got, want)
	}
}

func TestSumsAndProducts(t *testing.T) {
	all := values()
	for _, a := range all {
		for _, b := range all {
			var z Element
			x, y := element(a), element(b)
			sum, difference, product := new(big.Int).Add(a, b), new(big.Int).Sub(a, b), new(big.Int).Mul(a, b)
			z.Add(&x, &y)
			same(t, &z, sum, "sum", a, b)
			z.Sub(&x, &y)
			same(t, &z, difference, "difference", a, b)
			z.Mul(&x, &y)
			same(t, &z, product, "product", a, b)
			for _, small := range []uint32{0, 1, 121665, 1<<17 - 1} {
				scaled := new(big.Int).Mul(b, big.NewInt(int64(small)))
				z.AddMul(&x, &y, small)
				same(t, &z, scaled.Add(scaled, a), "x + y*small", a, b, big.NewInt(int64(small)))
			}

			z = x
			z.Add(&z, &y)
			same(t, &z, sum, "sum in place of x", a, b)
			z = y
			z.Sub(&x, &z)
			same(t, &z, difference, "difference in place of y", a, b)
			z = y
			z.Mul(&x, &z)
			same(t, &z, product, "product in place of y", a, b)
			z = x
			z.AddMul(&z, &y, 121665)
			scaled := new(big.Int).Mul(b, big.NewInt(121665))
			same(t, &z, scaled.Add(scaled, a), "x + y*small in place", a, b)
			if got, want := x.Equal(&y) == 1, difference.Mod(difference, p).Sign() == 0; got != want {
				t.Fatalf("%x = %x: %v", a, b, got)
			}
		}
	}
}

func TestUnaryFunctions(t *testing.T) {
	exponent := new(big.Int).Sub(p, big.NewInt(2))
	for _, a := range values() {
		var z Element
		x := element(a)
		square := new(big.Int).Mul(a, a)
		inverse := new(big.Int).Exp(a, exponent, p)
		z.Square(&x)
		same(t, &z, square, "square", a)
		z = x
		z.Square(&z)
		same(t, &z, square, "square in place", a)
		z.Negate(&x)
		same(t, &z, new(big.Int).Neg(a), "negative", a)
		z.Invert(&x)
		same(t, &z, inverse, "inverse", a)
		z = x
		z.Invert(&z)
		same(t, &z, inverse, "inverse in place", a)

		var b [32]byte
		x.Bytes(&b)
		small := new(big.Int).Mod(a, p)
		z.SetBytes(&b)
		if number(&z).Cmp(small) != 0 {
			t.Fatalf("%x is encoded as %x", a, b)
		}
		if got, want := x.IsZero() == 1, small.Sign() == 0; got != want {
			t.Fatalf("%x = 0: %v", a, got)
		}
		if got, want := uint(x.IsNegative()), small.Bit(0); got != want {
			t.Fatalf("%x has sign %d", a, got)
		}
	}
	var z Element
	z.SetOne()
	same(t, &z, big.NewInt(1), "one")
}

func TestSetBytesIgnoresTheHighestBit(t *testing.T) {
	var b [32]byte
	for i := range b {
		b[i] = 0xff
	}
	var z Element
	z.SetBytes(&b)
	if want := new(big.Int).Sub(power2(255), big.NewInt(1)); number(&z).Cmp(want) != 0 {
		t.Errorf("%x", number(&z))
	}
}

func TestSquareRoot(t *testing.T) {
	all := values()
	roots := 0
	for i, u := range all {
		v := all[(7*i+3)%len(all)]
		if new(big.Int).Mod(v, p).Sign() == 0 {
			continue
		}
		x, y := element(u), element(v)
		quotient := new(big.Int).ModInverse(v, p)
		quotient.Mul(quotient, u).Mod(quotient, p)
		var z Element
		got := z.SquareRoot(&x, &y)
		if want := big.Jacobi(quotient, p) >= 0; got != want {
			t.Fatalf("%x/%x has a root: %v", u, v, got)
		}
		if got {
			roots++
			z.Square(&z)
			same(t, &z, quotient, "square of the root", u, v)
		}
	}
	if roots == 0 || roots == len(all) {
		t.Errorf("%d of %d numbers have a root", roots, len(all))
	}
}

func TestSwap(t *testing.T) {
	a, b := element(p), element(big.NewInt(5))
	x, y := a, b
	Swap(&x, &y, 0)
	if x != a || y != b {
		t.Error("swapped")
	}
	Swap(&x, &y, 0xffffffff)
	if x != b || y != a {
		t.Error("not swapped")
	}
}

func FuzzProduct(f *testing.F) {
	all := values()
	for i, v := range all {
		w := all[len(all)-1-i]
		f.Add(v.FillBytes(make([]byte, 32)), w.FillBytes(make([]byte, 32)))
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		a := new(big.Int).SetBytes(first)
		b := new(big.Int).SetBytes(second)
		a.Mod(a, bound)
		b.Mod(b, bound)
		x, y := element(a), element(b)
		var z Element
		z.Mul(&x, &y)
		same(t, &z, new(big.Int).Mul(a, b), "product", a, b)
		z.Square(&x)
		same(t, &z, new(big.Int).Mul(a, a), "square", a)
		z.Sub(&x, &y)
		same(t, &z, new(big.Int).Sub(a, b), "difference", a, b)
		z.Add(&x, &y)
		same(t, &z, new(big.Int).Add(a, b), "sum", a, b)
		z.Invert(&x)
		same(t, &z, new(big.Int).Exp(a, new(big.Int).Sub(p, big.NewInt(2)), p), "inverse", a)
	})
}
