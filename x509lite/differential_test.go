package x509lite

import (
	"bytes"
	"cmp"
	"crypto/elliptic"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"colibri/x509lite/der"
)

// The differential with "openssl verify" works on worlds: a few CAs at random, and many end entities that one
// process of openssl judges against them. A rule is broken now and then, so that most chains are nearly good.

// opensslLeaves is the number of chains in a world, and opensslShort that of worlds in a run without
// COLIBRI_OPENSSL_CHAINS.
const opensslLeaves, opensslShort = 32, 16

// opensslDivergences is testdata/openssl-divergences.json: the classes of divergence, each with its reason.
type opensslDivergences struct {
	// Looser has, for the name of an Error of ours, why openssl accepts what we refuse with it.
	Looser map[string]string
	// Stricter has, for words of an error of openssl's, why we accept what it refuses with them. Since one of the two
	// is wrong then, opensslEvidence has to find the reason in a certificate of the path, besides.
	Stricter map[string]string
}

var opensslEvidence = map[string]func(c *Certificate) bool{
	"certificate has expired": func(c *Certificate) bool { return c.NotAfter == suiteNow },
	"unsuitable certificate purpose": func(c *Certificate) bool {
		return bytes.Contains(c.extKeyUsage, purposeAny) && c.usageFault(UsageServer) == 0
	},
	"Path length given without key usage keyCertSign": func(c *Certificate) bool {
		return c.PathLen >= 0 && c.KeyUsage&KeyUsageCertSign == 0
	},
	"excluded subtree violation": constrainsDNS,
	"permitted subtree violation": func(c *Certificate) bool {
		return constrainsDNS(c) || bytes.Contains(c.nameConstraints, []byte{byte(nameRFC822), 0})
	},
	"self-signed certificate": func(c *Certificate) bool {
		return !c.IsCA && sameName(c.Issuer, c.Subject) && same(c.AuthorityKeyID, c.SubjectKeyID)
	},
	"CA cert does not include key usage extension": func(c *Certificate) bool {
		return c.IsCA && !c.present.has(extKeyUsage)
	},
	"unable to get local issuer certificate": func(c *Certificate) bool {
		return bytes.Contains(c.Extensions, oid(1, 3, 6, 1, 5, 5, 7, 1, 7)) || bytes.Contains(c.Extensions, oid(1, 3, 6, 1, 5, 5, 7, 1, 14))
	},
}

func constrainsDNS(c *Certificate) bool {
	return bytes.Contains(c.nameConstraints, []byte{byte(nameDNS)})
}

type world struct {
	*rand.Rand
	anchors, others [][]byte
	leaves          [][]byte
	usage           Usage
	name            string
}

// party is a key with the algorithms that it signs with; the first is the usual one.
type party struct {
	*signer
	algs [][]byte
}

var parties = sync.OnceValue(func() (list []party) {
	for i := range 6 {
		list = append(list, party{edKey(fmt.Sprint("world", i)), [][]byte{algEd25519}})
	}
	ec := [][]byte{algECDSA256, algECDSA384, algECDSA512}
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		list = append(list, party{ecKey(c, "world"), ec})
	}
	rsa := [][]byte{algRSA256, algRSA384, algRSA512, algPSS256, algPSS384, algPSS512}
	return append(list, party{rsaKey(2048, "world"), rsa}, party{rsaKey(2048, "other world"), rsa}, party{rsaKey(1024, "world"), rsa[:5]})
})

// rarely is true once in n times.
func (w *world) rarely(n int) bool { return w.IntN(n) == 0 }

func pick[T any](w *world, list ...T) T { return list[w.IntN(len(list))] }

// some picks a few.
func some[T any](w *world, list ...T) (out []T) {
	for n := 1 + w.IntN(3); n > 0; n-- {
		out = append(out, pick(w, list...))
	}
	return out
}

func (w *world) party() *party {
	list := parties()
	if w.rarely(20) {
		return &list[len(list)-1]
	}
	return &list[w.IntN(len(list)-1)]
}

var (
	worldDNS = []string{"changeme.example.com", "*.example.com", "example.com", "changeme.example.org", "www.example.com", "EXAMPLE.com",
		"*.com", "*", "change*.example.com", "xn--bcher-kva.example.com", "a_b.example.com", "changeme.example.com.", ".example.com", "", "192.0.2.1"}
	worldIPs = [][]byte{{192, 0, 2, 1}, {192, 0, 2, 2}, {10, 0, 0, 1}, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, {1, 2, 3}}
)

