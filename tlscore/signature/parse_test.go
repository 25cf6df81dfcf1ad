package signature

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unsafe"

	xpem "colibri/x509lite/pem"
)

// forms returns a key in all forms that the standard library writes, by the label that PEM gives it.
func (k testKey) forms(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{xpem.PrivateKey: k.pkcs8(t)}
	switch key := k.std.(type) {
	case *rsa.PrivateKey:
		all[xpem.RSAPrivateKey] = x509.MarshalPKCS1PrivateKey(key)
	case *ecdsa.PrivateKey:
		b, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		all[xpem.ECPrivateKey] = b
	}
	return all
}

// TestForms: each form of a key is the same key, in DER and in PEM.
func TestForms(t *testing.T) {
	for _, k := range keys(t) {
		for label, b := range k.forms(t) {
			var key PrivateKey
			if err := key.Parse(b); err != nil || !key.Matches(k.public(t)) {
				t.Errorf("%s, %s: %v", k.name, label, err)
			}
			text := pem.EncodeToMemory(&pem.Block{Type: label, Bytes: b})
			text = append([]byte("some words\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"), text...)
			if err := key.ParsePEM(make([]byte, len(text)*3/4), text); err != nil || !key.Matches(k.public(t)) {
				t.Errorf("%s, %s in PEM: %v", k.name, label, err)
			}
		}
	}
}

