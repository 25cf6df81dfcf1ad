package p384

import (
	"math/big"
	"testing"

	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/internal/recode"
)

// known returns k*G by the standard library, nil for the point at infinity.
func known(k *big.Int) []byte {
	k = new(big.Int).Mod(k, params.N)
	if k.Sign() == 0 {
		return nil
	}
	key, err := stdCurve.NewPrivateKey(k.FillBytes(make([]byte, ScalarSize)))
	if err != nil {
		panic(err)
	}
	return key.PublicKey().Bytes()
}

// encode returns p like known.
func encode(p *point) []byte {
	if p.z.isZero() == 1 {
		return nil
	}
	var q affine
	q.setPoint(p)
	return encodeAffine(&q)
}

func encodeAffine(q *affine) []byte {
	b := make([]byte, PointSize)
	b[0] = 4
	q.x.bytes(b[1 : 1+ScalarSize])
	q.y.bytes(b[1+ScalarSize:])
	return b
}

// multiple returns k*G as an affine point, k not 0 modulo n.
func multiple(t *testing.T, k int64) (q affine) {
	t.Helper()
	if !q.setBytes(known(big.NewInt(k))) {
		t.Fatal("a point of the standard library is refused")
	}
	return q
}

func TestAdditionOfSmallMultiples(t *testing.T) {
	for a := int64(-6); a <= 6; a++ {
		for b := int64(-6); b <= 6; b++ {
			if b == 0 {
				continue
			}
			var p point
			if a != 0 {
				q := multiple(t, 2*a)
				p.setAffine(&q)
				// Another representation of the same point: halve and double.
				q = multiple(t, a)
				p.setAffine(&q)
				p.double()
			}
			q := multiple(t, b)
			sum := p
			sum.addAny(&q)
			if got, want := encode(&sum), known(big.NewInt(2*a+b)); string(got) != string(want) {
				t.Errorf("%d*G + %d*G = %x, want %x", 2*a, b, got, want)
			}
			if 2*a == -b || a == 0 {
				continue // addLast need not handle these
			}
			sum = p
			sum.addLast(&q)
			if got, want := encode(&sum), known(big.NewInt(2*a+b)); string(got) != string(want) {
				t.Errorf("addLast: %d*G + %d*G = %x, want %x", 2*a, b, got, want)
			}
		}
	}
	var p point
	p.double()
	if p.z.isZero() != 1 {
		t.Error("twice the point at infinity is another point")
	}
}

func TestOddMultiples(t *testing.T) {
	q := multiple(t, 5)
	for n := 1; n <= 8; n++ {
		m := make([]affine, n)
		setMultiples(m, &q)
		for i := range m {
			if got, want := encodeAffine(&m[i]), known(big.NewInt(5*int64(2*i+1))); string(got) != string(want) {
				t.Errorf("multiple %d of %d: %x, want %x", 2*i+1, n, got, want)
			}
		}
	}
}

// step is one addition of a multiplication in constant time: the multiple that was accumulated and the one
// that is added.
type step struct {
	a, d *big.Int
	last bool
}

// combSteps returns the additions of baseMult with an odd k.
func combSteps(k *big.Int) []step {
	var r recode.Odd
	var kWords [words]uint32
	modular.SetBytes(kWords[:], k.FillBytes(make([]byte, ScalarSize)))
	r.Set(kWords[:], order.Words, combs*teeth*rounds)
	var steps []step
	a := new(big.Int)
	for j := rounds - 1; j >= 0; j-- {
		a.Lsh(a, 1)
		for c := combs - 1; c >= 0; c-- {
			d := new(big.Int)
			for tooth := range teeth {
				bit := teeth*rounds*c + rounds*tooth + j
				v := big.NewInt(2*int64(r.Bit(bit)) - 1)
				d.Add(d, v.Lsh(v, uint(bit-j)))
			}
			if a.Sign() != 0 {
				steps = append(steps, step{new(big.Int).Set(a), d, j == 0 && c == 0})
			}
			a.Add(a, d)
		}
	}
	return steps
}

// ladderSteps returns the additions of mult with an odd k.
func ladderSteps(k *big.Int) []step {
	var r recode.Odd
	var kWords [words]uint32
	modular.SetBytes(kWords[:], k.FillBytes(make([]byte, ScalarSize)))
	r.Set(kWords[:], order.Words, 32*words)
	var steps []step
	a := new(big.Int)
	for i := 8*words - 1; i >= 0; i-- {
		index, negative := r.Digit(i)
		d := big.NewInt(2*int64(index) + 1)
		if negative != 0 {
			d.Neg(d)
		}
		a.Lsh(a, 4)
		if a.Sign() != 0 {
			steps = append(steps, step{new(big.Int).Set(a), d, i == 0})
		}
		a.Add(a, d)
	}
	return steps
}

