package x509lite_test

import (
	"fmt"
	"time"

	"colibri/x509lite"
	"colibri/x509lite/pem"
)

// A device that is told whom to trust in PEM verifies what a peer has sent. Who computes signatures is up to
// the program; colibri's TLS hands in tlscore/signature.
func Example() {
	var crypto x509lite.SignatureVerifier // for instance *signature.Verifier
	var chain [][]byte                    // DER, from the peer's Certificate message
	var text []byte                       // PEM, the CAs to trust
	var anchors x509lite.Anchors
	for {
		_, der, rest, err := pem.Decode(make([]byte, len(text)), text)
		if err == pem.ErrNone {
			break
		}
		if err == nil {
			err = anchors.Add(der)
		}
		if err != nil {
			fmt.Println("an anchor cannot be used:", err)
		}
		text = rest
	}
	var name x509lite.Host
	name.Set("changeme")
	options := &x509lite.Options{
		Anchors: &anchors,
		Crypto:  crypto,
		Now:     time.Now().Unix(),
		Usage:   x509lite.UsageServer,
		Name:    &name,
	}
	var v x509lite.Verifier
	if err := v.Verify(options, chain); err != nil {
		fmt.Println("refused:", err)
		return
	}
	var line [256]byte
	fmt.Printf("%s\n", line[:v.Leaf().Describe(line[:])])
	for notes := v.Notes(); notes != 0; {
		fmt.Println(notes.Next())
	}
	// Output: refused: x509lite: the verification options do not make sense
}
