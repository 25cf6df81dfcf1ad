package interop

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/primitive/mlkem"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// The names in the certificates. The host has a second name because Botan's client checks and resumes only hosts that it finds.
const (
	hostName   = "changeme"
	localName  = "localhost"
	clientName = "sandboxclient"
)

// site is the certificates of a kind, made by one authority: on disk for programs, and in memory for us and for crypto/tls.
type site struct {
	dir                string
	root               *ca.Authority
	anchors            *x509lite.Anchors
	server, client     tlscore.Identity
	gotls, gotlsClient tls.Certificate

	ours *tlscore.Config // of a server that demands certificates

	nssOnce sync.Once
	nssErr  error
}

func newSite(t *testing.T, family ca.Family) *site {
	t.Helper()
	root, err := ca.New(family, time.Now(), "colibri interop CA")
	check(t, err)
	server, err := root.Issue(ca.Request{Names: []string{hostName, localName}, Usage: ca.Server})
	check(t, err)
	client, err := root.Issue(ca.Request{Names: []string{clientName}, Usage: ca.Client})
	check(t, err)
	s := &site{
		dir: t.TempDir(), root: root, anchors: new(x509lite.Anchors),
		server: ours(t, server), client: ours(t, client),
		gotls: server.TLS(), gotlsClient: client.TLS(),
	}
	check(t, s.anchors.Add(root.Cert.Raw))
	check(t, os.WriteFile(s.file("ca.crt"), root.CertPEM(), 0o600))
	check(t, os.WriteFile(s.file("body"), body, 0o600))
	check(t, os.WriteFile(s.file("request"), []byte(request), 0o600))
	for name, id := range map[string]*ca.Identity{"server": server, "client": client} {
		key, err := id.KeyPEM()
		check(t, err)
		check(t, os.WriteFile(s.file(name+".crt"), id.CertPEM(), 0o600))
		check(t, os.WriteFile(s.file(name+".key"), key, 0o600))
		bundle, err := pkcs12.Modern.Encode(id.Key, id.Cert, nil, "")
		check(t, err)
		check(t, os.WriteFile(s.file(name+".p12"), bundle, 0o600))
	}
	s.ours = s.config()
	s.ours.Identities, s.ours.ClientAuth = []tlscore.Identity{s.server}, tlscore.RequireClientCert
	return s
}

// file returns the path of one of the site's files: ca.crt, body, request, and crt, key and p12 of server and client.
func (s *site) file(name string) string { return filepath.Join(s.dir, name) }

// config returns what configurations of ours have in common: the anchors, the clock, randomness.
func (s *site) config() *tlscore.Config {
	return &tlscore.Config{
		Anchors: s.anchors,
		Clock:   func() int64 { return time.Now().Unix() },
		Rand:    rand.Reader,
		MLKEM:   mlkem.KEM{},
	}
}

// nss returns a database of NSS with the site's certificates, under their common names, and makes it first.
func (s *site) nss(t *testing.T) string {
	t.Helper()
	database := "sql:" + s.file("nss")
	s.nssOnce.Do(func() {
		s.nssErr = os.Mkdir(s.file("nss"), 0o700)
		for _, command := range [][]string{
			{"certutil", "-N", "-d", database, "--empty-password"},
			{"certutil", "-A", "-d", database, "-n", "ca", "-t", "CT,C,", "-i", s.file("ca.crt")},
			{"pk12util", "-d", database, "-W", "", "-i", s.file("server.p12")},
			{"pk12util", "-d", database, "-W", "", "-i", s.file("client.p12")},
		} {
			if s.nssErr == nil {
				s.nssErr = exec.Command(command[0], command[1:]...).Run()
			}
		}
	})
	check(t, s.nssErr)
	return database
}

// ours makes an identity of ours of one of the CA's.
func ours(t *testing.T, id *ca.Identity) tlscore.Identity {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(id.Key)
	check(t, err)
	key := new(signature.PrivateKey)
	check(t, key.Parse(der))
	return tlscore.Identity{Chain: id.Chain, Key: key}
}