// The proof in package recode, on numbers: no addition but the last is of equal or opposite points, and
// the last is never of opposite ones.
func TestAdditionsAvoidExceptions(t *testing.T) {
	n := params.N
	for _, b := range scalars() {
		k := new(big.Int).SetBytes(b[:])
		if k.Bit(0) == 0 {
			k.Sub(n, k)
		}
		for name, steps := range map[string][]step{"comb": combSteps(k), "ladder": ladderSteps(k)} {
			for i, s := range steps {
				difference := new(big.Int).Sub(s.a, s.d)
				sum := new(big.Int).Add(s.a, s.d)
				if sum.Mod(sum, n).Sign() == 0 || difference.Mod(difference, n).Sign() == 0 && !s.last {
					t.Fatalf("%s, k = %x: addition %d is of %x and %x", name, k, i, s.a, s.d)
				}
			}
		}
	}
}

// The scalars for which the last addition is of equal points: n - 2|d| where d is their last digit.
func TestScalarsWithADoublingAtTheEnd(t *testing.T) {
	n := params.N
	found := map[string]int{}
	try := func(name string, size *big.Int, steps func(k *big.Int) []step) {
		k := new(big.Int).Sub(n, new(big.Int).Lsh(size, 1))
		all := steps(k)
		last := all[len(all)-1]
		if new(big.Int).Mod(last.a, n).Cmp(new(big.Int).Mod(last.d, n)) != 0 {
			return
		}
		found[name]++
		priv := [ScalarSize]byte(k.FillBytes(make([]byte, ScalarSize)))
		var pub [PointSize]byte
		if !publicKeyPortable(&pub, &priv) || string(pub[:]) != string(known(k)) {
			t.Errorf("%s: public key of %x is %x", name, k, pub)
		}
		var shared [ScalarSize]byte
		base := known(big.NewInt(1))
		if !ecdhPortable(&shared, &priv, base) || string(shared[:]) != string(known(k)[1:1+ScalarSize]) {
			t.Errorf("%s: ECDH of %x with the base point is %x", name, k, shared)
		}
	}
	for i := range 1 << teeth {
		d := new(big.Int)
		for tooth := range teeth {
			v := big.NewInt(2*int64(i>>tooth&1) - 1)
			d.Add(d, v.Lsh(v, uint(rounds*tooth)))
		}
		try("comb", d.Abs(d), combSteps)
	}
	for d := int64(1); d < 16; d += 2 {
		try("ladder", big.NewInt(d), ladderSteps)
	}
	if found["ladder"] == 0 {
		t.Error("no such scalar for the ladder: the test does not test what it should")
	}
	t.Logf("scalars with a doubling at the end: %v", found)
}

func TestPointEncodings(t *testing.T) {
	good := known(big.NewInt(7))
	var q affine
	if !q.setBytes(good) {
		t.Fatal("a point is refused")
	}
	for _, impl := range implementations {
		priv := [ScalarSize]byte{ScalarSize - 1: 1}
		refused := func(what string, b []byte) {
			t.Helper()
			var shared [ScalarSize]byte
			if impl.ecdh(&shared, &priv, b) {
				t.Errorf("%s: ECDH accepts %s", impl.name, what)
			}
			var sig [SignatureSize]byte
			digest := make([]byte, ScalarSize)
			impl.sign(&sig, &priv, digest, nil)
			if impl.verify(b, digest, &sig) {
				t.Errorf("%s: Verify accepts %s", impl.name, what)
			}
		}
		refused("nothing", nil)
		refused("the point at infinity", []byte{0})
		refused("a padded point at infinity", make([]byte, PointSize))
		for n := range PointSize {
			refused("a cut point", good[:n])
		}
		refused("a longer point", append(good[:PointSize:PointSize], 0))
		for first := range 256 {
			b := append([]byte{byte(first)}, good[1:]...)
			if first != 4 {
				refused("another first byte", b)
			}
		}
		compressed := append([]byte{2 + good[PointSize-1]&1}, good[1:1+ScalarSize]...)
		refused("the compressed form", compressed)
		for i := 1; i < PointSize; i++ {
			b := append([]byte{}, good...)
			b[i] ^= 1
			refused("a point off the curve", b)
		}
		// x + p also fits where x is small; there is such a point for some small x.
		for x := int64(0); x < 100; x++ {
			y := sqrt(polynomial(big.NewInt(x)))
			if y == nil {
				continue
			}
			b := append([]byte{4}, new(big.Int).Add(big.NewInt(x), params.P).FillBytes(make([]byte, ScalarSize))...)
			refused("a coordinate above the prime", append(b, y.FillBytes(make([]byte, ScalarSize))...))
			b = append([]byte{4}, big.NewInt(x).FillBytes(make([]byte, ScalarSize))...)
			b = append(b, y.FillBytes(make([]byte, ScalarSize))...)
			var shared [ScalarSize]byte
			if !impl.ecdh(&shared, &priv, b) || string(shared[:]) != string(b[1:1+ScalarSize]) {
				t.Errorf("%s: the point with x = %d is refused or 1 times it is another", impl.name, x)
			}
			break
		}
	}
}

