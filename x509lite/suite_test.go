package x509lite

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"colibri/x509lite/der"
)

// The case suite is testdata/suite: cases.txt, one case a line, and objects.der, the certificates and CRLs it
// refers to, one DER element after the other, counted from 0. A line is
//
//	name | error, or ok | options | anchors | chain
//
// with options as parseOptions reads them, and anchors and chain as numbers of objects. suite_gen_test.go
// makes both files: go test -run TestSuiteGenerator -update

type suiteCase struct {
	name, want, options string
	anchors, chain      []int
}

// errorNames maps the names of the constants to the constants.
var errorNames = map[string]Error{
	"ok": 0, "ErrOptions": ErrOptions, "ErrName": ErrName, "ErrAnchor": ErrAnchor, "ErrNoCertificate": ErrNoCertificate,
	"ErrUnknownIssuer": ErrUnknownIssuer, "ErrLoop": ErrLoop, "ErrUntrustedRoot": ErrUntrustedRoot, "ErrKeyIdentifier": ErrKeyIdentifier,
	"ErrDER": ErrDER, "ErrTooLarge": ErrTooLarge, "ErrVersion": ErrVersion, "ErrSerial": ErrSerial,
	"ErrAlgorithmMismatch": ErrAlgorithmMismatch, "ErrTime": ErrTime, "ErrEmptyIssuer": ErrEmptyIssuer, "ErrEmptySubject": ErrEmptySubject,
	"ErrDuplicateExtension": ErrDuplicateExtension, "ErrExtension": ErrExtension, "ErrCriticality": ErrCriticality,
	"ErrMissingKeyIdentifier": ErrMissingKeyIdentifier, "ErrPublicKey": ErrPublicKey, "ErrNameForm": ErrNameForm,
	"ErrBaselineRequirements": ErrBaselineRequirements, "ErrCriticalExtension": ErrCriticalExtension, "ErrPolicy": ErrPolicy,
	"ErrUnsupportedAlgorithm": ErrUnsupportedAlgorithm, "ErrUnsupportedKey": ErrUnsupportedKey, "ErrNotCA": ErrNotCA,
	"ErrCAKeyUsage": ErrCAKeyUsage, "ErrPathLength": ErrPathLength, "ErrSignature": ErrSignature, "ErrNameConstraints": ErrNameConstraints,
	"ErrKeyUsage": ErrKeyUsage, "ErrExtendedKeyUsage": ErrExtendedKeyUsage, "ErrWeakKey": ErrWeakKey, "ErrCRL": ErrCRL,
	"ErrCRLExpired": ErrCRLExpired, "ErrRevocationUnknown": ErrRevocationUnknown, "ErrNameMismatch": ErrNameMismatch,
	"ErrNoClock": ErrNoClock, "ErrNotYetValid": ErrNotYetValid, "ErrExpired": ErrExpired, "ErrRevoked": ErrRevoked, "ErrPin": ErrPin,
	"ErrUnacceptableHash": ErrUnacceptableHash, "ErrChainTooLong": ErrChainTooLong, "ErrBudgetSteps": ErrBudgetSteps,
	"ErrBudgetSignatures": ErrBudgetSignatures, "ErrBudgetNames": ErrBudgetNames,
}

func nameOf(err error) string {
	for name, e := range errorNames {
		if err == e.result() {
			return name
		}
	}
	return fmt.Sprint(err)
}

