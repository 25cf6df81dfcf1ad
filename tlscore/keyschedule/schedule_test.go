package keyschedule

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"colibri/tlscore/primitive/hkdf"
	"colibri/tlscore/primitive/sha2"
)

// Messages and secrets of RFC 8448, section 3, "Simple 1-RTT Handshake".
const (
	clientHello = `01 00 00 c0 03 03 cb 34 ec b1 e7 81 63 ba 1c 38 c6 da cb 19 6a 6d ff a2 1a 8d 99 12 ec 18 a2 ef 62 83
		02 4d ec e7 00 00 06 13 01 13 03 13 02 01 00 00 91 00 00 00 0b 00 09 00 00 06 73 65 72 76 65 72 ff 01 00 01 00 00
		0a 00 14 00 12 00 1d 00 17 00 18 00 19 01 00 01 01 01 02 01 03 01 04 00 23 00 00 00 33 00 26 00 24 00 1d 00 20 99
		38 1d e5 60 e4 bd 43 d2 3d 8e 43 5a 7d ba fe b3 c0 6e 51 c1 3c ae 4d 54 13 69 1e 52 9a af 2c 00 2b 00 03 02 03 04
		00 0d 00 20 00 1e 04 03 05 03 06 03 02 03 08 04 08 05 08 06 04 01 05 01 06 01 02 01 04 02 05 02 06 02 02 02 00 2d
		00 02 01 01 00 1c 00 02 40 01`
	serverHello = `02 00 00 56 03 03 a6 af 06 a4 12 18 60 dc 5e 6e 60 24 9c d3 4c 95 93 0c 8a c5 cb 14 34 da c1 55 77 2e
		d3 e2 69 28 00 13 01 00 00 2e 00 33 00 24 00 1d 00 20 c9 82 88 76 11 20 95 fe 66 76 2b db f7 c6 72 e1 56 d6 cc 25
		3b 83 3d f1 dd 69 b1 b0 4e 75 1f 0f 00 2b 00 02 03 04`
	sharedSecret    = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"
	earlySecret     = "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a"
	handshakeSecret = "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac"
	masterSecret    = "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919"
	clientHandshake = "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21"
	serverHandshake = "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"
	serverKey       = "3fce516009c21727d0f2e4e86ee403bc"
	serverIV        = "5d313eb2671276ee13000b30"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRFC8448(t *testing.T) {
	want := func(what string, got []byte, want string) {
		t.Helper()
		if !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("%s: %x, want %s", what, got, want)
		}
	}
	var transcript sha2.Digest
	transcript.Reset(sha2.SHA256)
	transcript.Write(unhex(t, clientHello))
	transcript.Write(unhex(t, serverHello))

	var s Schedule
	s.Init(sha2.SHA256)
	var handshake Secret
	hkdf.Extract(sha2.SHA256, handshake[:], s.secret[:32], unhex(t, sharedSecret))
	want("Handshake Secret", handshake[:32], handshakeSecret)
	var client, server Secret
	s.Handshake(&client, &server, unhex(t, sharedSecret), &transcript)
	want("client_handshake_traffic_secret", client[:32], clientHandshake)
	want("server_handshake_traffic_secret", server[:32], serverHandshake)
	want("Master Secret", s.secret[:32], masterSecret)

	var key [16]byte
	var iv [12]byte
	TrafficKey(sha2.SHA256, key[:], &iv, &server)
	want("server's key", key[:], serverKey)
	want("server's IV", iv[:], serverIV)

	s.Wipe()
	if s.secret != (Secret{}) {
		t.Error("Wipe leaves the secret")
	}
}

// TestConstants derives again, from zeros, what the schedule does not; RFC 8448 tells the Early Secret between.
func TestConstants(t *testing.T) {
	for _, alg := range []sha2.Algorithm{sha2.SHA256, sha2.SHA384} {
		var zeros, early, empty Secret
		n := alg.Size()
		sha2.Sum(alg, empty[:], nil)
		var got Secret
		if setEmpty(alg, &got); got != empty {
			t.Errorf("%d bytes: the hash of no messages is %x", n, empty[:n])
		}
		hkdf.Extract(alg, early[:n], zeros[:n], zeros[:n])
		if alg == sha2.SHA256 && !bytes.Equal(early[:n], unhex(t, earlySecret)) {
			t.Errorf("the Early Secret is %x", early[:n])
		}
		var salt Secret
		hkdf.ExpandLabel(alg, salt[:n], early[:n], "derived", empty[:n])
		if setSalt(alg, &got); got != salt {
			t.Errorf("%d bytes: the salt of the Handshake Secret is %x", n, salt[:n])
		}
		// A pre-shared key of zeros gives the same Early Secret.
		var none, psk Schedule
		var transcript sha2.Digest
		transcript.Reset(alg)
		var traffic [4]Secret
		none.Init(alg)
		psk.InitPSK(alg, zeros[:n])
		none.Handshake(&traffic[0], &traffic[1], nil, &transcript)
		psk.Handshake(&traffic[2], &traffic[3], zeros[:n], &transcript)
		if none != psk || traffic[0] != traffic[2] || traffic[1] != traffic[3] {
			t.Errorf("%d bytes: a key of zeros is not as none", n)
		}
	}
}

// TestNextTraffic: successive secrets differ, and only the part that belongs to the hash is set.
func TestNextTraffic(t *testing.T) {
	for _, alg := range []sha2.Algorithm{sha2.SHA256, sha2.SHA384} {
		var secret Secret
		copy(secret[:alg.Size()], "an application traffic secret")
		seen := map[Secret]bool{secret: true}
		for range 5 {
			NextTraffic(alg, &secret)
			if seen[secret] {
				t.Errorf("the secret of %d bytes repeats", alg.Size())
			}
			seen[secret] = true
			if !bytes.Equal(secret[alg.Size():], make([]byte, MaxHash-alg.Size())) {
				t.Error("bytes behind the secret are set")
			}
		}
	}
}

func TestAllocations(t *testing.T) {
	for _, alg := range []sha2.Algorithm{sha2.SHA256, sha2.SHA384} {
		var transcript sha2.Digest
		transcript.Reset(alg)
		var s Schedule
		var secret Secret
		var key [32]byte
		var iv [12]byte
		var mac [MaxHash]byte
		if n := testing.AllocsPerRun(10, func() {
			s.Init(alg)
			s.InitPSK(alg, key[:])
			s.Binder(&secret, ResumptionBinder)
			s.Handshake(&secret, &secret, key[:], &transcript)
			s.Application(&secret, &secret, &secret, &transcript)
			s.Derive(&secret, ResumptionMaster, &transcript)
			TrafficKey(alg, key[:], &iv, &secret)
			FinishedMAC(alg, mac[:], &secret, &transcript)
			NextTraffic(alg, &secret)
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}
