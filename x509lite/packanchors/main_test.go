package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"colibri/x509lite"
)

func certificate(t *testing.T, name string, ca bool) []byte {
	t.Helper()
	key := ed25519.NewKeyFromSeed([]byte((name + strings.Repeat(".", 32))[:32]))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Unix(0, 0),
		NotAfter: time.Unix(1<<32, 0), IsCA: ca, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	bundle, out := filepath.Join(dir, "bundle.pem"), filepath.Join(dir, "anchors")
	text := bytes.Join([][]byte{certificate(t, "a", true), certificate(t, "b", true), certificate(t, "a", true), certificate(t, "leaf", false)}, nil)
	if err := os.WriteFile(bundle, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if err := run([]string{"-o", out, bundle, bundle}, &log); err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if n := x509lite.Packed(packed).Len(); n != 2 || x509lite.Packed(packed).Check() != nil {
		t.Errorf("%d anchors", n)
	}
	if s := log.String(); !strings.Contains(s, "block 4: CN=leaf: "+x509lite.ErrNotCA.Error()) || !strings.Contains(s, "2 anchors, 2 left out") {
		t.Errorf("log: %s", s)
	}
	for _, args := range [][]string{{"-strict", "-o", out, bundle}, {"-o", out}, {bundle}, {"-o", out, filepath.Join(dir, "absent")}, {"-x"}} {
		if err := run(args, &log); err == nil {
			t.Errorf("%v: accepted", args)
		}
	}
}