// generalName is a name for a subject.
func (w *world) generalName() []byte {
	switch w.IntN(12) {
	case 0:
		return mailName(pick(w, "a@example.com", "a@host.example.com", "a@example.org", "no-at", "\"a b\"@example.com"))
	case 1:
		return uriName(pick(w, "https://example.com/a", "https://host.example.org", "urn:a:b", "https://192.0.2.1/", "relative"))
	case 2:
		return dirName(dn("Example", pick(w, "changeme", "other")))
	case 3:
		return tlv(0x88, oid(1, 2, 3, 4)[2:])
	case 4, 5:
		return ipName(pick(w, worldIPs...)...)
	}
	return dnsName(pick(w, worldDNS...))
}

// base is a name that a CA is constrained to.
func (w *world) base() []byte {
	switch w.IntN(10) {
	case 0:
		return mailName(pick(w, "a@example.com", "example.com", ".example.com", ""))
	case 1:
		return uriName(pick(w, "example.com", ".example.com", ".org"))
	case 2:
		return dirName(pick(w, dn("Example", "changeme"), seq(attribute(oid(2, 5, 4, 10), utf8String("Example"))), seq()))
	case 3, 4:
		return ipName(pick(w, []byte{192, 0, 2, 0, 255, 255, 255, 0}, []byte{10, 0, 0, 0, 255, 0, 0, 0}, []byte{0, 0, 0, 0, 0, 0, 0, 0}, []byte{1, 2, 3},
			[]byte{192, 0, 2, 1, 255, 0, 255, 0})...)
	}
	return dnsName(pick(w, "example.com", "com", "example.org", ".example.com", "", "changeme.example.com", "*.example.com"))
}

// disturb breaks or bends a rule.
func (w *world) disturb(s *spec) {
	critical := w.rarely(2)
	switch w.IntN(26) {
	case 0:
		s.remove(pick(w, 14, 15, 17, 19, 35, 37))
	case 1:
		for i := range s.exts {
			if w.rarely(3) {
				s.exts[i].critical = !s.exts[i].critical
			}
		}
	case 2:
		s.set(ce(15, critical, keyUsageBits(some(w, 0, 1, 2, 3, 4, 5, 6, 7, 8)...)))
	case 3:
		s.set(ce(37, critical, seq(some(w, purposeServer, purposeClient, purposeMail, purposeAny)...)))
	case 4:
		s.set(ce(19, critical, pick(w, seq(), seq(asn1True), seq([]byte{1, 1, 0}), seq(asn1True, number(int64(w.IntN(3)))), seq(number(1)))))
	case 5:
		s.notBefore = pick(w, utc("250101000000Z"), utc("250101000001Z"), tlv(der.GeneralizedTime, []byte("20240101000000Z")), utc("500101000000Z"),
			utc("2401010000Z"), utc("240101000000+0000"))
	case 6:
		s.notAfter = pick(w, utc("250101000000Z"), utc("241231235959Z"), tlv(der.GeneralizedTime, []byte("99991231235959Z")), utc("490101000000Z"),
			tlv(der.GeneralizedTime, []byte("20251231235959.5Z")))
	case 7:
		s.serial = pick(w, number(0), tlv(der.Integer, []byte{0x80}), tlv(der.Integer, bytes.Repeat([]byte{1}, 21)), number(1), tlv(der.Integer, []byte{0, 1}))
	case 8:
		s.version = pick(w, nil, tlv(0xa0, number(0)), tlv(0xa0, number(1)), tlv(0xa0, number(3)))
	case 9:
		s.alg = pick(w, algECDSA1, algRSA1, algRSAMD5, algRSA224, algECDSA224, algRSA256NoPar, algECDSANull, algPSSDefault, algPSS1, algEd448, algDSA256)
	case 10:
		s.outerAlg = pick(w, algEd25519, algECDSA256, algRSA256)
	case 11:
		s.badSignature = true
	case 12:
		s.subject = pick(w, seq(), cn("changeme.example.com"), dn("Example", "changeme"), cn("root"), s.issuer,
			seq(attribute(oid(2, 5, 4, 3), tlv(der.PrintableString, []byte("ca  0")))))
	case 13:
		s.issuer = pick(w, seq(), cn("ROOT"), cn("ca 0"), cn("ca 1"), cn("other"))
	case 14:
		s.set(ce(17, critical, seq(some(w, w.generalName(), w.generalName(), w.generalName())...)))
	case 15:
		s.set(ce(30, !w.rarely(4), constraints(some(w, w.base(), w.base()), nil).value))
	case 16:
		s.set(ce(30, !w.rarely(4), constraints(nil, some(w, w.base(), w.base())).value))
	case 17:
		s.exts = append(s.exts, pick(w, s.exts...))
	case 18:
		s.exts = append(s.exts, ext{oid(1, 2, 3, 4, w.IntN(3)), critical, null})
	case 19:
		s.set(ce(pick(w, 14, 35), critical, pick(w, octets(nil), octets([]byte("other")), seq(), seq(tlv(0x80, []byte("other"))))))
	case 20:
		s.set(ce(32, critical, pick(w, seq(seq(oid(2, 5, 29, 32, 0))), seq(seq(oid(1, 2, 3))), seq(), seq(seq(oid(1, 2, 3)), seq(oid(1, 2, 3))))))
	case 21:
		s.set(ce(36, critical, pick(w, seq(tlv(0x80, []byte{byte(w.IntN(3))})), seq(tlv(0x81, []byte{0})), seq())))
	case 22:
		s.set(ce(pick(w, 18, 31, 33, 46, 54, 9), critical, pick(w, seq(), number(0), seq(seq(oid(1, 2, 3), oid(1, 2, 4))), seq(dnsName("a")))))
	case 23:
		s.set(pe(pick(w, 1, 11, 7, 14, 24), critical, pick(w, seq(), seq(seq(oid(1, 2, 3), uriName("http://a/"))), seq(number(5)))))
	case 24:
		s.unique = pick(w, tlv(0x81, []byte{0, 1}), tlv(0x82, []byte{0, 1}))
	case 25:
		edits := make([]byte, 3*(1+w.IntN(2)))
		for i := range edits {
			edits[i] = byte(w.Uint32())
		}
		s.changeTBS = func(tbs []byte) []byte { return mutate(tbs, edits) }
	}
}

