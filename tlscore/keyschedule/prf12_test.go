package keyschedule

import (
	"bytes"
	"testing"

	"colibri/tlscore/primitive/sha2"
)

// TestPRF has the test vectors for the PRF of TLS 1.2 that were published on the mailing list of the TLS working group
// in 2011 (P_SHA256, P_SHA384): secret, seed, label "test label", output.
func TestPRF(t *testing.T) {
	for _, v := range []struct {
		alg                  sha2.Algorithm
		secret, seed, output string
	}{
		{sha2.SHA256, "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
			`e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c056
			4bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66`},
		{sha2.SHA384, "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
			`7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f8
			0edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655
			c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f`},
	} {
		want := unhex(t, v.output)
		got := make([]byte, len(want))
		seed := unhex(t, v.seed)
		prf(v.alg, got, unhex(t, v.secret), "test label", seed[:5], seed[5:])
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes of hash: %x\nwant %x", v.alg.Size(), got, want)
		}
		prf(v.alg, got[:7], unhex(t, v.secret), "test label", seed, nil)
		if !bytes.Equal(got[:7], want[:7]) {
			t.Error("a short output is not the start of a long one")
		}
	}
}

func TestFinishedTellsTheSidesApart(t *testing.T) {
	var transcript sha2.Digest
	transcript.Reset(sha2.SHA256)
	var master Secret
	var client, server [Finished12Size]byte
	Finished12(sha2.SHA256, &client, &master, true, &transcript)
	Finished12(sha2.SHA256, &server, &master, false, &transcript)
	if client == server {
		t.Error("both sides have the same verify_data")
	}
}

func TestAllocations12(t *testing.T) {
	for _, alg := range []sha2.Algorithm{sha2.SHA256, sha2.SHA384} {
		var transcript sha2.Digest
		transcript.Reset(alg)
		var master Secret
		var block [88]byte
		var random [32]byte
		var data [Finished12Size]byte
		if n := testing.AllocsPerRun(10, func() {
			Master12(alg, &master, random[:], &transcript)
			KeyBlock12(alg, block[:], &master, &random, &random)
			Finished12(alg, &data, &master, true, &transcript)
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}
