package x509lite

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// issued is a certificate with its key, made by the standard library.
type issued struct {
	der  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

var start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// issue makes a certificate signed by parent, or a self-signed one. change may alter the template.
func issue(t testing.TB, name string, parent *issued, ca bool, change func(*x509.Certificate)) *issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: start, NotAfter: start.AddDate(1, 0, 0),
		BasicConstraintsValid: true, IsCA: ca, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if ca {
		template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	} else {
		template.DNSNames = []string{name}
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	if change != nil {
		change(template)
	}
	signer, signerKey := template, key
	if parent != nil {
		signer, signerKey = parent.cert, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer, &key.PublicKey, signerKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &issued{der, cert, key}
}

// chain3 makes a root, an intermediate and an end entity for changeme, and options to verify them with.
func chain3(t testing.TB) (o *Options, root, ca, leaf *issued) {
	root = issue(t, "root", nil, true, nil)
	ca = issue(t, "ca", root, true, nil)
	leaf = issue(t, "changeme", ca, false, nil)
	o = &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Now: start.Unix() + 1, Name: host("changeme"), Usage: UsageServer}
	if err := o.Anchors.Add(root.der); err != nil {
		t.Fatal(err)
	}
	return o, root, ca, leaf
}

func TestSimpleChain(t *testing.T) {
	o, root, ca, leaf := chain3(t)
	stranger := issue(t, "stranger", nil, true, nil)
	var v Verifier
	for name, chain := range map[string][][]byte{
		"in order":       {leaf.der, ca.der},
		"with the root":  {leaf.der, ca.der, root.der},
		"wrong order":    {leaf.der, root.der, ca.der},
		"with strangers": {leaf.der, stranger.der, {0x30}, leaf.der, ca.der},
	} {
		if err := v.Verify(o, chain); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if v.Culprit() != -1 || v.Notes() != 0 {
			t.Errorf("%s: culprit %d, notes %b", name, v.Culprit(), v.Notes())
		}
		var path [4]uint8
		if n := v.Path(path[:]); n != 2 || path[0] != 0 || string(chain[path[1]]) != string(ca.der) {
			t.Errorf("%s: path %v", name, path[:n])
		}
	}
	if err := v.Verify(o, [][]byte{leaf.der}); err != ErrUnknownIssuer {
		t.Errorf("without the intermediate: %v", err)
	}
	if err := v.Verify(o, nil); err != ErrNoCertificate {
		t.Errorf("without anything: %v", err)
	}
}

func TestOptions(t *testing.T) {
	o, _, ca, leaf := chain3(t)
	chain := [][]byte{leaf.der, ca.der}
	for name, v := range map[string]struct {
		change func(*Options)
		want   error
	}{
		"nothing changed":          {func(o *Options) {}, nil},
		"no anchors":               {func(o *Options) { o.Anchors = nil }, ErrOptions},
		"empty anchors":            {func(o *Options) { o.Anchors = new(Anchors) }, ErrUnknownIssuer},
		"no crypto":                {func(o *Options) { o.Crypto = nil }, ErrOptions},
		"no usage":                 {func(o *Options) { o.Usage = 0 }, ErrOptions},
		"unknown usage":            {func(o *Options) { o.Usage = 3 }, ErrOptions},
		"unknown profile":          {func(o *Options) { o.Profile = profiles }, ErrOptions},
		"unknown legacy switch":    {func(o *Options) { o.Legacy = 0x80 }, ErrOptions},
		"too many intermediates":   {func(o *Options) { o.MaxIntermediates = maxPath }, ErrOptions},
		"negative time":            {func(o *Options) { o.Now = -1 }, ErrOptions},
		"negative floor":           {func(o *Options) { o.Floor = -1 }, ErrOptions},
		"a name with a space":      {func(o *Options) { o.Name = host("change me") }, ErrName},
		"a name that was not set":  {func(o *Options) { o.Name = new(Host) }, ErrName},
		"no intermediates allowed": {func(o *Options) { o.MaxIntermediates = -1 }, ErrPathLength},
		"one signature allowed":    {func(o *Options) { o.MaxSignatures = 1 }, ErrBudgetSignatures},
		"one step allowed":         {func(o *Options) { o.MaxSteps = 1 }, ErrBudgetSteps},
		"two steps suffice":        {func(o *Options) { o.MaxSteps = 2; o.MaxSignatures = 2 }, nil},
		"another name":             {func(o *Options) { o.Name = host("changed") }, ErrNameMismatch},
		"no name":                  {func(o *Options) { o.Name = nil }, nil},
		"client":                   {func(o *Options) { o.Usage = UsageClient }, nil},
		"Suite B":                  {func(o *Options) { o.Profile = ProfileSuiteB }, nil},
		"no clock":                 {func(o *Options) { o.Now = 0 }, ErrNoClock},
		"first second":             {func(o *Options) { o.Now = start.Unix() }, nil},
		"too early":                {func(o *Options) { o.Now = start.Unix() - 1 }, ErrNotYetValid},
		"last second":              {func(o *Options) { o.Now = start.AddDate(1, 0, 0).Unix() }, nil},
		"too late":                 {func(o *Options) { o.Now = start.AddDate(1, 0, 0).Unix() + 1 }, ErrExpired},
		"floor before the clock":   {func(o *Options) { o.Floor = o.Now }, nil},
	} {
		p := *o
		v.change(&p)
		var verifier Verifier
		if err := verifier.Verify(&p, chain); err != v.want {
			t.Errorf("%s: %v, want %v", name, err, v.want)
		}
	}
}

// TestFloor: the time of the build stands in for a clock that is unknown or behind it.
func TestFloor(t *testing.T) {
	o, _, ca, leaf := chain3(t)
	chain := [][]byte{leaf.der, ca.der}
	end := start.AddDate(1, 0, 0).Unix()
	for _, c := range []struct {
		now, floor int64
		want       error
	}{
		{0, start.Unix() - 1000, nil}, // not yet valid at the build, which says nothing about today
		{0, start.Unix() + 1, nil},
		{0, end, nil},
		{0, end + 1, ErrExpired},
		{start.Unix() + 5, start.Unix() + 6, nil},
		{start.Unix() + 5, end + 1, ErrExpired},
	} {
		o.Now, o.Floor = c.now, c.floor
		var v Verifier
		if err := v.Verify(o, chain); err != c.want {
			t.Errorf("now %d, floor %d: %v, want %v", c.now, c.floor, err, c.want)
		} else if err == nil && v.Notes() != NoteFloor {
			t.Errorf("now %d, floor %d: notes %b", c.now, c.floor, v.Notes())
		}
	}
}

func TestVerifyAllocations(t *testing.T) {
	o, _, ca, leaf := chain3(t)
	o.Crypto = yes{}
	chain := [][]byte{leaf.der, ca.der}
	v := new(Verifier)
	if n := testing.AllocsPerRun(100, func() {
		if err := v.Verify(o, chain); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	o.Name = host("elsewhere")
	if n := testing.AllocsPerRun(100, func() {
		if err := v.Verify(o, chain); err != ErrNameMismatch {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations on failure", n)
	}
}

// yes takes every signature for good.
type yes struct{}

func (yes) VerifySignature(SignatureAlgorithm, *PublicKey, []byte, []byte) bool { return true }
