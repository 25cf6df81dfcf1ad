package x509lite

import (
	"bytes"
	"crypto/elliptic"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"colibri/x509lite/der"
)

var update = flag.Bool("update", false, "write testdata/suite anew")

// The parties of the suite: root issues ca, ca issues leaf.
var (
	rootKey, caKey, leafKey, otherKey = edKey("root"), edKey("ca"), edKey("leaf"), edKey("other")
	rootName, caName                  = cn("root"), cn("ca")
)

// change alters a certificate before it is signed.
type change func(*spec)

// kase describes a case by what differs from a sound one.
type kase struct {
	options        string
	root, ca, leaf change
	rootKey, caKey *signer // other keys for the two, and the algorithms they sign with
	rootAlg, caAlg []byte
	direct         bool    // root issues leaf
	anchors        []*spec // instead of root
	chain          []*spec // instead of leaf and ca
	extra          []*spec // after leaf and ca
	crls           []*crlSpec
}

type suite struct {
	table   strings.Builder
	objects [][]byte
	numbers map[string]int
	random  map[int]bool // objects that differ each time
}

// object is the number of an object; equal ones are stored once.
func (s *suite) object(b []byte) int {
	n, ok := s.numbers[string(b)]
	if !ok {
		n = len(s.objects)
		s.objects = append(s.objects, b)
		s.numbers[string(b)] = n
	}
	return n
}

func (s *suite) list(specs []*spec) string {
	var f []string
	for _, p := range specs {
		n := s.object(p.der())
		if bytes.HasPrefix(p.alg, algPSS256[:8]) && len(p.alg) > 20 {
			s.random[n] = true
		}
		f = append(f, fmt.Sprint(n))
	}
	return strings.Join(f, " ")
}

func or(k, otherwise *signer) *signer {
	if k == nil {
		return otherwise
	}
	return k
}

// add writes a case to the table.
func (s *suite) add(name, want string, k kase) {
	rk, ck := or(k.rootKey, rootKey), or(k.caKey, caKey)
	root := newCA(rk, rk, rootName, rootName)
	if k.rootAlg != nil {
		root.alg = k.rootAlg
	}
	if k.root != nil {
		k.root(root)
	}
	ca := newCA(ck, rk, caName, root.subject)
	ca.alg = root.alg
	if k.ca != nil {
		k.ca(ca)
	}
	leaf := newLeaf(leafKey, ck, ca.subject)
	if k.caAlg != nil {
		leaf.alg = k.caAlg
	}
	chain := []*spec{leaf, ca}
	if k.direct {
		leaf = newLeaf(leafKey, rk, root.subject)
		leaf.alg = root.alg
		chain = []*spec{leaf}
	}
	if k.leaf != nil {
		k.leaf(leaf)
	}
	if k.chain != nil {
		chain = k.chain
	}
	chain = append(chain, k.extra...)
	anchors := []*spec{root}
	if k.anchors != nil {
		anchors = k.anchors
	}
	options := k.options
	if len(k.crls) > 0 {
		var f []string
		for _, l := range k.crls {
			f = append(f, fmt.Sprint(s.object(l.der())))
		}
		options += " crl=" + strings.Join(f, ",")
	}
	fmt.Fprintf(&s.table, "%s | %s | %s | %s | %s\n", name, want, strings.TrimSpace(options), s.list(anchors), s.list(chain))
}

// makeSuite makes the table and the objects. In a small program, which knows nothing else, its keys are on P-256.
func makeSuite() *suite {
	s := &suite{numbers: map[string]int{}, random: map[int]bool{}}
	s.table.WriteString("# Made by suite_gen_test.go; suite_test.go describes the columns. A name is an area, a slash, and what the case shows.\n")
	for _, group := range []func(*suite){
		suitePaths, suiteIdentity, suiteNameForms, suiteTimes, suiteStructure, suiteAlgorithms, suiteKeys, suiteExtensions, suiteUsages,
		suiteConstraints, suitePolicies, suiteBaseline, suiteRevocation, suiteLegacy,
	} {
		group(s)
	}
	return s
}

