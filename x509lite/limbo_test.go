package x509lite

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"colibri/fuzz/vectors"
)

// limboCase is a case of x509-limbo; the README of the vectors describes the fields.
type limboCase struct {
	ID               string   `json:"id"`
	ValidationKind   string   `json:"validation_kind"`
	TrustedCerts     []string `json:"trusted_certs"`
	Intermediates    []string `json:"untrusted_intermediates"`
	PeerCertificate  string   `json:"peer_certificate"`
	CRLs             []string `json:"crls"`
	ValidationTime   string   `json:"validation_time"`
	ExtendedKeyUsage []string `json:"extended_key_usage"`
	ExpectedPeerName *struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	} `json:"expected_peer_name"`
	MaxChainDepth  *int   `json:"max_chain_depth"`
	ExpectedResult string `json:"expected_result"`
}

func pemBytes(t testing.TB, text string) []byte {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatalf("no PEM in %q", text)
	}
	return block.Bytes
}

// options translates a case. The namespace of a case says whose rules it was written for: those in webpki::
// and online:: (captured from public sites) for those of the CA/Browser Forum, the others for RFC 5280 alone.
// Where both namespaces hold a case on one matter, their expectations differ, and so do the rules.
func (c *limboCase) options(t testing.TB) (*Options, [][]byte, error) {
	o := &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Usage: UsageServer, Now: time.Now().Unix()}
	if strings.HasPrefix(c.ID, "webpki::") || strings.HasPrefix(c.ID, "online::") {
		o.Rules = WebPKI{}
	}
	if c.ValidationKind == "CLIENT" {
		o.Usage = UsageClient
	}
	if c.ValidationTime != "" {
		at, err := time.Parse(time.RFC3339, c.ValidationTime)
		if err != nil {
			t.Fatal(err)
		}
		o.Now = at.Unix()
	}
	if c.MaxChainDepth != nil {
		switch n := *c.MaxChainDepth; {
		case n == 0:
			o.MaxIntermediates = -1
		case n < maxPath:
			o.MaxIntermediates = int8(n)
		default:
			o.MaxIntermediates = maxPath - 1
		}
	}
	if n := c.ExpectedPeerName; n != nil {
		if n.Kind == "RFC822" {
			t.Fatalf("%s: a mailbox as the peer's name is not supported", c.ID)
		}
		o.Name = host(n.Value)
	}
	chain := [][]byte{pemBytes(t, c.PeerCertificate)}
	for _, text := range c.Intermediates {
		chain = append(chain, pemBytes(t, text))
	}
	for _, text := range c.CRLs {
		lists(o).Lists = append(lists(o).Lists, pemBytes(t, text))
	}
	// A trusted certificate that does not parse is none; it can make the verification fail, as it does here,
	// but not succeed.
	var unusable error
	for _, text := range c.TrustedCerts {
		if err := o.Anchors.Add(pemBytes(t, text)); err != nil {
			unusable = err
		}
	}
	return o, chain, unusable
}

// limboByChance are cases that agree for another reason than theirs.
var limboByChance = map[string]string{
	"webpki::san::public-suffix-multi-label-wildcard-san":       "the public suffix list is not known; the commonName is not a name of subjectAltName",
	"webpki::san::public-suffix-private-namespace-wildcard-san": "the public suffix list is not known; the commonName is not a name of subjectAltName",
}

// TestLimbo runs x509-limbo. Every case agrees, or stands in testdata/limbo-divergences.json with the reason
// why it does not; a case that stands there and agrees is a failure as well. Run it with -v for the table.
func TestLimbo(t *testing.T) {
	var suite struct {
		Testcases []limboCase `json:"testcases"`
	}
	vectors.Read(t, "x509-limbo/limbo.json.gz", &suite)
	divergences := map[string]string{}
	text, err := os.ReadFile("testdata/limbo-divergences.json")
	if err == nil {
		err = json.Unmarshal(text, &divergences)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(divergences) > 10 {
		t.Errorf("%d divergences", len(divergences))
	}
	type row struct{ cases, agree, diverge int }
	table := map[string]*row{}
	var namespaces []string
	seen := map[string]bool{}
	var worstSteps, worstSignatures, worstComparisons uint32
	var worstTime time.Duration
	var v Verifier
	for i := range suite.Testcases {
		c := &suite.Testcases[i]
		seen[c.ID] = true
		namespace, _, _ := strings.Cut(c.ID, "::")
		r := table[namespace]
		if r == nil {
			r = new(row)
			table[namespace] = r
			namespaces = append(namespaces, namespace)
		}
		r.cases++
		o, chain, unusable := c.options(t)
		start := time.Now()
		err := v.Verify(o, chain)
		worstTime = max(worstTime, time.Since(start))
		if len(chain) > 0 && v.steps+v.signatures > 0 {
			worstSteps = max(worstSteps, DefaultSteps-v.steps)
			worstSignatures = max(worstSignatures, DefaultSignatures-v.signatures)
			worstComparisons = max(worstComparisons, DefaultComparisons-v.comparisons)
		}
		if errors.Is(err, ErrOptions) {
			t.Errorf("%s: our own misuse: %v", c.ID, err)
			continue
		}
		agree := (err == nil) == (c.ExpectedResult == "SUCCESS")
		reason, listed := divergences[c.ID]
		switch {
		case agree && listed:
			t.Errorf("%s: unexpected success, listed as a divergence: %s", c.ID, reason)
		case agree:
			r.agree++
			if why := limboByChance[c.ID]; why != "" {
				t.Logf("agrees by chance: %s: %s", c.ID, why)
			}
		case listed:
			r.diverge++
			t.Logf("diverges: %-62s want %s, got %v: %s", c.ID, c.ExpectedResult, err, reason)
		default:
			t.Errorf("%s: want %s, got %v (anchor: %v)", c.ID, c.ExpectedResult, err, unusable)
		}
		if testing.Verbose() {
			t.Logf("%-90s %-8s %v", c.ID, c.ExpectedResult, err)
		}
	}
	for id := range divergences {
		if !seen[id] {
			t.Errorf("%s: listed as a divergence, and no such case exists", id)
		}
	}
	t.Logf("%-14s %6s %6s %9s", "x509-limbo", "cases", "agree", "diverge")
	var sum row
	for _, n := range namespaces {
		r := table[n]
		t.Logf("%-14s %6d %6d %9d", n, r.cases, r.agree, r.diverge)
		sum.cases, sum.agree, sum.diverge = sum.cases+r.cases, sum.agree+r.agree, sum.diverge+r.diverge
	}
	t.Logf("%-14s %6d %6d %9d", "all", sum.cases, sum.agree, sum.diverge)
	t.Logf("worst case over all: %d steps, %d signatures, %d comparisons, %v", worstSteps, worstSignatures, worstComparisons, worstTime)
}
