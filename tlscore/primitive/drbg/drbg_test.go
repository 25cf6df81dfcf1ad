package drbg

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"math/big"
	"math/rand"
	"testing"
	"unsafe"
)

// From the NIST's Cryptographic Algorithm Validation Program, HMAC_DRBG.rsp: SHA-256, no prediction
// resistance, no personalization, no additional input, count 0. The second of two requests counts.
func TestGeneratorKnownAnswer(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	seed := unhex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488" +
		"659ba96c601dc69fc902940805ec0ca8")
	want := unhex("e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89" +
		"d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1" +
		"07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668" +
		"961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8")
	var g generator
	var out [128]byte
	g.instantiate(seed, nil)
	g.generate(out[:])
	g.generate(out[:])
	if !bytes.Equal(out[:], want) {
		t.Errorf("got %x", out)
	}
	g.instantiate(seed[:5], seed[5:])
	g.generate(out[:])
	g.generate(out[:])
	if !bytes.Equal(out[:], want) {
		t.Error("a seed in two parts is another seed")
	}
}

// TestCutoffs computes the cutoffs anew from SP 800-90B, sections 4.4.1 and 4.4.2.
func TestCutoffs(t *testing.T) {
	alpha := new(big.Rat).SetFrac64(1, 1<<20)
	for h := 1; h < len(cutoffs); h++ {
		if want := 1 + math.Ceil(20/float64(h)); float64(cutoffs[h].repetition) != want {
			t.Errorf("%d bits: repetition count %d, want %v", h, cutoffs[h].repetition, want)
		}
		// The smallest k for which more than k equal samples have a probability of at most alpha.
		p := new(big.Rat).SetFrac64(1, 1<<h)
		q := new(big.Rat).Sub(big.NewRat(1, 1), p)
		term := big.NewRat(1, 1) // binomial(512, k) * p^k * q^(512-k)
		for range window {
			term.Mul(term, q)
		}
		tail := new(big.Rat).Sub(big.NewRat(1, 1), term)
		k := 0
		for ; tail.Cmp(alpha) > 0; k++ {
			term.Mul(term, big.NewRat(int64(window-k), int64(k+1)))
			term.Mul(term, p)
			term.Quo(term, q)
			tail.Sub(tail, term)
		}
		if int(cutoffs[h].proportion) != 1+k {
			t.Errorf("%d bits: adaptive proportion %d, want %d", h, cutoffs[h].proportion, 1+k)
		}
	}
}

// noise is a good source, until it has given good samples; from then on bad gives them.
type noise struct {
	*rand.Rand
	good  int
	bad   func(p []byte) bool
	total int
}

func (n *noise) Sample(p []byte) bool {
	n.total += len(p)
	if n.bad != nil && n.total > n.good {
		return n.bad(p)
	}
	n.Read(p)
	return true
}

func source(seed int64) *noise { return &noise{Rand: rand.New(rand.NewSource(seed))} }

func stuck(p []byte) bool {
	for i := range p {
		p[i] = 7
	}
	return true
}

func absent(p []byte) bool { return false }

// biased gives the value 9 every other time: few repetitions, too great a proportion.
func biased(p []byte) bool {
	for i := range p {
		p[i] = byte(rand.Int())
		if i%2 == 0 {
			p[i] = 9
		}
	}
	return true
}