// polynomial returns x³ - 3x + b mod p.
func polynomial(x *big.Int) *big.Int {
	y := new(big.Int).Mul(x, x)
	y.Sub(y, big.NewInt(3)).Mul(y, x).Add(y, params.B)
	return y.Mod(y, params.P)
}

func sqrt(v *big.Int) *big.Int { return new(big.Int).ModSqrt(v, params.P) }

func TestPrivateKeysOutOfRange(t *testing.T) {
	for _, impl := range implementations {
		for _, k := range []*big.Int{
			new(big.Int), params.N, new(big.Int).Add(params.N, big.NewInt(1)), new(big.Int).Sub(radix, big.NewInt(1)),
		} {
			priv := [ScalarSize]byte(k.FillBytes(make([]byte, ScalarSize)))
			var pub [PointSize]byte
			var shared [ScalarSize]byte
			var sig [SignatureSize]byte
			if impl.publicKey(&pub, &priv) {
				t.Errorf("%s: public key of %x", impl.name, k)
			}
			if impl.ecdh(&shared, &priv, known(big.NewInt(2))) {
				t.Errorf("%s: ECDH with %x", impl.name, k)
			}
			if impl.sign(&sig, &priv, make([]byte, ScalarSize), nil) {
				t.Errorf("%s: signature with %x", impl.name, k)
			}
		}
	}
}

// When u1*G = u2*Q, a verification doubles; when u1*G = -u2*Q, it meets the point at infinity and must
// refuse.
func TestVerificationMeetsExceptions(t *testing.T) {
	n := params.N
	for _, impl := range implementations {
		for _, d := range []int64{1, -1, 2, -2, 3, -3} {
			pub := known(big.NewInt(d))
			for i := int64(0); i < 40; i++ {
				// Choose u1 and u2; then r = x(u1*G + u2*Q), s = r/u2, e = u1*s.
				u1, u2 := big.NewInt(i), big.NewInt(20-i)
				if u2.Sign() == 0 {
					continue
				}
				u2.Mod(u2, n)
				k := new(big.Int).Mul(u2, big.NewInt(d))
				k.Add(k, u1).Mod(k, n)
				r := big.NewInt(1) // any number will do for the point at infinity
				point := known(k)
				if point != nil {
					r.SetBytes(point[1 : 1+ScalarSize])
					r.Mod(r, n)
				}
				s := new(big.Int).ModInverse(u2, n)
				s.Mul(s, r).Mod(s, n)
				e := new(big.Int).Mul(u1, s)
				e.Mod(e, n)
				var sig [SignatureSize]byte
				r.FillBytes(sig[:ScalarSize])
				s.FillBytes(sig[ScalarSize:])
				if got, want := impl.verify(pub, e.FillBytes(make([]byte, ScalarSize)), &sig), point != nil; got != want {
					t.Errorf("%s: Q = %d*G, u1 = %d, u2 = %x: verifies: %v, want %v", impl.name, d, u1, u2, got, want)
				}
			}
		}
	}
}

// x of a point may lie in [n, p-1]; r is then x-n, and Verify must find x = r+n.
func TestVerificationOfLargeX(t *testing.T) {
	n := params.N
	for i := int64(0); ; i++ {
		x := new(big.Int).Add(n, big.NewInt(i))
		y := sqrt(polynomial(x))
		if y == nil {
			continue
		}
		// With Q = (x, y), e = 0 and s = r = x-n the sum is 0*G + 1*Q.
		pub := append([]byte{4}, x.FillBytes(make([]byte, ScalarSize))...)
		pub = append(pub, y.FillBytes(make([]byte, ScalarSize))...)
		if i == 0 {
			continue // r = 0 is never valid
		}
		var sig [SignatureSize]byte
		big.NewInt(i).FillBytes(sig[:ScalarSize])
		big.NewInt(i).FillBytes(sig[ScalarSize:])
		for _, impl := range implementations {
			if !impl.verify(pub, make([]byte, ScalarSize), &sig) {
				t.Errorf("%s: x = n + %d is refused", impl.name, i)
			}
		}
		return
	}
}