// readSuite reads the two files.
func readSuite(t testing.TB) (cases []suiteCase, objects [][]byte) {
	t.Helper()
	if small {
		s := makeSuite()
		return readCases(t, s.table.String(), s.objects), s.objects
	}
	blob, err := os.ReadFile("testdata/suite/objects.der")
	if err != nil {
		t.Fatal(err)
	}
	for len(blob) > 0 {
		// Some objects are malformed inside, so that each stands in an OCTET STRING.
		c := der.Cursor(blob)
		object, ok := c.Read(der.OctetString)
		if !ok {
			t.Fatal("objects.der is malformed")
		}
		objects = append(objects, object)
		blob = c
	}
	text, err := os.ReadFile("testdata/suite/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	return readCases(t, string(text), objects), objects
}

// readCases reads the table.
func readCases(t testing.TB, text string, objects [][]byte) (cases []suiteCase) {
	numbers := func(s string) (list []int) {
		for _, f := range strings.Fields(s) {
			n, err := strconv.Atoi(f)
			if err != nil || n < 0 || n >= len(objects) {
				t.Fatalf("cases.txt: object %q", f)
			}
			list = append(list, n)
		}
		return list
	}
	for _, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "|")
		if len(f) != 5 {
			t.Fatalf("cases.txt: %q", line)
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		cases = append(cases, suiteCase{name: f[0], want: f[1], options: f[2], anchors: numbers(f[3]), chain: numbers(f[4])})
	}
	return cases
}

// suiteNow is 2025-01-01T00:00:00Z.
const suiteNow = 1735689600

// parseOptions reads key=value pairs:
//
//	name=HOST ("" for none)   usage=server|client   now=SECONDS   floor=SECONDS   profile=default|next|suiteb   rules=rfc5280|webpki
//	legacy=cn,kid,v1          depth=N (-1: none)    crl=OBJECT,OBJECT             unknown (CRLs.AllowUnknown)
//	anchors=certificates|triples|packed             signatures=N   steps=N   comparisons=N   notes=NUMBER (expected)
func parseOptions(t testing.TB, text string, objects [][]byte) (o *Options, anchors string, notes Notes) {
	o = &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Name: host("changeme.example.com"), Usage: UsageServer, Now: suiteNow}
	anchors = "certificates"
	for _, f := range strings.Fields(text) {
		key, value, _ := strings.Cut(f, "=")
		n, err := strconv.ParseInt(value, 10, 64)
		numeric := true
		switch key {
		case "now":
			o.Now = n
		case "floor":
			o.Floor = n
		case "depth":
			o.MaxIntermediates = int8(n)
		case "signatures":
			o.MaxSignatures = uint32(n)
		case "steps":
			o.MaxSteps = uint32(n)
		case "comparisons":
			o.MaxComparisons = uint32(n)
		case "notes":
			notes = Notes(n)
		default:
			numeric = false
		}
		if numeric {
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		for _, v := range strings.Split(value, ",") {
			switch key + "=" + v {
			case "usage=server", "profile=default", "rules=rfc5280":
			case "usage=client":
				o.Usage = UsageClient
			case "profile=next":
				o.Profile = ProfileNext
			case "profile=suiteb":
				o.Profile = ProfileSuiteB
			case "rules=webpki":
				o.Rules = WebPKI{}
			case "legacy=cn":
				o.Legacy |= LegacyCommonName
			case "legacy=kid":
				o.Legacy |= LegacyKeyIdentifiers
			case "legacy=v1":
				o.Legacy |= LegacyVersion1
			case "legacy=subject":
				o.Legacy |= LegacyEmptySubject
			case "unknown=":
				lists(o).AllowUnknown = true
			default:
				switch key {
				case "name":
					o.Name = host(strings.ReplaceAll(value, "~", " "))
				case "anchors":
					anchors = value
				case "crl":
					n, err := strconv.Atoi(v)
					if err != nil {
						t.Fatal(err)
					}
					lists(o).Lists = append(lists(o).Lists, objects[n])
				default:
					t.Fatalf("option %q", f)
				}
			}
		}
	}
	return o, anchors, notes
}

// host is a name, or no name.
func host(name string) *Host {
	if name == "" {
		return nil
	}
	h := new(Host)
	h.Set(name)
	return h
}

// lists returns the CRLs of o, which it gives some if there are none.
func lists(o *Options) *CRLs {
	if o.Revocation == nil {
		o.Revocation = new(CRLs)
	}
	return o.Revocation.(*CRLs)
}

