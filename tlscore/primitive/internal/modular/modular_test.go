package modular

import (
	"math/big"
	"math/rand"
	"testing"
)

func hexModulus(s string) *Modulus {
	p, _ := new(big.Int).SetString(s, 16)
	n := (p.BitLen() + 31) / 32
	r := new(big.Int).Lsh(big.NewInt(1), uint(32*n))
	m := &Modulus{Words: make([]uint32, n), Square: make([]uint32, n)}
	put(m.Words, p)
	put(m.Square, new(big.Int).Mod(new(big.Int).Mul(r, r), p))
	w := big.NewInt(1 << 32)
	m.Neg = uint32(new(big.Int).Sub(w, new(big.Int).ModInverse(p, w)).Uint64())
	return m
}

var moduli = map[string]*Modulus{
	"p256":       hexModulus("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
	"p256 order": hexModulus("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
	"p384":       hexModulus("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"),
	"p384 order": hexModulus("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
}

func put(x []uint32, v *big.Int) {
	b := v.FillBytes(make([]byte, 4*len(x)))
	SetBytes(x, b)
}

func get(x []uint32) *big.Int {
	b := make([]byte, 4*len(x))
	Bytes(b, x)
	return new(big.Int).SetBytes(b)
}

// values returns edge values of [0, p-1] and random ones.
func values(p *big.Int) []*big.Int {
	r := rand.New(rand.NewSource(1))
	one := big.NewInt(1)
	v := []*big.Int{new(big.Int), one, big.NewInt(2), new(big.Int).Sub(p, one), new(big.Int).Sub(p, big.NewInt(2)),
		new(big.Int).Rsh(p, 1), new(big.Int).Mod(new(big.Int).Lsh(one, uint(p.BitLen())), p)}
	for i := 0; i < p.BitLen(); i += 31 {
		bit := new(big.Int).Lsh(one, uint(i))
		v = append(v, bit, new(big.Int).Sub(p, bit), new(big.Int).Sub(bit, one))
	}
	for range 40 {
		v = append(v, new(big.Int).Rand(r, p))
	}
	return v
}

func TestArithmeticAgreesWithBig(t *testing.T) {
	for name, m := range moduli {
		p := get(m.Words)
		n := len(m.Words)
		rInv := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), uint(32*n)), p)
		x, y, z := make([]uint32, n), make([]uint32, n), make([]uint32, n)
		for _, a := range values(p) {
			put(x, a)
			for _, b := range values(p) {
				put(y, b)
				m.Mul(z, x, y)
				want := new(big.Int).Mul(a, b)
				want.Mod(want.Mul(want, rInv), p)
				if get(z).Cmp(want) != 0 {
					t.Fatalf("%s: %x * %x / R = %x, want %x", name, a, b, get(z), want)
				}
				m.Add(z, x, y)
				want.Mod(want.Add(a, b), p)
				if get(z).Cmp(want) != 0 {
					t.Fatalf("%s: %x + %x = %x, want %x", name, a, b, get(z), want)
				}
				copy(z, y)
				m.Sub(z, x, z)
				want.Mod(want.Sub(a, b), p)
				if get(z).Cmp(want) != 0 {
					t.Fatalf("%s: %x - %x = %x, want %x", name, a, b, get(z), want)
				}
			}
		}
	}
}

func TestProductAgreesWithBig(t *testing.T) {
	for name, m := range moduli {
		p := get(m.Words)
		for _, a := range values(p) {
			for _, b := range values(p) {
				x, y := make([]uint32, len(m.Words)), make([]uint32, len(m.Words))
				put(x, a)
				put(y, b)
				out := make([]uint32, 2*len(x))
				out[0] = 1 // what stood there does not count
				if Product(out, x, y); get(out).Cmp(new(big.Int).Mul(a, b)) != 0 {
					t.Fatalf("%s: %x * %x = %x", name, a, b, get(out))
				}
			}
		}
	}
}

func TestInvertAgreesWithBig(t *testing.T) {
	for name, m := range moduli {
		p := get(m.Words)
		x := make([]uint32, len(m.Words))
		for _, a := range values(p) {
			put(x, a)
			m.Invert(x, x)
			want := new(big.Int).ModInverse(a, p)
			if a.Sign() == 0 {
				want = new(big.Int)
			}
			if get(x).Cmp(want) != 0 {
				t.Fatalf("%s: 1/%x = %x, want %x", name, a, get(x), want)
			}
		}
	}
}

func TestRanges(t *testing.T) {
	for name, m := range moduli {
		p := get(m.Words)
		x := make([]uint32, len(m.Words))
		limit := new(big.Int).Lsh(big.NewInt(1), uint(32*len(x)))
		for d := int64(-3); d <= 3; d++ {
			for _, base := range []*big.Int{new(big.Int), p, limit} {
				a := new(big.Int).Add(base, big.NewInt(d))
				if a.Sign() < 0 || a.Cmp(limit) >= 0 {
					continue
				}
				put(x, a)
				if got, want := m.InRange(x) == 1, a.Sign() > 0 && a.Cmp(p) < 0; got != want {
					t.Errorf("%s: InRange(%x) = %v", name, a, got)
				}
				if got, want := IsZero(x) == 1, a.Sign() == 0; got != want {
					t.Errorf("%s: IsZero(%x) = %v", name, a, got)
				}
				m.Reduce(x, x)
				if want := new(big.Int).Mod(a, p); get(x).Cmp(want) != 0 {
					t.Errorf("%s: %x mod m = %x", name, a, get(x))
				}
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	for name, m := range moduli {
		x := make([]uint32, len(m.Words))
		x[0] = 7
		if n := testing.AllocsPerRun(10, func() { m.Mul(x, x, x); m.Add(x, x, x); m.Invert(x, x) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkInvert(b *testing.B) {
	m := moduli["p256 order"]
	x := make([]uint32, 8)
	x[0] = 7
	for b.Loop() {
		m.Invert(x, x)
	}
}

func BenchmarkMul(b *testing.B) {
	m := moduli["p256 order"]
	x := make([]uint32, 8)
	x[0] = 7
	for b.Loop() {
		m.Mul(x, x, x)
	}
}
