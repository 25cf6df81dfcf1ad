package netconn_test

import (
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"net"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/primitive/mldsa"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// rawMLDSA makes an identity with a raw public key of ML-DSA-87.
func rawMLDSA(t *testing.T) tlscore.Identity {
	t.Helper()
	seed, pub := make([]byte, mldsa.SeedSize), make([]byte, mldsa.PublicKeySize87)
	rand.Read(seed)
	if !mldsa.PublicKey(pub, seed) {
		t.Fatal("no key")
	}
	algorithm := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 19}}
	spki, err := asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}{algorithm, asn1.BitString{Bytes: pub, BitLength: 8 * len(pub)}})
	check(t, err)
	file, err := asn1.Marshal(struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
	}{0, algorithm, append([]byte{0x80, mldsa.SeedSize}, seed...)})
	check(t, err)
	key := &signature.PrivateKey{MLDSA: mldsa.Scheme{}}
	check(t, key.Parse(file))
	return tlscore.Identity{Chain: [][]byte{spki}, Key: key, Raw: true}
}

// TestMLDSA: connections that may use ML-DSA find the room for it, again and again, and beside others that do without.
func TestMLDSA(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	ids := [2]tlscore.Identity{rawMLDSA(t), rawMLDSA(t)}
	var configs [2]tlscore.Config
	for i := range configs {
		configs[i] = *h.ours
		configs[i].MLDSA = mldsa.Scheme{}
		configs[i].Identities = ids[i : i+1]
		configs[i].Anchors = nil
		configs[i].RawPublicKeys = tlscore.PinKeys(&x509lite.Pins{Keys: ids[1-i].Chain})
	}
	for range 3 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		check(t, err)
		far, err := net.Dial("tcp", l.Addr().String())
		check(t, err)
		near, err := l.Accept()
		check(t, err)
		l.Close()
		for _, c := range []net.Conn{near, far} {
			check(t, c.SetDeadline(time.Now().Add(limit)))
		}
		server, err := netconn.Server(near, &configs[0])
		check(t, err)
		client, err := netconn.Client(far, &configs[1], "changeme")
		check(t, err)
		go func() {
			io.Copy(server, server)
			server.Close()
		}()
		if _, err := client.Write([]byte("signed by lattices")); err != nil {
			t.Fatal(err)
		}
		check(t, client.CloseWrite())
		got, err := io.ReadAll(client)
		if err != nil || string(got) != "signed by lattices" {
			t.Fatalf("%q, %v", got, err)
		}
		if s := client.ConnectionState().PeerScheme; s != signature.MLDSA87 {
			t.Errorf("the server signed under %v", s)
		}
		client.Close()

		plain, std := h.pair(t)
		go plain.Handshake()
		check(t, std.Handshake())
	}
}