func TestSuite(t *testing.T) {
	cases, objects := readSuite(t)
	seen := map[string]bool{}
	groups, leftOut := map[string]int{}, map[string]int{}
	var v Verifier
	for i := range cases {
		c := &cases[i]
		if seen[c.name] {
			t.Errorf("%s: twice", c.name)
		}
		seen[c.name] = true
		group, _, _ := strings.Cut(c.name, "/")
		groups[group]++
		if _, ok := errorNames[c.want]; !ok {
			t.Errorf("%s: no error %q", c.name, c.want)
		}
		o, kind, notes := parseOptions(t, c.options, objects)
		var trouble error
		for _, n := range c.anchors {
			var a Anchor
			if err := a.Parse(bytes.Clone(objects[n])); err != nil {
				trouble = err
				continue
			}
			if kind != "certificates" {
				a.Certificate = nil
			}
			o.Anchors.List = append(o.Anchors.List, a)
		}
		if kind == "packed" {
			packed := make(Packed, PackedSize(o.Anchors.List))
			if _, err := Pack(packed, o.Anchors.List); err != nil {
				t.Fatal(err)
			}
			if err := packed.Check(); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			o.Anchors = &Anchors{Packed: packed}
		}
		var chain [][]byte
		for _, n := range c.chain {
			chain = append(chain, objects[n])
		}
		err := v.Verify(o, chain)
		if trouble != nil && err == ErrUnknownIssuer {
			err = trouble // the reason why there is no such anchor
		}
		if small && notForP256[c.name] {
			continue
		}
		if got := nameOf(err); got != c.want && smallRefuses(err) {
			leftOut[group]++
		} else if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		} else if err == nil && v.Notes() != notes {
			t.Errorf("%s: notes %b, want %b", c.name, v.Notes(), notes)
		}
	}
	if len(cases) < 300 {
		t.Errorf("%d cases, promised are 300", len(cases))
	}
	t.Logf("%d cases, %d objects: %v", len(cases), len(objects), groups)
	if small {
		t.Logf("what a small program does not know: %v", leftOut)
	}
}

// notForP256 are cases that mean something else when the suite's keys are on P-256: they set algorithms of several kinds
// against each other, or change an octet of an Ed25519 signature.
var notForP256 = map[string]bool{
	"der/signature with unused bits":                                  true,
	"algorithm/Suite B Ed25519":                                       true,
	"algorithm/end entity signed with of another kind than the key":   true,
	"algorithm/intermediate signed with of another kind than the key": true,
	"algorithm/SHA-1 found before anything else":                      true,
	"algorithm/inner and outer differ":                                true,
	"algorithm/inner and outer differ in the intermediate":            true,
	"algorithm/inner and outer differ in the root":                    true,
	"key/Suite B wants P-256 or P-384 of the end entity":              true,
	"crl/algorithms differ":                                           true,
	"crl/algorithm of another kind than the key":                      true,
}

// smallRefuses reports whether err may stand for any other result in a small program: that it does not know an algorithm, or
// does not process constraints on names.
func smallRefuses(err error) bool {
	return small && (err == ErrUnsupportedKey || err == ErrUnsupportedAlgorithm || err == ErrCriticalExtension)
}

// TestSuiteAllocations: no case of the suite makes the verifier allocate, whatever its result.
func TestSuiteAllocations(t *testing.T) {
	cases, objects := readSuite(t)
	v := new(Verifier)
	for i := range cases {
		c := &cases[i]
		o, _, _ := parseOptions(t, c.options, objects)
		o.Crypto = yes{}
		for _, n := range c.anchors {
			o.Anchors.Add(objects[n])
		}
		var chain [][]byte
		for _, n := range c.chain {
			chain = append(chain, objects[n])
		}
		if n := testing.AllocsPerRun(1, func() { v.Verify(o, chain) }); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}