// finish encodes a certificate; once in a while one octet of it flips.
func (w *world) finish(s *spec) []byte {
	b := s.der()
	if w.rarely(40) {
		b = bytes.Clone(b)
		b[w.IntN(len(b))] ^= byte(1 << w.IntN(8))
	}
	return b
}

// newWorld draws CAs and end entities. The same seed gives the same world.
func newWorld(seed uint64, leaves int) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 4)), usage: UsageServer}
	if w.rarely(4) {
		w.usage = UsageClient
	}
	w.name = pick(w, "changeme.example.com", "changeme.example.com", "", "192.0.2.1", "2001:db8::1", "www.example.com", "a.b.example.com", "example.com.")
	type authority struct {
		*party
		name []byte
	}
	root := authority{w.party(), cn("root")}
	authorities := []authority{root}
	newRoot := func(a authority) *spec {
		s := newCA(a.signer, a.signer, a.name, a.name)
		s.alg = a.algs[0]
		return s
	}
	s := newRoot(root)
	if w.rarely(4) {
		w.disturb(s)
	}
	w.anchors = append(w.anchors, s.der())
	if w.rarely(3) {
		second := authority{w.party(), pick(w, cn("root"), cn("second"))}
		authorities = append(authorities, second)
		w.anchors = append(w.anchors, newRoot(second).der())
	}
	for i := range w.IntN(4) {
		ca := authority{w.party(), cn(fmt.Sprint("ca ", i))}
		for range 1 + w.IntN(2) { // more than one: cross-signed
			by := pick(w, authorities...)
			s := newCA(ca.signer, by.signer, ca.name, by.name)
			s.alg = pick(w, by.algs...)
			if w.rarely(3) {
				s.set(ce(19, true, seq(asn1True, number(int64(w.IntN(3))))))
			}
			if w.rarely(3) {
				w.disturb(s)
			}
			w.others = append(w.others, w.finish(s))
		}
		authorities = append(authorities, ca)
	}
	w.Shuffle(len(w.others), func(i, j int) { w.others[i], w.others[j] = w.others[j], w.others[i] })
	for range leaves {
		by := authorities[len(authorities)-1]
		if w.rarely(3) {
			by = pick(w, authorities...)
		}
		s := newLeaf(w.party().signer, by.signer, by.name)
		s.alg = pick(w, by.algs...)
		names := [][]byte{w.generalName()}
		if id := new(Host); w.name != "" && id.Set(w.name) && !w.rarely(4) {
			if id.ipLen != 0 {
				names = append(names, ipName(id.ip[:id.ipLen]...))
			} else {
				names = append(names, dnsName(strings.TrimSuffix(w.name, ".")))
			}
		}
		s.set(san(names...))
		for w.rarely(2) {
			w.disturb(s)
		}
		w.leaves = append(w.leaves, w.finish(s))
	}
	return w
}

