package x509lite

import (
	"crypto/sha256"
	"testing"
)

func hashSPKI(digest *[32]byte, spki []byte) { *digest = sha256.Sum256(spki) }

func TestPins(t *testing.T) {
	a, b, c := edKey("a").spki, edKey("b").spki, edKey("c").spki
	weak := seq(seq(oid(1, 2, 840, 113549, 1, 1, 1), null), bitString(seq(number(35), number(3))))
	unknown := seq(seq(oid(1, 2, 3)), bitString([]byte{1}))
	p := Pins{Keys: [][]byte{a, weak, unknown, {0x30}}, SHA256: [][32]byte{sha256.Sum256(b), sha256.Sum256(weak)}, Hash: hashSPKI}
	key, digest := new(PublicKey), new([32]byte)
	for _, v := range []struct {
		name    string
		pins    Pins
		profile Profile
		spki    []byte
		want    error
	}{
		{"key", p, ProfileDefault, a, nil},
		{"digest", p, ProfileDefault, b, nil},
		{"stranger", p, ProfileDefault, c, ErrPin},
		{"nothing", p, ProfileDefault, nil, ErrPin},
		{"weak", p, ProfileDefault, weak, ErrWeakKey},
		{"unknown kind", p, ProfileDefault, unknown, ErrUnsupportedKey},
		{"malformed", p, ProfileDefault, []byte{0x30}, ErrDER},
		{"Suite B", p, ProfileSuiteB, a, ErrWeakKey},
		{"no pins", Pins{}, ProfileDefault, a, ErrPin},
		{"digests without a hash", Pins{Keys: p.Keys, SHA256: p.SHA256}, ProfileDefault, a, ErrOptions},
		{"unknown profile", p, profiles, a, ErrOptions},
	} {
		if err := v.pins.Verify(key, digest, v.profile, v.spki); err != v.want {
			t.Errorf("%s: %v, want %v", v.name, err, v.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		if err := p.Verify(key, digest, ProfileDefault, b); err != nil || key.Algorithm != KeyEd25519 {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