func TestRefusesUnseeded(t *testing.T) {
	var d DRBG
	p := []byte{1, 2, 3}
	if n, err := d.Read(p); n != 0 || err != ErrUnseeded || !bytes.Equal(p, make([]byte, 3)) {
		t.Errorf("Read: %d, %v, %v", n, err, p)
	}
	if err := d.Reseed(nil); err != ErrUnseeded {
		t.Errorf("Reseed: %v", err)
	}
	if err := d.Init(nil, 8, nil); err != ErrSource {
		t.Errorf("Init without a source: %v", err)
	}
	for _, q := range []Quality{0, 9, 255} {
		if err := d.Init(source(1), q, nil); err != ErrQuality {
			t.Errorf("Init with quality %d: %v", q, err)
		}
	}
	if err := d.Init(source(1), 8, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Read(p); err != nil || bytes.Equal(p, make([]byte, 3)) {
		t.Errorf("seeded: %v, %v", p, err)
	}
	d.Wipe()
	if _, err := d.Read(p); err != ErrUnseeded {
		t.Errorf("after Wipe: %v", err)
	}
}

func TestSourcesThatFailAtStart(t *testing.T) {
	for _, c := range []struct {
		name string
		good int
		bad  func(p []byte) bool
		want Error
	}{
		{"absent", 0, absent, ErrSource},
		{"stuck", 0, stuck, ErrRepetition},
		{"biased", 0, biased, ErrProportion},
		{"absent in the start-up tests", startup - 1, absent, ErrSource},
		{"stuck in the seed", startup + 8, stuck, ErrRepetition},
	} {
		s := source(2)
		s.good, s.bad = c.good, c.bad
		var d DRBG
		if err := d.Init(s, 8, nil); err != c.want {
			t.Errorf("%s: Init: %v, want %v", c.name, err, c.want)
		}
		var p [8]byte
		if n, err := d.Read(p[:]); n != 0 || err != c.want {
			t.Errorf("%s: Read: %d, %v, want %v", c.name, n, err, c.want)
		}
	}
}

// TestFaultIsForEver: a source that fails when a new seed is due stops the generator, though it may recover.
func TestFaultIsForEver(t *testing.T) {
	for _, c := range []struct {
		bad  func(p []byte) bool
		want Error
	}{{absent, ErrSource}, {stuck, ErrRepetition}} {
		s := source(3)
		s.good, s.bad = startup+512/8, c.bad
		var d DRBG
		if err := d.Init(s, 8, nil); err != nil {
			t.Fatal(err)
		}
		var p [8]byte
		for i := range maxAge {
			if _, err := d.Read(p[:]); err != nil {
				t.Fatalf("request %d: %v", i, err)
			}
		}
		for range 2 {
			if n, err := d.Read(p[:]); n != 0 || err != c.want || p != [8]byte{} {
				t.Errorf("Read: %d, %v, %x, want %v", n, err, p, c.want)
			}
			if err := d.Reseed(nil); err != c.want {
				t.Errorf("Reseed: %v, want %v", err, c.want)
			}
			s.bad = nil
		}
		if d.generator != (generator{}) {
			t.Error("the state outlives the fault")
		}
		if err := d.Init(s, 8, nil); err != nil {
			t.Errorf("Init with a source that recovered: %v", err)
		}
	}
}

// TestSamplesDrawn: a seed takes samples worth 512 bits, after the start-up tests, and a new one after
// maxAge requests.
func TestSamplesDrawn(t *testing.T) {
	for quality := Quality(1); quality <= 8; quality++ {
		s := source(4)
		var d DRBG
		if err := d.Init(s, quality, nil); err != nil {
			t.Fatal(err)
		}
		seed := (256+64+int(quality)-1)/int(quality) + (128+64+int(quality)-1)/int(quality)
		if s.total != startup+seed {
			t.Errorf("quality %d: Init drew %d samples, want %d", quality, s.total, startup+seed)
		}
		for range maxAge {
			d.Read(make([]byte, 1))
		}
		if s.total != startup+seed {
			t.Errorf("quality %d: a seed was drawn too early", quality)
		}
		d.Read(make([]byte, 1))
		if s.total != startup+2*seed {
			t.Errorf("quality %d: %d samples, want %d", quality, s.total, startup+2*seed)
		}
	}
}

func TestOutputs(t *testing.T) {
	read := func(s *noise, personalization, reseed []byte, sizes ...int) []byte {
		var d DRBG
		if err := d.Init(s, 8, personalization); err != nil {
			t.Fatal(err)
		}
		if reseed != nil {
			if err := d.Reseed(reseed); err != nil {
				t.Fatal(err)
			}
		}
		var all []byte
		for _, n := range sizes {
			p := make([]byte, n)
			if _, err := io.ReadFull(&d, p); err != nil {
				t.Fatal(err)
			}
			all = append(all, p...)
		}
		return all
	}
	base := read(source(5), nil, nil, 64)
	if !bytes.Equal(base, read(source(5), nil, nil, 64)) {
		t.Error("the same source gives other output")
	}
	for name, other := range map[string][]byte{
		"another source":          read(source(6), nil, nil, 64),
		"another personalization": read(source(5), []byte("x"), nil, 64),
		"a new seed":              read(source(5), nil, []byte{}, 64),
		"a new seed with data":    read(source(5), nil, []byte("x"), 64),
		"two requests":            read(source(5), nil, nil, 32, 32)[32:],
	} {
		if bytes.Equal(base[:32], other[:32]) {
			t.Errorf("%s: same output", name)
		}
	}
	// A request beyond the largest is as many as it takes.
	big := read(source(5), nil, nil, 2*maxRequest+5)
	if !bytes.Equal(big, read(source(5), nil, nil, maxRequest, maxRequest, 5)) {
		t.Error("a large request is not a series of the largest")
	}
	var d DRBG
	if err := d.Init(source(5), 8, nil); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Read(nil); n != 0 || err != nil {
		t.Errorf("empty request: %d, %v", n, err)
	}
}

func TestAllocationsAndSize(t *testing.T) {
	d := new(DRBG)
	var src Source = source(7)
	p := make([]byte, 100)
	if n := testing.AllocsPerRun(10, func() {
		if d.Init(src, 8, p) != nil || d.Reseed(p) != nil {
			t.Error("failed")
		}
		d.Read(p)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if size := unsafe.Sizeof(DRBG{}); unsafe.Sizeof(uintptr(0)) == 4 && size > 124 {
		t.Errorf("DRBG has %d bytes on 32 bits", size)
	}
}

func TestErrorTexts(t *testing.T) {
	seen := map[string]bool{}
	for e := ErrUnseeded; e <= ErrProportion; e++ {
		if text := e.Error(); seen[text] || text == Error(0).Error() {
			t.Errorf("%d: %q", e, text)
		} else {
			seen[text] = true
		}
	}
	if !errors.Is(ErrSource, ErrSource) || Error(200).Error() != "drbg: unknown error" {
		t.Error("unknown errors")
	}
}

// FuzzHealth compares the tests with their definitions, which look at all samples at once.
func FuzzHealth(f *testing.F) {
	f.Add(uint8(8), []byte{1, 1, 1, 1, 2})
	f.Add(uint8(1), bytes.Repeat([]byte{3}, 21))
	f.Add(uint8(4), bytes.Repeat([]byte{1, 2}, 300))
	f.Fuzz(func(t *testing.T, quality uint8, samples []byte) {
		h := health{quality: quality%8 + 1}
		limit := cutoffs[h.quality]
		want := Error(0)
		for i := 0; i < len(samples) && want == 0; i++ {
			run, count := 0, 0
			for j := i; j >= 0 && samples[j] == samples[i]; j-- {
				run++
			}
			start := i - i%window
			for _, s := range samples[start : i+1] {
				if s == samples[start] {
					count++
				}
			}
			if run >= int(limit.repetition) {
				want = ErrRepetition
			} else if samples[i] == samples[start] && i > start && count >= int(limit.proportion) {
				want = ErrProportion
			}
		}
		got := Error(0)
		for len(samples) > 0 && got == 0 { // in pieces, which must not matter
			n := min(len(samples), 7)
			got = h.test(samples[:n])
			samples = samples[n:]
		}
		if got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	d := new(DRBG)
	if err := d.Init(source(8), 8, nil); err != nil {
		b.Fatal(err)
	}
	p := make([]byte, 32)
	b.ReportAllocs()
	b.SetBytes(32)
	b.Run("impl=portable/size=32", func(b *testing.B) {
		for b.Loop() {
			d.Read(p)
		}
	})
}