// TestKeysOfOpenSSL: keys as the tool writes them that people use.
func TestKeysOfOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("%v; apt-get install openssl", err)
	}
	run := func(input []byte, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(openssl, args...)
		cmd.Stdin = bytes.NewReader(input)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl %s: %v", strings.Join(args, " "), err)
		}
		return out
	}
	for _, c := range []struct {
		want    error
		command string
		then    string // converts what the command wrote
	}{
		{nil, "genpkey -algorithm ed25519", ""},
		{nil, "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048", ""},
		{nil, "genrsa -traditional 2048", ""},
		{nil, "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256", ""},
		{nil, "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-384", ""},
		{nil, "ecparam -name prime256v1 -genkey", ""}, // EC PARAMETERS before the key
		{nil, "ecparam -name secp384r1 -genkey -noout", ""},
		{nil, "ecparam -name secp384r1 -genkey -noout", "ec -conv_form compressed"},
		{nil, "ecparam -name prime256v1 -genkey -noout", "ec -conv_form compressed"},
		{nil, "ecparam -name prime256v1 -genkey -noout", "ec -no_public"},
		{nil, "ecparam -name prime256v1 -genkey -noout", "pkcs8 -topk8 -nocrypt"},
		{ErrKeyEncrypted, "ecparam -name prime256v1 -genkey -noout", "pkcs8 -topk8 -passout pass:secret"},
		{ErrKeyEncrypted, "ecparam -name prime256v1 -genkey -noout", "ec -aes128 -passout pass:secret"},
		{ErrKeyEncrypted, "genrsa -traditional 2048", "rsa -traditional -aes256 -passout pass:secret"},
		{ErrKeyAlgorithm, "genrsa -traditional 1024", ""},
		{ErrKeyAlgorithm, "genrsa -traditional -primes 3 2048", ""},
		{ErrKeyAlgorithm, "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-521", ""},
		{ErrKeyAlgorithm, "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", ""},
		{ErrKeyAlgorithm, "genpkey -algorithm x25519", ""},
		{nil, "genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048", ""},
		{nil, "genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384" +
			" -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48", ""},
		{ErrKeyAlgorithm, "genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha1", ""},
		{ErrKeyMissing, "genpkey -algorithm ed25519", "pkey -pubout"},
	} {
		text := run(nil, strings.Fields(c.command)...)
		if c.then != "" {
			text = run(text, strings.Fields(c.then)...)
		}
		var key PrivateKey
		if err := key.ParsePEM(make([]byte, len(text)), text); err != c.want {
			t.Errorf("%s, %s: %v, want %v", c.command, c.then, err, c.want)
		}
		if (key.Algorithm() != 0) != (c.want == nil) {
			t.Errorf("%s, %s: algorithm %v", c.command, c.then, key.Algorithm())
		}
	}
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := asn1.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestInconsistentKeys: parts that do not belong together are refused when the key is read.
func TestInconsistentKeys(t *testing.T) {
	all := keys(t)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edited := map[string][]byte{}

	// A byte of one of the numbers of an RSA key: n, d and the rest. d we do not need.
	pkcs1 := all[3].forms(t)[xpem.RSAPrivateKey]
	rsaKey := all[3].std.(*rsa.PrivateKey)
	for name, part := range map[string][]byte{
		"n": rsaKey.N.Bytes(), "p": rsaKey.Primes[0].Bytes(), "q": rsaKey.Primes[1].Bytes(), "dp": rsaKey.Precomputed.Dp.Bytes(),
		"dq": rsaKey.Precomputed.Dq.Bytes(), "qinv": rsaKey.Precomputed.Qinv.Bytes(),
	} {
		at := bytes.Index(pkcs1, part)
		wrong := bytes.Clone(pkcs1)
		wrong[at+len(part)/2] ^= 4
		edited["RSA, "+name] = wrong
	}

	// The public key of somebody else.
	p256 := all[0].std.(*ecdsa.PrivateKey)
	own, err := p256.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	others, err := other.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for label, b := range all[0].forms(t) {
		edited["P-256, "+label] = bytes.Replace(b, own, others, 1)
	}
	ed := all[2].std.(ed25519.PrivateKey)
	type attributed struct {
		Version   int
		Algorithm struct{ OID asn1.ObjectIdentifier }
		Key       []byte
		Public    asn1.BitString `asn1:"tag:1"`
	}
	v2 := attributed{Version: 1, Key: marshal(t, ed.Seed()), Public: asn1.BitString{Bytes: ed.Public().(ed25519.PublicKey), BitLength: 256}}
	v2.Algorithm.OID = asn1.ObjectIdentifier{1, 3, 101, 112}
	var key PrivateKey
	if err := key.Parse(marshal(t, v2)); err != nil || !key.Matches(all[2].public(t)) {
		t.Errorf("Ed25519 with its public key (RFC 5958): %v", err)
	}
	v2.Public.Bytes = fill(32)
	edited["Ed25519"] = marshal(t, v2)

	// 0 and the order of the group are no private keys.
	order := elliptic.P256().Params().N.Bytes()
	for name, scalar := range map[string][]byte{"0": make([]byte, 32), "order": order} {
		edited["P-256, private key "+name] = marshal(t, struct {
			Version int
			Key     []byte
			Curve   asn1.ObjectIdentifier `asn1:"explicit,tag:0"`
		}{1, scalar, asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}})
	}
	for name, b := range edited {
		if err := key.Parse(b); err != ErrKeyInconsistent {
			t.Errorf("%s: %v", name, err)
		}
		if key.Algorithm() != 0 || key.Supports(ECDSAWithP256AndSHA256) || key.p256 != [32]byte{} || key.ed25519 != [64]byte{} || key.rsa.P != nil {
			t.Errorf("%s: a part of the key remains", name)
		}
	}
}

