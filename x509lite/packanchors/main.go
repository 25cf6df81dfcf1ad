// Command packanchors makes the flash form of trust anchors (x509lite.Packed) from PEM bundles, for instance
// from the CA bundle of the system:
//
//	go run colibri/x509lite/packanchors -o anchors.xa01 /etc/ssl/certs/ca-certificates.crt
//
// A CA that stands in several bundles is taken once. A certificate that is malformed, that is not a CA or
// whose key the default profile does not accept is left out and named on standard error; with -strict that is
// a failure.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"

	"colibri/x509lite"
	"colibri/x509lite/pem"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "packanchors:", err)
		os.Exit(1)
	}
}

func run(args []string, log io.Writer) error {
	flags := flag.NewFlagSet("packanchors", flag.ContinueOnError)
	flags.SetOutput(log)
	out := flags.String("o", "", "the file to write")
	strict := flags.Bool("strict", false, "fail if a certificate cannot be used")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *out == "" || flags.NArg() == 0 {
		return fmt.Errorf("usage: packanchors [-strict] -o file bundle.pem ...")
	}
	var anchors []x509lite.Anchor
	left, size := 0, 0
	for _, file := range flags.Args() {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for n := 1; ; n++ {
			label, der, rest, err := pem.Decode(make([]byte, len(text)), text)
			if err == pem.ErrNone {
				break
			}
			if err == nil && pem.Is(label, pem.Certificate) {
				err = add(&anchors, der)
				size += len(der)
			}
			if err != nil {
				fmt.Fprintf(log, "%s: block %d: %v\n", file, n, err)
				left++
			}
			text = rest
		}
	}
	if left > 0 && *strict {
		return fmt.Errorf("%d certificates cannot be used", left)
	}
	packed := make(x509lite.Packed, x509lite.PackedSize(anchors))
	if _, err := x509lite.Pack(packed, anchors); err != nil {
		return err
	}
	if err := packed.Check(); err != nil {
		return err
	}
	fmt.Fprintf(log, "%d anchors, %d left out: %d bytes of certificates, %d bytes in flash form\n",
		len(anchors), left, size, len(packed))
	return os.WriteFile(*out, packed, 0o644)
}

// add appends the anchor that a certificate describes, unless it is there.
func add(anchors *[]x509lite.Anchor, der []byte) error {
	var c x509lite.Certificate
	if err := c.Parse(der); err != nil {
		return err
	}
	var line [200]byte
	name := string(line[:x509lite.DescribeName(line[:], c.Subject)])
	if c.Version == 3 && !c.IsCA {
		return fmt.Errorf("%s: %w", name, x509lite.ErrNotCA)
	}
	// A pin is held to nothing but the key's form and the profile, which is what is to be known here.
	pins := x509lite.Pins{Keys: [][]byte{c.SPKI}}
	if err := pins.Verify(new(x509lite.PublicKey), nil, x509lite.ProfileDefault, c.SPKI); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var a x509lite.Anchor
	if err := a.Parse(der); err != nil {
		return err
	}
	for i := range *anchors {
		if bytes.Equal((*anchors)[i].Subject, a.Subject) && bytes.Equal((*anchors)[i].SPKI, a.SPKI) {
			return nil
		}
	}
	a.Certificate = nil
	*anchors = append(*anchors, a)
	return nil
}