// opensslError matches a line with one of openssl's findings.
var opensslError = regexp.MustCompile(`^error (?:\d+ at \d+ depth lookup: )?(.*)$`)

// runOpenSSL verifies leaves against w and returns the first error of each, "" where there is none. ok is false if it
// cannot read the CAs.
func (w *world) runOpenSSL(t *testing.T, tool, dir string, others, leaves [][]byte) (verdicts []string, ok bool) {
	t.Helper()
	write := func(name string, list ...[]byte) string {
		var b []byte
		for _, c := range list {
			b = append(b, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c})...)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := []string{"verify", "-x509_strict", "-partial_chain", "-attime", strconv.Itoa(suiteNow), "-CAfile", write("ca", w.anchors...),
		"-no-CApath", "-no-CAstore", "-auth_level", "2", "-purpose", map[Usage]string{UsageServer: "sslserver", UsageClient: "sslclient"}[w.usage]}
	if len(others) > 0 {
		args = append(args, "-untrusted", write("others", others...))
	}
	if id := new(Host); w.name != "" && id.Set(w.name) {
		args = append(args, map[bool]string{true: "-verify_ip", false: "-verify_hostname"}[id.ipLen != 0], strings.TrimSuffix(w.name, "."))
	}
	for i, leaf := range leaves {
		args = append(args, write(fmt.Sprint("leaf", i), leaf))
	}
	cmd := exec.Command(tool, args...)
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	// Each certificate ends with "PATH: OK" or "error PATH: verification failed"; a file that is none, with
	// "Unable to load certificate file".
	text := string(out)
	verdicts = make([]string, len(leaves))
	for i := range leaves {
		path := filepath.Join(dir, fmt.Sprint("leaf", i))
		if strings.Contains(text, path+": OK\n") {
			continue
		}
		verdicts[i] = "unreadable"
		if before, _, found := strings.Cut(text, "error "+path+": verification failed\n"); found {
			// The errors between the one before and this one.
			if at := max(strings.LastIndex(before, "verification failed\n"), strings.LastIndex(before, ": OK\n")); at >= 0 {
				before = before[at:]
			}
			verdicts[i] = "other"
			for _, line := range strings.Split(before, "\n") {
				if m := opensslError.FindStringSubmatch(line); m != nil {
					verdicts[i] = m[1]
					break
				}
			}
		} else if !strings.Contains(text, path) {
			return nil, false
		}
	}
	return verdicts, true
}

