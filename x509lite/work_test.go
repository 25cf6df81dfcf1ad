package x509lite

import (
	"fmt"
	"testing"
	"time"

	"colibri/fuzz/vectors"
)

// pathological makes a chain of n CAs that leads nowhere near the anchor or, if it leads there, cannot be
// verified: names and keys are all the same or all different.
func pathological(n int, sameName, sameKey, anchored bool) (o *Options, chain [][]byte) {
	name := func(i int) []byte {
		if sameName {
			return cn("x")
		}
		return cn(fmt.Sprint("x", i))
	}
	key := func(i int) *signer {
		if sameKey {
			return edKey("x")
		}
		return edKey(fmt.Sprint("x", i))
	}
	// No key identifiers: the legacy switch takes away what would cut the search short.
	strip := func(s *spec) []byte {
		s.remove(35)
		s.remove(14)
		return s.der()
	}
	leaf := newLeaf(leafKey, key(0), name(0))
	leaf.remove(35)
	chain = append(chain, leaf.der())
	for i := range n {
		s := newCA(key(i), key(i+1), name(i), name(i+1))
		s.serial = number(int64(i + 1))
		chain = append(chain, strip(s))
	}
	anchor := newCA(rootKey, rootKey, rootName, rootName)
	if anchored {
		// The anchor bears the name that the path looks for, but another key: every path that reaches it
		// costs signatures.
		anchor = newCA(rootKey, rootKey, name(3), name(3))
	}
	o = &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Name: host("changeme.example.com"), Usage: UsageServer, Now: suiteNow, Legacy: LegacyKeyIdentifiers}
	if err := o.Anchors.Add(strip(anchor)); err != nil {
		panic(err)
	}
	return o, chain
}

// TestPathologicalChains: no chain makes the verifier work beyond its budgets. The table shows what each kind
// costs.
func TestPathologicalChains(t *testing.T) {
	var v Verifier
	for i := range 8 {
		sameName, sameKey, anchored := i&1 != 0, i&2 != 0, i&4 != 0
		o, chain := pathological(100, sameName, sameKey, anchored)
		c := o.Crypto.(*stdCrypto)
		err := v.Verify(o, chain)
		t.Logf("same name %-5v same key %-5v anchor in sight %-5v: %4d steps, %2d signatures: %v", sameName, sameKey, anchored,
			DefaultSteps-v.steps, c.calls, err)
		if err == nil {
			t.Error("accepted")
		}
		if c.calls > DefaultSignatures {
			t.Errorf("%d signatures", c.calls)
		}
	}
}

// TestPathologicalContents: CAs that cost as much to look at as one can, by their number of extensions or by
// their size, end the search as early as any, though nobody has signed them.
func TestPathologicalContents(t *testing.T) {
	var bases, names [][]byte
	for range 9000 {
		bases, names = append(bases, dnsName("a")), append(names, dnsName("a"))
	}
	for _, c := range []struct {
		name   string
		change change
	}{
		{"ordinary", func(*spec) {}},
		{"32 unknown extensions", func(s *spec) {
			for i := len(s.exts); i < MaxExtensions; i++ {
				s.exts = append(s.exts, ext{oid(1, 2, 3, 1000+i), false, nil})
			}
		}},
		{"9,000 constraints", func(s *spec) { s.set(constraints(bases, nil)) }},
		{"9,000 names", func(s *spec) { s.set(san(names...)) }},
	} {
		o, chain := pathological(0, true, false, false)
		octets := 0
		for i := range 12 {
			s := newCA(edKey(fmt.Sprint("x", i)), edKey(fmt.Sprint("x", i+1)), cn("x"), cn("x"))
			s.remove(35)
			s.remove(14)
			c.change(s)
			chain = append(chain, s.der())
			octets += len(chain[i+1])
		}
		var v Verifier
		start := time.Now()
		if err := v.Verify(o, chain); err != ErrBudgetSteps {
			t.Errorf("%s: %v", c.name, err)
		}
		t.Logf("%-22s %6d octets in the chain, %v", c.name, octets, time.Since(start).Round(10*time.Microsecond))
	}
}

// TestLimboWork: the cases of x509-limbo that deny service stay within the budgets, with the legacy switch as
// well, which takes away what ends most of them early.
func TestLimboWork(t *testing.T) {
	var suite struct {
		Testcases []limboCase `json:"testcases"`
	}
	vectors.Read(t, "x509-limbo/limbo.json.gz", &suite)
	var v Verifier
	n := 0
	for i := range suite.Testcases {
		c := &suite.Testcases[i]
		o, chain, _ := c.options(t)
		if len(chain) < 50 && len(chain[0]) < 10_000 && c.ID[:5] != "patho" {
			continue
		}
		n++
		for _, o.Legacy = range []Legacy{0, LegacyKeyIdentifiers} {
			crypto := new(stdCrypto)
			o.Crypto = crypto
			err := v.Verify(o, chain)
			t.Logf("%-66s legacy %d: %4d steps, %2d signatures, %5d comparisons: %v", c.ID, o.Legacy, DefaultSteps-v.steps, crypto.calls,
				DefaultComparisons-v.comparisons, err)
			if crypto.calls > DefaultSignatures {
				t.Errorf("%s: %d signatures", c.ID, crypto.calls)
			}
			if err == nil && c.ExpectedResult != "SUCCESS" {
				t.Errorf("%s: accepted", c.ID)
			}
		}
	}
	if n < 8 {
		t.Errorf("only %d cases", n)
	}
}
