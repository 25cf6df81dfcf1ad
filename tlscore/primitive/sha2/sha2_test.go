package sha2

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"math/rand/v2"
	"testing"
)

var algorithms = []struct {
	name string
	alg  Algorithm
	std  func() hash.Hash
}{
	{"sha256", SHA256, sha256.New},
	{"sha384", SHA384, sha512.New384},
	{"sha512", SHA512, sha512.New},
}

// sums are the ways to hash in one go: the exported one, and that by way of a Digest.
var sums = map[string]func(a Algorithm, out []byte, p []byte) int{"Sum": Sum, "Digest": sumPortable}

// TestKnownAnswers has the examples that NIST publishes with FIPS 180-4, and the empty input.
func TestKnownAnswers(t *testing.T) {
	const (
		two   = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
		eight = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" +
			"hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
	)
	for _, c := range []struct {
		alg         Algorithm
		input, want string
	}{
		{SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{SHA256, two, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{SHA384, "", "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da" +
			"274edebfe76f65fbd51ad2f14898b95b"},
		{SHA384, "abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed" +
			"8086072ba1e7cc2358baeca134c825a7"},
		{SHA384, eight, "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712" +
			"fcc7c71a557e2db966c3e9fa91746039"},
		{SHA512, "", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
			"47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
		{SHA512, "abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
			"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
		{SHA512, eight, "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018" +
			"501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"},
	} {
		for name, sum := range sums {
			var out [MaxSize]byte
			n := sum(c.alg, out[:], []byte(c.input))
			if got := hex.EncodeToString(out[:n]); got != c.want {
				t.Errorf("%s: algorithm %d of %q:\n got %s\nwant %s", name, c.alg, c.input, got, c.want)
			}
		}
	}
}

// TestMillion hashes a million letters a, the long example of FIPS 180-4.
func TestMillion(t *testing.T) {
	var d Digest
	d.Reset(SHA256)
	piece := bytes.Repeat([]byte("a"), 1000)
	for range 1000 {
		d.Write(piece)
	}
	var out [32]byte
	d.Sum(out[:])
	const want = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
	if got := hex.EncodeToString(out[:]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestEveryLength compares with the standard library for every length around several block boundaries.
func TestEveryLength(t *testing.T) {
	input := make([]byte, 700)
	for i := range input {
		input[i] = byte(i * i)
	}
	for _, a := range algorithms {
		for n := range input {
			h := a.std()
			h.Write(input[:n])
			for name, sum := range sums {
				var out [MaxSize]byte
				if size := sum(a.alg, out[:], input[:n]); !bytes.Equal(out[:size], h.Sum(nil)) {
					t.Errorf("%s: %s of %d bytes differs from the standard library", name, a.name, n)
				}
			}
		}
	}
}

func TestDoesNotDependOnChopping(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	input := make([]byte, 5000)
	for i := range input {
		input[i] = byte(rng.Uint32())
	}
	for _, a := range algorithms {
		var want [MaxSize]byte
		Sum(a.alg, want[:], input)
		for range 100 {
			var d Digest
			d.Reset(a.alg)
			for rest := input; len(rest) > 0; {
				n := min(len(rest), rng.IntN(300))
				d.Write(rest[:n])
				rest = rest[n:]
			}
			var got [MaxSize]byte
			d.Sum(got[:])
			if got != want {
				t.Fatalf("%s depends on how the input is chopped", a.name)
			}
		}
	}
}

// TestForkByAssignment: a copy and its origin go on independently, and Sum changes neither.
func TestForkByAssignment(t *testing.T) {
	for _, a := range algorithms {
		for _, n := range []int{0, 1, 63, 64, 65, 127, 128, 129, 1000} {
			prefix := bytes.Repeat([]byte{7}, n)
			var d Digest
			d.Reset(a.alg)
			d.Write(prefix)
			fork := d
			fork.Write([]byte("fork"))
			d.Write([]byte("origin"))
			for _, c := range []struct {
				d    *Digest
				tail string
			}{{&fork, "fork"}, {&d, "origin"}} {
				h := a.std()
				h.Write(prefix)
				h.Write([]byte(c.tail))
				var out [MaxSize]byte
				for range 2 {
					size := c.d.Sum(out[:])
					if !bytes.Equal(out[:size], h.Sum(nil)) {
						t.Errorf("%s, %d bytes and %q: wrong hash", a.name, n, c.tail)
					}
				}
			}
		}
	}
}

// TestPortableAgrees compares the implementations of this build: a compression of several blocks from any
// state.
func TestPortableAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	input := make([]byte, 1024)
	for range 200 {
		for i := range input {
			input[i] = byte(rng.Uint32())
		}
		p := input[:128*rng.IntN(8)]
		var h256 [8]uint32
		var h512 [8]uint64
		for i := range h256 {
			h256[i], h512[i] = rng.Uint32(), rng.Uint64()
		}
		want256, want512, short, long := h256, h512, h256, h512
		compress256(&want256, p)
		compress512(&want512, p)
		if portable256(&h256, p); h256 != want256 {
			t.Fatalf("portable256 of %d bytes differs", len(p))
		}
		if portable512(&h512, p); h512 != want512 {
			t.Fatalf("portable512 of %d bytes differs", len(p))
		}
		if rolled256(&short, p); short != want256 {
			t.Fatalf("rolled256 of %d bytes differs", len(p))
		}
		if rolled512(&long, p); long != want512 {
			t.Fatalf("rolled512 of %d bytes differs", len(p))
		}
	}
}

func TestSizes(t *testing.T) {
	for _, a := range algorithms {
		if h := a.std(); a.alg.Size() != h.Size() || a.alg.BlockSize() != h.BlockSize() {
			t.Errorf("%s: %d and %d bytes", a.name, a.alg.Size(), a.alg.BlockSize())
		}
	}
	if Algorithm(0).Size() != 0 || Algorithm(4).BlockSize() != 0 {
		t.Error("an unknown algorithm has a size")
	}
	defer func() {
		if recover() == nil {
			t.Error("Reset to an unknown algorithm: no panic")
		}
	}()
	new(Digest).Reset(0)
}

func TestWipeLeavesNothing(t *testing.T) {
	var d Digest
	d.Reset(SHA512)
	d.Write([]byte("secret"))
	d.Wipe()
	if d != (Digest{}) {
		t.Error("state left after Wipe")
	}
}

func TestAllocatesNothing(t *testing.T) {
	input := make([]byte, 1000)
	for _, a := range algorithms {
		if n := testing.AllocsPerRun(10, func() {
			var d Digest
			var out [MaxSize]byte
			d.Reset(a.alg)
			d.Write(input)
			fork := d
			fork.Sum(out[:])
			d.Wipe()
		}); n != 0 {
			t.Errorf("%s: %v allocations", a.name, n)
		}
	}
}

// FuzzDigest cuts the input in two and compares with the standard library, also at the cut.
func FuzzDigest(f *testing.F) {
	f.Add([]byte("abc"), uint16(1))
	f.Add(make([]byte, 300), uint16(128))
	f.Fuzz(func(t *testing.T, input []byte, at uint16) {
		cut := min(int(at), len(input))
		for _, a := range algorithms {
			var d Digest
			d.Reset(a.alg)
			std := a.std()
			for _, piece := range [][]byte{input[:cut], input[cut:]} {
				d.Write(piece)
				std.Write(piece)
				var out [MaxSize]byte
				if n := d.Sum(out[:]); !bytes.Equal(out[:n], std.Sum(nil)) {
					t.Fatalf("%s differs from the standard library", a.name)
				}
			}
		}
	})
}