// narrow removes every CA without which openssl accepts leaf as well, and returns what we say of what is left.
func (w *world) narrow(t *testing.T, tool, dir string, leaf []byte, v *Verifier, o *Options) error {
	small := *w
	small.anchors, small.others = slices.Clone(w.anchors), slices.Clone(w.others)
	for _, list := range []*[][]byte{&small.anchors, &small.others} {
		for i := len(*list) - 1; i >= 0; i-- {
			before := *list
			*list = slices.Delete(slices.Clone(before), i, i+1)
			if verdicts, ok := small.runOpenSSL(t, tool, dir, small.others, [][]byte{leaf}); !ok || verdicts[0] != "" {
				*list = before
			}
		}
	}
	with := *o
	with.Anchors = new(Anchors)
	for _, a := range small.anchors {
		if err := with.Anchors.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	return v.Verify(&with, append([][]byte{leaf}, small.others...))
}

// TestOpenSSLDifferential compares our verdict on generated chains with that of "openssl verify -x509_strict".
// Every divergence belongs to a class in testdata/openssl-divergences.json. COLIBRI_OPENSSL_CHAINS is the number
// of chains of a campaign, COLIBRI_OPENSSL_SEED that of its first world.
func TestOpenSSLDifferential(t *testing.T) {
	tool, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no openssl: %v", err)
		}
		t.Skipf("no openssl: %v", err)
	}
	var classes opensslDivergences
	text, err := os.ReadFile("testdata/openssl-divergences.json")
	if err == nil {
		err = json.Unmarshal(text, &classes)
	}
	if err != nil {
		t.Fatal(err)
	}
	worlds, seed := opensslShort, uint64(1)
	if s := os.Getenv("COLIBRI_OPENSSL_CHAINS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		worlds = (n + opensslLeaves - 1) / opensslLeaves
	}
	if s := os.Getenv("COLIBRI_OPENSSL_SEED"); s != "" {
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	table := map[string]int{}
	chains, unreadable := 0, 0
	var v Verifier
	for ; worlds > 0; worlds, seed = worlds-1, seed+1 {
		w := newWorld(seed, opensslLeaves)
		o := &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Name: host(w.name), Usage: w.usage, Now: suiteNow}
		anchored := true
		for _, a := range w.anchors {
			anchored = anchored && o.Anchors.Add(a) == nil
		}
		dir := t.TempDir()
		verdicts, ok := w.runOpenSSL(t, tool, dir, w.others, w.leaves)
		if !ok || !anchored {
			unreadable++
			continue
		}
		for i, leaf := range w.leaves {
			chains++
			theirs, evident := verdicts[i], false
			err := v.Verify(o, append([][]byte{leaf}, w.others...))
			if err == nil && theirs != "" {
				// It does not come back to a second issuer of one name: see whether it accepts the path itself.
				var path [maxPath]uint8
				var only [][]byte
				for _, p := range path[1:v.Path(path[:])] {
					only = append(only, w.others[p-1])
				}
				alone := *w
				alone.anchors = [][]byte{v.anchor.Certificate}
				if again, ok := alone.runOpenSSL(t, tool, dir, only, [][]byte{leaf}); ok {
					if again[0] == "" {
						table["both accept, openssl if it gets the path alone"]++
						continue
					}
					theirs = again[0]
				}
				for _, b := range append(only, leaf, v.anchor.Certificate) {
					var c Certificate
					evident = evident || c.Parse(b) == nil && opensslEvidence[theirs] != nil && opensslEvidence[theirs](&c)
				}
			}
			if err != nil && theirs == "" && v.Culprit() != 0 {
				// Of several paths that fail the most telling reason is given. Leave only the path that openssl took.
				err = w.narrow(t, tool, dir, leaf, &v, o)
			}
			switch ours := nameOf(err); {
			case err == nil && theirs == "":
				table["both accept"]++
			case err != nil && theirs != "":
				table["both refuse"]++
			case err != nil && classes.Looser[ours] != "":
				table["openssl accepts, "+ours]++
			case err == nil && classes.Stricter[theirs] != "" && evident:
				table["openssl refuses, "+theirs]++
			default:
				class := fmt.Sprintf("UNEXPLAINED: we say %s, openssl %q", ours, theirs)
				if table[class]++; table[class] <= 3 { // enough to look into
					t.Errorf("world %d, leaf %d (%s, %q), %s\n%x", seed, i, []string{"", "server", "client"}[w.usage], w.name, class, leaf)
				}
			}
		}
	}
	t.Logf("%d chains; %d worlds with CAs that cannot be read", chains, unreadable)
	if chains > 10*opensslLeaves && table["both accept"] < chains/10 {
		t.Errorf("both accept %d of %d: the generator is out of balance", table["both accept"], chains)
	}
	// The rarest classes have one chain in the first 102,400.
	if chains >= 90_000 && os.Getenv("COLIBRI_OPENSSL_SEED") == "" {
		for class := range classes.Looser {
			if table["openssl accepts, "+class] == 0 {
				t.Errorf("class %q of openssl-divergences.json is empty", class)
			}
		}
		for class := range classes.Stricter {
			if table["openssl refuses, "+class] == 0 {
				t.Errorf("class %q of openssl-divergences.json is empty", class)
			}
		}
	}
	for _, class := range slices.SortedFunc(maps.Keys(table), func(a, b string) int { return cmp.Compare(table[b], table[a]) }) {
		t.Logf("%7d %s", table[class], class)
	}
}
