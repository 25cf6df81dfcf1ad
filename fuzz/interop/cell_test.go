package interop

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
)

const version12, version13 = 0x0303, 0x0304

// cell is one combination of what can be negotiated.
type cell struct {
	version  uint16
	suite    tlscore.SuiteID
	group    tlscore.GroupID
	identity ca.Family // of both sides, if the client shows one
	mode     mode
}

func (c cell) String() string {
	return fmt.Sprintf("%v/%v/%v/%v", c.suite, c.group, c.identity, c.mode)
}

// mode says how the two sides prove who they are.
type mode uint8

const (
	full    mode = iota // the server by its certificate
	mutual              // both by certificates
	resumed             // both by an earlier session, in which the server showed its certificate
	both                // both by an earlier session, in which both did
	modes   = iota
)

func (m mode) String() string { return [modes]string{"full", "mutual", "resumed", "resumed mutual"}[m] }

// mutual reports whether the client shows a certificate, or has shown it in the session that is resumed.
func (m mode) mutual() bool { return m == mutual || m == both }

// resumed reports whether a session is resumed.
func (m mode) resumed() bool { return m == resumed || m == both }

var suites = map[uint16][]tlscore.SuiteID{
	version13: {tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256,
		tlscore.AES128CCMSHA256, tlscore.AES128CCM8SHA256},
	version12: {tlscore.ECDHEECDSAAES128GCMSHA256, tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.ECDHEECDSAChaCha20Poly1305,
		tlscore.ECDHEECDSAAES128CCM, tlscore.ECDHEECDSAAES128CCM8,
		tlscore.ECDHERSAAES128GCMSHA256, tlscore.ECDHERSAAES256GCMSHA384, tlscore.ECDHERSAChaCha20Poly1305},
}

var (
	versions   = []uint16{version13, version12}
	groups     = []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384, tlscore.X25519MLKEM768}
	identities = []ca.Family{ca.ECDSA, ca.P384, ca.Ed25519, ca.RSA}
)

// cells returns all cells that there are, in the order of the table.
func cells() (all []cell) {
	for _, version := range versions {
		for _, suite := range suites[version] {
			for _, identity := range identities {
				for _, group := range groups {
					if !(cell{version: version, suite: suite, group: group, identity: identity}).exists() {
						continue
					}
					for m := range mode(modes) {
						all = append(all, cell{version, suite, group, identity, m})
					}
				}
			}
		}
	}
	return all
}

// session returns the cell in which the session of c began, if c resumes it.
func (c cell) session() cell {
	mutually := c.mode.mutual()
	if c.mode = full; mutually {
		c.mode = mutual
	}
	return c
}

// exists reports whether the cell's properties go together: in TLS 1.2 a suite goes with certificates of a kind, and no group has
// ML-KEM.
func (c cell) exists() bool {
	if c.version == version13 {
		return true
	}
	rsa := strings.Contains(c.suite.String(), "_RSA_")
	return rsa == (c.identity == ca.RSA) && !c.hybrid()
}

// offered returns the groups that a client offers for the cell, its own first. In TLS 1.2 the list is one of curves for certificates
// too (RFC 8422, section 5.1), so that the server's must be among them.
func (c cell) offered() []tlscore.GroupID {
	curve := map[ca.Family]tlscore.GroupID{ca.ECDSA: tlscore.P256, ca.P384: tlscore.P384}[c.identity]
	if c.version == version12 && curve != 0 && curve != c.group {
		return []tlscore.GroupID{c.group, curve}
	}
	return []tlscore.GroupID{c.group}
}

// ccm reports whether the cell's suite uses AES-CCM.
func (c cell) ccm() bool {
	return strings.Contains(c.suite.String(), "_CCM")
}

// hybrid reports whether the cell's group joins X25519 with ML-KEM.
func (c cell) hybrid() bool { return c.group == tlscore.X25519MLKEM768 }

// TestMatchesSeesDifferences: a cell does not pass if anything that was negotiated differs from it.
func TestMatchesSeesDifferences(t *testing.T) {
	root, err := ca.New(ca.ECDSA, time.Now(), "colibri interop CA")
	check(t, err)
	id, err := root.Issue(ca.Request{Names: []string{clientName}, Usage: ca.Client})
	check(t, err)
	c := cell{version13, tlscore.AES128GCMSHA256, tlscore.X25519, ca.ECDSA, mutual}
	good := netconn.ConnectionState{
		Info:            tlscore.Info{Version: c.version, Suite: c.suite, Group: c.group, ALPN: "http/1.1"},
		PeerCertificate: id.Chain[0],
	}
	if err := c.matches(good, "http/1.1", clientName); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*netconn.ConnectionState){
		"version":        func(s *netconn.ConnectionState) { s.Version = version12 },
		"suite":          func(s *netconn.ConnectionState) { s.Suite = tlscore.AES256GCMSHA384 },
		"group":          func(s *netconn.ConnectionState) { s.Group = tlscore.P256 },
		"resumption":     func(s *netconn.ConnectionState) { s.Resumed = true },
		"protocol":       func(s *netconn.ConnectionState) { s.ALPN = "" },
		"no certificate": func(s *netconn.ConnectionState) { s.PeerCertificate = nil },
		"certificate":    func(s *netconn.ConnectionState) { s.PeerCertificate = root.Cert.Raw },
	} {
		bad := good
		change(&bad)
		if c.matches(bad, "http/1.1", clientName) == nil {
			t.Errorf("another %s passes", name)
		}
	}
	c.mode = full
	if c.matches(good, "http/1.1", clientName) == nil {
		t.Error("a certificate that was not asked for passes")
	}
}
