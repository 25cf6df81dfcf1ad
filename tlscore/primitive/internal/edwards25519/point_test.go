package edwards25519

import (
	"math/big"
	"math/rand"
	"testing"
)

// The curve by its definition in affine coordinates (RFC 8032, section 5.1), with big numbers.
var (
	p    = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	dBig = quotient(big.NewInt(-121665), big.NewInt(121666))
	l, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	base = decode(new(big.Int).Set(quotient(big.NewInt(4), big.NewInt(5))), 0)
	zero = pair{big.NewInt(0), big.NewInt(1)}
)

// pair is an affine point.
type pair struct{ x, y *big.Int }

func product(a, b *big.Int) *big.Int {
	v := new(big.Int).Mul(a, b)
	return v.Mod(v, p)
}

func quotient(a, b *big.Int) *big.Int {
	return product(a, new(big.Int).ModInverse(new(big.Int).Mod(b, p), p))
}

// decode returns the point with the given y and sign of x, and a pair of nil when there is none.
func decode(y *big.Int, sign uint) pair {
	one := big.NewInt(1)
	yy := product(y, y)
	xx := quotient(new(big.Int).Sub(yy, one), new(big.Int).Add(product(dBig, yy), one))
	x := new(big.Int).ModSqrt(xx, p)
	if x == nil || x.Sign() == 0 && sign == 1 {
		return pair{}
	}
	if x.Bit(0) != sign {
		x.Sub(p, x)
	}
	return pair{x, y}
}

func (a pair) plus(b pair) pair {
	one := big.NewInt(1)
	xx, yy := product(a.x, b.x), product(a.y, b.y)
	t := product(dBig, product(xx, yy))
	x := new(big.Int).Add(product(a.x, b.y), product(a.y, b.x))
	y := new(big.Int).Add(yy, xx)
	return pair{quotient(x, new(big.Int).Add(one, t)), quotient(y, new(big.Int).Sub(one, t))}
}

func (a pair) minus(b pair) pair {
	return a.plus(pair{new(big.Int).Sub(p, b.x), b.y})
}

func (a pair) times(k *big.Int) pair {
	sum := zero
	for i := k.BitLen() - 1; i >= 0; i-- {
		sum = sum.plus(sum)
		if k.Bit(i) == 1 {
			sum = sum.plus(a)
		}
	}
	return sum
}

func (a pair) encode() (b [32]byte) {
	littleEndian(b[:], a.y)
	b[31] |= byte(a.x.Bit(0) << 7)
	return b
}