// TestMalformedKeys: not DER, not a key, or with something too much.
func TestMalformedKeys(t *testing.T) {
	var key PrivateKey
	for _, k := range keys(t) {
		for label, b := range k.forms(t) {
			for length := range len(b) {
				if key.Parse(b[:length]) == nil {
					t.Errorf("%s, %s: accepted when cut to %d of %d bytes", k.name, label, length, len(b))
				}
			}
			if err := key.Parse(append(bytes.Clone(b), 0)); err != ErrKeyFormat {
				t.Errorf("%s, %s: a byte behind: %v", k.name, label, err)
			}
			// An element at the end of the outer sequence that does not belong there. All lengths are in the long form or short ones.
			var raw asn1.RawValue
			if _, err := asn1.Unmarshal(b, &raw); err != nil {
				t.Fatal(err)
			}
			more := marshal(t, asn1.RawValue{Class: raw.Class, Tag: raw.Tag, IsCompound: true, Bytes: append(bytes.Clone(raw.Bytes), 5, 0)})
			if err := key.Parse(more); err != ErrKeyFormat {
				t.Errorf("%s, %s: an element behind: %v", k.name, label, err)
			}
		}
	}
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(x25519)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":           {nil, ErrKeyFormat},
		"empty sequence":    {[]byte{0x30, 0}, ErrKeyFormat},
		"text":              {[]byte("-----BEGIN PRIVATE KEY-----"), ErrKeyFormat},
		"X25519":            {pkcs8, ErrKeyAlgorithm},
		"version 2":         {[]byte{0x30, 5, 2, 1, 2, 0x30, 0}, ErrKeyFormat},
		"encrypted, nearly": {[]byte{0x30, 5, 0x30, 0, 4, 1, 9}, ErrKeyEncrypted},
		"certificate":       {[]byte{0x30, 4, 0x30, 0, 0x30, 0}, ErrKeyFormat},
	} {
		if err := key.Parse(c.b); err != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestPEM: what is wrong with a PEM text is told apart.
func TestPEM(t *testing.T) {
	k := keys(t)[0]
	good := string(pem.EncodeToMemory(&pem.Block{Type: xpem.PrivateKey, Bytes: k.pkcs8(t)}))
	certificate := "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"key":                     {good, nil},
		"certificate before":      {certificate + good, nil},
		"broken block before":     {"-----BEGIN CERTIFICATE-----\nM*A=\n-----END CERTIFICATE-----\n" + good, nil},
		"two keys":                {good + "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", nil},
		"nothing":                 {"", ErrKeyMissing},
		"certificate only":        {certificate, ErrKeyMissing},
		"key without end":         {good[:len(good)-8], ErrKeyMissing},
		"other label at the end":  {strings.Replace(good, "END PRIVATE", "END RSA PRIVATE", 1), ErrKeyMissing},
		"not base64":              {strings.Replace(good, "MI", "M*", 1), ErrKeyFormat},
		"not a key":               {"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", ErrKeyFormat},
		"encrypted":               {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n", ErrKeyEncrypted},
		"encrypted, old":          {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMAA=\n-----END RSA PRIVATE KEY-----\n", ErrKeyEncrypted},
		"encrypted, behind a key": {good + "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n", nil},
	} {
		text := []byte(c.text)
		var key PrivateKey
		err := key.ParsePEM(make([]byte, len(text)), text)
		if err != c.want || (key.Algorithm() != 0) != (err == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	var key PrivateKey
	if err := key.ParsePEM(make([]byte, 20), []byte(good)); err == nil || key.Algorithm() != 0 {
		t.Errorf("too little memory: %v", err)
	}
	if n := testing.AllocsPerRun(5, func() { key.ParsePEM(nil, []byte(nil)) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestErrorTexts(t *testing.T) {
	seen := map[string]bool{"": true, Error(0).Error(): true}
	for e := ErrKeyFormat; e <= ErrSigning; e++ {
		if seen[e.Error()] {
			t.Errorf("error %d: %q", e, e.Error())
		}
		seen[e.Error()] = true
	}
	if !strings.Contains(ErrKeyEncrypted.Error(), "openssl") {
		t.Error("no remedy for encrypted keys")
	}
}

// TestSizes: the comments of the types say how large they are on 32 bits.
func TestSizes(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 4 {
		t.Skip("sizes are asserted on 32 bits: GOARCH=386 go test")
	}
	if n := unsafe.Sizeof(PrivateKey{}); n > 448 {
		t.Errorf("PrivateKey has %d bytes", n)
	}
	if n := unsafe.Sizeof(Verifier{}); n > 384 {
		t.Errorf("Verifier has %d bytes", n)
	}
	t.Logf("PrivateKey %d, Verifier %d bytes", unsafe.Sizeof(PrivateKey{}), unsafe.Sizeof(Verifier{}))
}
