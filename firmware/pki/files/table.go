package files

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// Table prints what Ensure reported, a line for each certificate, with paths relative to dir.
func Table(w io.Writer, dir string, entries []Entry) error {
	fmt.Fprintf(w, "in %s:\n", dir)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FILES\tMADE\tSUBJECT\tNAMES\tISSUER\tKEY\tSIGNATURE\tVALID\tFOR")
	made := 0
	for _, e := range entries {
		c := e.Cert
		made += len(e.Made)
		names := strings.Join(Names(c), ",")
		if names == "" {
			names = "-"
		}
		validity := c.NotBefore.Format(time.DateOnly) + ".." + c.NotAfter.Format(time.DateOnly)
		fmt.Fprintln(t, strings.Join([]string{fileList(dir, e), madeList(e), c.Subject.CommonName, names,
			c.Issuer.CommonName, keyName(c), c.SignatureAlgorithm.String(), validity, e.Purpose}, "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "files made: %d; every other one is kept as it was\n", made)
	return err
}

// fileList names the files of a pair the short way: ecdsa/server.key .crt
func fileList(dir string, e Entry) string {
	base := Path(dir, e.Family, e.Name)
	short, err := filepath.Rel(dir, base)
	if err != nil {
		short = base
	}
	var exts []string
	for _, ext := range []string{".crt", ".key", ".p12"} {
		for _, path := range append(e.Made, e.Kept...) {
			if path == base+ext {
				exts = append(exts, ext)
			}
		}
	}
	return filepath.ToSlash(short) + strings.Join(exts, " ")
}

// madeList says which of the files are new: all, none (kept), or the extensions of those that were.
func madeList(e Entry) string {
	switch {
	case len(e.Made) == 0:
		return "kept"
	case len(e.Kept) == 0:
		return "made"
	}
	var exts []string
	for _, path := range e.Made {
		exts = append(exts, filepath.Ext(path))
	}
	return "made " + strings.Join(exts, " ")
}

func keyName(c *x509.Certificate) string {
	switch pub := c.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return pub.Curve.Params().Name
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", pub.N.BitLen())
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}