// TestSuiteGenerator makes the suite and compares it with what is in testdata, or writes it there.
func TestSuiteGenerator(t *testing.T) {
	if small {
		t.Skip("testdata/suite is for programs that know everything")
	}
	s := makeSuite()
	var blob []byte
	for _, o := range s.objects {
		blob = append(blob, octets(o)...)
	}
	if *update {
		if err := os.MkdirAll("testdata/suite", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/suite/cases.txt", []byte(s.table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/suite/objects.der", blob, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	_, objects := readSuite(t)
	text, err := os.ReadFile("testdata/suite/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != s.table.String() {
		t.Error("testdata/suite/cases.txt is not what the generator makes; run it with -update")
	}
	if len(objects) != len(s.objects) {
		t.Fatalf("testdata/suite/objects.der has %d objects, the generator makes %d; run it with -update", len(objects), len(s.objects))
	}
	for i := range objects {
		if !s.random[i] && !bytes.Equal(objects[i], s.objects[i]) {
			t.Fatalf("object %d is not what the generator makes; run it with -update", i)
		}
	}
}

func suitePaths(s *suite) {
	a, b, c := edKey("a"), edKey("b"), edKey("c")
	nameA, nameB, nameC := cn("a"), cn("b"), cn("c")
	root := newCA(rootKey, rootKey, rootName, rootName)
	other := newCA(otherKey, otherKey, cn("other"), cn("other"))
	ca := newCA(caKey, rootKey, caName, rootName)
	leaf := newLeaf(leafKey, caKey, caName)
	pathLen := func(n int64) change { return func(s *spec) { s.set(ce(19, true, seq(asn1True, number(n)))) } }

	s.add("path/sound", "ok", kase{})
	s.add("path/issued by the anchor", "ok", kase{direct: true})
	s.add("path/several anchors", "ok", kase{anchors: []*spec{other, root}})
	s.add("path/no anchor", "ErrUnknownIssuer", kase{anchors: []*spec{}})
	s.add("path/wrong anchor", "ErrUnknownIssuer", kase{anchors: []*spec{other}})
	s.add("path/untrusted root in the chain", "ErrUntrustedRoot", kase{anchors: []*spec{other}, extra: []*spec{root}})
	s.add("path/untrusted root without key identifiers", "ErrUntrustedRoot", kase{anchors: []*spec{other}, extra: func() []*spec {
		r := newCA(rootKey, rootKey, rootName, rootName)
		r.remove(35)
		return []*spec{r}
	}()})
	s.add("path/anchor repeated in the chain", "ok", kase{extra: []*spec{root}})
	s.add("path/wrong order", "ok", kase{chain: []*spec{leaf, root, other, ca}})
	s.add("path/intermediate missing", "ErrUnknownIssuer", kase{chain: []*spec{leaf}})
	s.add("path/end entity not first", "ErrNameMismatch", kase{chain: []*spec{ca, leaf}})
	s.add("path/certificates repeated", "ok", kase{chain: []*spec{leaf, leaf, ca, ca, ca}})
	s.add("path/garbage beside", "ok", kase{chain: []*spec{leaf, mangled(ca, func([]byte) []byte { return []byte{0x30, 1} }), ca}})
	s.add("path/empty chain", "ErrNoCertificate", kase{chain: []*spec{}})
	s.add("path/anchor is an intermediate", "ok", kase{anchors: []*spec{ca}})
	s.add("path/the end entity's own self-signed certificate as anchor", "ErrNotCA", kase{
		anchors: []*spec{newLeaf(leafKey, leafKey, cn("changeme.example.com"))},
		chain:   []*spec{newLeaf(leafKey, leafKey, cn("changeme.example.com"))}})
	s.add("path/self-signed end entity", "ErrUnknownIssuer", kase{chain: []*spec{newLeaf(leafKey, leafKey, cn("changeme.example.com"))}})
	s.add("path/signature of the end entity", "ErrSignature", kase{leaf: func(s *spec) { s.badSignature = true }})
	s.add("path/signature of the intermediate", "ErrSignature", kase{ca: func(s *spec) { s.badSignature = true }})
	s.add("path/signature of the anchor does not matter", "ok", kase{root: func(s *spec) { s.badSignature = true }})
	s.add("path/signed by the wrong key", "ErrSignature", kase{leaf: func(s *spec) { s.signer = otherKey }})
	s.add("path/key identifiers differ", "ErrKeyIdentifier", kase{leaf: func(s *spec) { s.set(ce(35, false, seq(tlv(0x80, []byte("none"))))) }})
	s.add("path/key identifier chooses the CA's certificate", "ok", kase{chain: []*spec{leaf, newCA(otherKey, rootKey, caName, rootName), ca}})
	s.add("path/names chain without regard to case", "ok", kase{leaf: func(s *spec) { s.issuer = cn("CA") }})
	s.add("path/names chain without regard to spaces", "ok", kase{ca: func(s *spec) { s.subject = cn("the  ca ") }, leaf: func(s *spec) { s.issuer = cn(" The ca") }})
	s.add("path/names chain across string types", "ok", kase{leaf: func(s *spec) {
		s.issuer = seq(attribute(oid(2, 5, 4, 3), tlv(der.PrintableString, []byte("ca"))))
	}})
	s.add("path/names differ", "ErrUnknownIssuer", kase{leaf: func(s *spec) { s.issuer = cn("c a") }})
	s.add("path/names differ in a type", "ErrUnknownIssuer", kase{leaf: func(s *spec) { s.issuer = seq(attribute(oid(2, 5, 4, 10), utf8String("ca"))) }})
	s.add("path/names differ at the end", "ErrUnknownIssuer", kase{leaf: func(s *spec) {
		s.issuer = seq(attribute(oid(2, 5, 4, 3), utf8String("ca")), attribute(oid(2, 5, 4, 3), utf8String("ca")))
	}})
	s.add("path/name is the front of the issuer's", "ErrUnknownIssuer", kase{ca: func(s *spec) { s.subject = cn("ca ca") }, leaf: func(s *spec) { s.issuer = cn("ca") }})
	s.add("path/name continues the issuer's", "ErrUnknownIssuer", kase{leaf: func(s *spec) { s.issuer = cn("caa") }})
	s.add("path/names differ in a second value", "ErrUnknownIssuer", kase{leaf: func(s *spec) {
		s.issuer = seq(tlv(der.Set, seq(oid(2, 5, 4, 3), utf8String("ca")), seq(oid(2, 5, 4, 10), utf8String("ca"))))
	}})
	s.add("path/names differ in a string type that is not ASCII", "ErrUnknownIssuer", kase{leaf: func(s *spec) {
		s.issuer = seq(attribute(oid(2, 5, 4, 3), tlv(der.BMPString, []byte("ca"))))
	}})
	s.add("path/names in a string type that is not ASCII differ", "ErrUnknownIssuer", kase{ca: func(s *spec) {
		s.subject = seq(attribute(oid(2, 5, 4, 3), tlv(der.BMPString, []byte("ca"))))
	}, leaf: func(s *spec) { s.issuer = seq(attribute(oid(2, 5, 4, 3), tlv(der.BMPString, []byte("cb")))) }})
	s.add("path/names differ in length", "ErrUnknownIssuer", kase{leaf: func(s *spec) { s.issuer = dn("ca", "ca") }})

	// Cross-signing.
	expired := newCA(caKey, otherKey, caName, cn("other"))
	expired.notAfter = utc("241231235959Z")
	s.add("path/cross-signed, the other one has expired", "ok", kase{anchors: []*spec{root, other}, chain: []*spec{leaf, expired, ca}})
	s.add("path/cross-signed, all have expired", "ErrExpired", kase{anchors: []*spec{other}, chain: []*spec{leaf, expired, ca}})
	crossed := newCA(rootKey, otherKey, rootName, cn("other"))
	s.add("path/root signed by another root", "ok", kase{anchors: []*spec{other}, chain: []*spec{leaf, ca, crossed}})
	s.add("path/both roots trusted", "ok", kase{anchors: []*spec{root, other}, chain: []*spec{leaf, ca, crossed}})
	s.add("path/longest allowed", "ok", kase{options: "depth=9", chain: deepChain(9)})
	s.add("path/default allows six intermediates", "ok", kase{chain: deepChain(6)})
	s.add("path/default refuses seven intermediates", "ErrPathLength", kase{chain: deepChain(7)})
	s.add("path/depth 1 refuses two", "ErrPathLength", kase{options: "depth=1", chain: deepChain(2)})
	s.add("path/depth none refuses one", "ErrPathLength", kase{options: "depth=-1"})
	s.add("path/depth none allows none", "ok", kase{options: "depth=-1", direct: true})

	// Loops.
	ab := newCA(a, b, nameA, nameB)
	ba := newCA(b, a, nameB, nameA)
	viaA := newLeaf(leafKey, a, nameA)
	s.add("path/two CAs sign each other", "ErrUnknownIssuer", kase{chain: []*spec{viaA, ab, ba}})
	s.add("path/two CAs sign each other and one is signed by the root", "ok", kase{chain: []*spec{viaA, ab, ba, newCA(b, rootKey, nameB, rootName)}})
	ac := newCA(a, c, nameA, nameC)
	s.add("path/three CAs in a ring", "ErrLoop", kase{chain: []*spec{viaA, ab, newCA(b, c, nameB, nameC), newCA(c, a, nameC, nameA), ac}})
	second := newCA(otherKey, rootKey, caName, rootName)
	renewed := newCA(otherKey, caKey, caName, caName)
	s.add("path/CA with a new key, self-issued", "ok", kase{chain: []*spec{newLeaf(leafKey, otherKey, caName), renewed, ca}})
	s.add("path/self-issued does not count for pathLen", "ok", kase{ca: pathLen(0), chain: func() []*spec {
		p := newCA(caKey, rootKey, caName, rootName)
		pathLen(0)(p)
		return []*spec{newLeaf(leafKey, otherKey, caName), renewed, p}
	}()})
	s.add("path/self-issued does not count for depth", "ok", kase{options: "depth=1", chain: []*spec{newLeaf(leafKey, otherKey, caName), renewed, ca}})
	s.add("path/as many self-issued as there is room for", "ok", kase{options: "depth=1", chain: selfIssuedChain(9)})
	s.add("path/one self-issued more", "ErrPathLength", kase{options: "depth=1", chain: selfIssuedChain(10)})
	s.add("path/same name, two keys, right one second", "ok", kase{chain: []*spec{leaf, second, ca}})

	// pathLenConstraint.
	s.add("pathlen/0 above the end entity", "ok", kase{ca: pathLen(0)})
	s.add("pathlen/1 in the root, one intermediate", "ok", kase{root: pathLen(1)})
	s.add("pathlen/0 in the root, one intermediate", "ErrPathLength", kase{root: pathLen(0)})
	s.add("pathlen/0 in the root, none", "ok", kase{root: pathLen(0), direct: true})
	s.add("pathlen/huge", "ok", kase{root: func(s *spec) { s.set(ce(19, true, seq(asn1True, number(1<<40)))) }})
	s.add("pathlen/255", "ok", kase{root: pathLen(255)})
	s.add("pathlen/256", "ok", kase{root: pathLen(256)})
	s.add("pathlen/in the end entity is ignored", "ok", kase{leaf: func(s *spec) {
		s.set(ce(19, true, seq(asn1True, number(0))))
		s.set(ce(15, true, keyUsageBits(0, 5)))
	}})
	s.add("pathlen/without cA", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(19, true, seq(number(0)))) }})
	s.add("pathlen/negative", "ErrExtension", kase{root: func(s *spec) { s.set(ce(19, true, seq(asn1True, tlv(2, []byte{0xff})))) }})

	// Budgets.
	s.add("budget/one signature for two", "ErrBudgetSignatures", kase{options: "signatures=1"})
	s.add("budget/two signatures for two", "ok", kase{options: "signatures=2"})
	s.add("budget/one step for two", "ErrBudgetSteps", kase{options: "steps=1"})
	s.add("budget/a stranger costs a step", "ErrBudgetSteps", kase{options: "steps=1", chain: []*spec{leaf, other, ca}})
	s.add("budget/two steps for two", "ok", kase{options: "steps=2"})
	large := func(size int) change { // a certificate of that many octets, and some
		return func(s *spec) { s.exts = append(s.exts, ext{oid(1, 2, 3), false, make([]byte, size)}) }
	}
	s.add("budget/a large certificate costs more", "ErrBudgetSteps", kase{options: "steps=2", ca: large(stepSize)})
	s.add("budget/a large certificate costs one more", "ok", kase{options: "steps=3", ca: large(stepSize)})
	var many []*spec
	for i := 0; i < MaxChain-2; i++ {
		many = append(many, other)
	}
	s.add("budget/largest chain", "ok", kase{extra: many})
	s.add("budget/chain too long", "ErrChainTooLong", kase{extra: append(many, other)})
	s.add("budget/names", "ErrBudgetNames", kase{options: "comparisons=3", ca: func(s *spec) {
		s.set(constraints([][]byte{dnsName("a"), dnsName("example.com")}, nil))
	}})
	long := func(s *spec) {
		s.set(san(dnsName("changeme.example.com"), uriName("a:"+strings.Repeat("b", comparisonSize))))
	}
	s.add("budget/a long name costs more", "ErrBudgetNames", kase{options: "comparisons=3", leaf: long, ca: func(s *spec) {
		s.set(constraints(nil, [][]byte{dnsName("a")}))
	}})
	s.add("budget/a long name costs one more", "ok", kase{options: "comparisons=4", leaf: long, ca: func(s *spec) {
		s.set(constraints(nil, [][]byte{dnsName("a")}))
	}})
	s.add("budget/names suffice", "ok", kase{options: "comparisons=4", ca: func(s *spec) {
		s.set(constraints([][]byte{dnsName("a"), dnsName("example.com")}, nil))
	}})

	// Anchors as names and keys.
	for _, kind := range []string{"triples", "packed"} {
		o := "anchors=" + kind
		s.add("anchor/"+kind, "ok", kase{options: o})
		s.add("anchor/"+kind+" among others", "ok", kase{options: o, anchors: []*spec{other, root, ca}})
		s.add("anchor/"+kind+" of another name", "ErrUnknownIssuer", kase{options: o, anchors: []*spec{other}})
		s.add("anchor/"+kind+" with another key", "ErrSignature", kase{options: o, anchors: []*spec{newCA(otherKey, otherKey, rootName, rootName)}})
		s.add("anchor/"+kind+" with two keys of one name", "ok", kase{options: o, anchors: []*spec{newCA(otherKey, otherKey, rootName, rootName), root}})
		s.add("anchor/"+kind+" has no dates", "ok", kase{options: o, root: func(s *spec) { s.notAfter = utc("240601000000Z") }})
		s.add("anchor/"+kind+" constrains names", "ErrNameConstraints", kase{options: o, root: func(s *spec) {
			s.set(constraints(nil, [][]byte{dnsName("example.com")}))
		}})
		s.add("anchor/"+kind+" with malformed constraints", "ErrNameForm", kase{options: o, root: func(s *spec) {
			s.set(constraints(nil, [][]byte{dnsName("*.example.com")}))
		}})
	}
	s.add("anchor/expired", "ErrExpired", kase{root: func(s *spec) { s.notAfter = utc("240601000000Z") }})
	s.add("anchor/not yet valid", "ErrNotYetValid", kase{root: func(s *spec) { s.notBefore = utc("250601000000Z") }})
	s.add("anchor/of version 1", "ok", kase{root: func(s *spec) { s.version, s.exts = nil, nil }})
	s.add("anchor/serial number 0", "ok", kase{root: func(s *spec) { s.serial = number(0) }})
	s.add("anchor/signed with SHA-1", "ok", kase{root: func(s *spec) { s.alg, s.signer = algECDSA1, ecKey(elliptic.P256(), "old") }, ca: func(s *spec) { s.alg = algEd25519 }, leaf: func(s *spec) { s.alg = algEd25519 }})
}

// deepChain is a chain with n intermediates.
func deepChain(n int) []*spec {
	name, by := rootName, rootKey
	chain := make([]*spec, n+1)
	for i := n; i > 0; i-- {
		key := edKey(fmt.Sprint("deep", i))
		chain[i] = newCA(key, by, cn(fmt.Sprint("deep", i)), name)
		name, by = cn(fmt.Sprint("deep", i)), key
	}
	chain[0] = newLeaf(leafKey, by, name)
	return chain
}

// selfIssuedChain is a chain with n certificates of one CA above the end entity: the one that root issued, and n-1
// changes of key.
func selfIssuedChain(n int) []*spec {
	by, issuer := rootKey, rootName
	chain := make([]*spec, n+1)
	for i := n; i > 0; i-- {
		key := edKey(fmt.Sprint("self", i))
		chain[i] = newCA(key, by, cn("self"), issuer)
		by, issuer = key, cn("self")
	}
	chain[0] = newLeaf(leafKey, by, issuer)
	return chain
}

// mangled is a copy of a certificate that is changed once it is signed.
func mangled(s *spec, f func([]byte) []byte) *spec {
	m := *s
	m.change = f
	return &m
}
