package drbg

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"testing"
)

// reference is HMAC_DRBG as SP 800-90A, section 10.1.2, writes it down, with the standard library's HMAC.
type reference struct{ k, v []byte }

func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// update is HMAC_DRBG_Update (section 10.1.2.2).
func (r *reference) update(provided []byte) {
	r.k = mac(r.k, r.v, []byte{0}, provided)
	r.v = mac(r.k, r.v)
	if len(provided) > 0 {
		r.k = mac(r.k, r.v, []byte{1}, provided)
		r.v = mac(r.k, r.v)
	}
}

func instantiated(seed, personalization []byte) *reference {
	r := &reference{make([]byte, 32), bytes.Repeat([]byte{1}, 32)}
	r.update(append(bytes.Clone(seed), personalization...))
	return r
}

func (r *reference) generate(n int) (out []byte) {
	for len(out) < n {
		r.v = mac(r.k, r.v)
		out = append(out, r.v...)
	}
	r.update(nil)
	return out[:n]
}

// falseAlarm leaves out a stream that a health test refused, as one in ten thousand is; none of those that the target begins with, and for
// no other reason.
func falseAlarm(t *testing.T, stream int64, err error) {
	t.Helper()
	if err != ErrRepetition && err != ErrProportion || stream >= 1 && stream <= 3 {
		t.Fatalf("stream %d: %v", stream, err)
	}
	t.Skipf("a false alarm, which one stream in ten thousand has: %v", err)
}

// FuzzAgainstReference follows the samples from the source to the output: those of the start-up tests are
// dropped, the next ones hashed to the seed.
func FuzzAgainstReference(f *testing.F) {
	f.Add(int64(1), uint8(8), []byte("serial number"), []byte("more"), uint16(100))
	f.Add(int64(2), uint8(1), []byte{}, []byte{}, uint16(0))
	f.Add(int64(3), uint8(3), make([]byte, 300), make([]byte, 70), uint16(33))
	f.Fuzz(func(t *testing.T, stream int64, quality uint8, personalization, data []byte, n uint16) {
		quality = quality%8 + 1
		same := source(stream)
		same.Sample(make([]byte, startup))
		seed := func() []byte {
			condensed := func(n int) []byte {
				samples := make([]byte, (8*n+64+int(quality)-1)/int(quality))
				same.Sample(samples)
				hash := sha256.Sum256(samples)
				return hash[:n]
			}
			return append(condensed(32), condensed(16)...)
		}
		r := instantiated(seed(), personalization)

		var d DRBG
		if err := d.Init(source(stream), Quality(quality), personalization); err != nil {
			falseAlarm(t, stream, err)
		}
		compare := func() {
			t.Helper()
			got := make([]byte, n)
			if _, err := d.Read(got); err != nil {
				t.Fatal(err)
			}
			if want := r.generate(int(n)); !bytes.Equal(got, want) {
				t.Fatalf("%x, want %x", got, want)
			}
		}
		compare()
		compare()
		if err := d.Reseed(data); err != nil {
			falseAlarm(t, stream, err)
		}
		r.update(append(seed(), data...))
		compare()
	})
}