func littleEndian(b []byte, v *big.Int) {
	v.FillBytes(b)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

func scalar(v *big.Int) (k Scalar) {
	var b [32]byte
	littleEndian(b[:], v)
	k.load(&b)
	return k
}

func point(t *testing.T, a pair) (q Point) {
	t.Helper()
	b := a.encode()
	if !q.SetBytes(&b) {
		t.Fatalf("%x is refused", b)
	}
	return q
}

func encoded(q *Point) (b [32]byte) {
	q.Bytes(&b)
	return b
}

// scalars returns edge cases of scalars and random ones.
func scalars() (all []*big.Int) {
	for d := int64(0); d < 18; d++ {
		all = append(all, big.NewInt(d), new(big.Int).Sub(l, big.NewInt(d+1)))
	}
	for i := uint(5); i < 253; i += 31 {
		all = append(all, new(big.Int).Lsh(big.NewInt(1), i))
	}
	r := rand.New(rand.NewSource(8032))
	for range 10 {
		all = append(all, new(big.Int).Rand(r, l))
	}
	return all
}

// torsion returns the points whose order divides 8.
func torsion(t *testing.T) (all []pair) {
	t.Helper()
	// l times a point has such an order; y = 3 is the smallest with which it is 8.
	generator := decode(big.NewInt(3), 0).times(l)
	q := zero
	for range 8 {
		all = append(all, q)
		q = q.plus(generator)
	}
	if q.encode() != zero.encode() || all[4].encode() == zero.encode() {
		t.Fatal("the generator's order is not 8")
	}
	return all
}

func TestBaseMult(t *testing.T) {
	for _, v := range scalars() {
		var q Point
		k := scalar(v)
		q.BaseMult(&k)
		want := base.times(v)
		if got := encoded(&q); got != want.encode() {
			t.Fatalf("%x*B = %x, want %x", v, got, want.encode())
		}
		var got, u [32]byte
		q.MontgomeryU(&got)
		one := big.NewInt(1)
		if v.Sign() != 0 {
			littleEndian(u[:], quotient(new(big.Int).Add(one, want.y), new(big.Int).Sub(one, want.y)))
		}
		if got != u {
			t.Fatalf("%x*B has u = %x, want %x", v, got, u)
		}
	}
}

// Every sum of points is right, of equal, opposite and neutral ones and those of low order too.
func TestSums(t *testing.T) {
	points := torsion(t)
	for i := range 5 {
		points = append(points, base.times(big.NewInt(int64(i+1))))
		points = append(points, zero.minus(points[len(points)-1]), points[i].plus(points[len(points)-1]))
	}
	for _, a := range points {
		p := point(t, a)
		twice := p
		twice.double()
		if got, want := encoded(&twice), a.plus(a).encode(); got != want {
			t.Fatalf("2*%x = %x, want %x", a.encode(), got, want)
		}
		for _, b := range points {
			sum, q := p, point(t, b)
			var c cached
			c.cache(&q)
			sum.add(&c)
			if got, want := encoded(&sum), a.plus(b).encode(); got != want {
				t.Fatalf("%x + %x = %x, want %x", a.encode(), b.encode(), got, want)
			}
			c.negate()
			sum.add(&c)
			sum.add(&c)
			if got, want := encoded(&sum), a.minus(b).encode(); got != want {
				t.Fatalf("%x - %x = %x, want %x", a.encode(), b.encode(), got, want)
			}
		}
	}
}

func TestMultBoth(t *testing.T) {
	points := append(torsion(t), base, zero.minus(base), base.times(big.NewInt(8446)))
	points = append(points, points[1].plus(base))
	all := scalars()
	for i, v := range all {
		w := all[(5*i+2)%len(all)]
		a := points[i%len(points)]
		q := point(t, a)
		s, k := scalar(v), scalar(w)
		q.MultBoth(&s, &k)
		if got, want := encoded(&q), base.times(v).minus(a.times(w)).encode(); got != want {
			t.Fatalf("%x*B - %x*%x = %x, want %x", v, w, a.encode(), got, want)
		}
	}
}

func TestSetBytes(t *testing.T) {
	check := func(b [32]byte) bool {
		t.Helper()
		y := new(big.Int)
		for i := len(b) - 1; i >= 0; i-- {
			y.Lsh(y, 8).Or(y, big.NewInt(int64(b[i])))
		}
		sign := y.Bit(255)
		y.SetBit(y, 255, 0)
		want := y.Cmp(p) < 0 && decode(y, sign).x != nil
		var q Point
		got := q.SetBytes(&b)
		if got != want {
			t.Fatalf("%x: %v, want %v", b, got, want)
		}
		if got && encoded(&q) != b {
			t.Fatalf("%x becomes %x", b, encoded(&q))
		}
		return got
	}
	// y around 0, p and 2^255, with both signs.
	for i := range 512 {
		var low, high [32]byte
		for j := range high {
			high[j] = 0xff
		}
		low[0], high[0] = byte(i), byte(i)
		low[31] |= byte(i >> 8 << 7)
		high[31] &^= byte(i >> 8 << 7)
		check(low)
		check(high)
	}
	accepted := 0
	r := rand.New(rand.NewSource(1))
	for range 200 {
		var b [32]byte
		r.Read(b[:])
		if check(b) {
			accepted++
		}
	}
	if accepted < 50 || accepted > 150 {
		t.Errorf("%d of 200 random encodings are points", accepted)
	}
}

func TestConstants(t *testing.T) {
	x, _ := new(big.Int).SetString("15112221349535400772501151409588531511454012693041857206046113283949847762202", 10)
	if base.x.Cmp(x) != 0 {
		t.Errorf("the base point has x = %d", base.x)
	}
	if base.times(l).encode() != zero.encode() {
		t.Error("the base point does not have order L")
	}
}
