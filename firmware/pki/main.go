// Command pki makes the certificates of the note's walk and prints a table of them: for each family of keys
// (ECDSA P-256, RSA-2048) a CA, the device's server certificate, a client's certificate with a PKCS #12 file
// for browsers, and the bad ones that must be refused. What exists is kept; no key is ever overwritten.
// Package files tells more.
//
//	go run ./firmware/pki    # build/pki/ecdsa and build/pki/rsa, the server called changeme
//	go run ./firmware/pki -family ecdsa -names my.local,192.168.4.1
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/firmware/pki/files"
)

func main() {
	if err := run(os.Args[1:], time.Now(), os.Stdout, os.Stderr); err != nil {
		if err != flag.ErrHelp {
			fmt.Fprintf(os.Stderr, "pki: %v\n", err)
		}
		os.Exit(1)
	}
}

func run(args []string, now time.Time, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("pki", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", filepath.Join("build", "pki"), "folder for the certificates and keys")
	family := flags.String("family", "all", "kind of keys: ecdsa, rsa or all")
	const existing = ", or what an existing certificate says)"
	names := flags.String("names", "", "names of the server, comma-separated: host names and IP addresses"+
		" (default "+files.DefaultServerName+existing)
	client := flags.String("client", "", "name of the client (default "+files.DefaultClientName+existing)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("argument %q is not understood; see -help", flags.Arg(0))
	}
	options := files.Options{Dir: *dir, ClientName: *client, Now: now,
		Progress: func(path string) { fmt.Fprintln(stderr, "making", path) }}
	if *names != "" {
		options.ServerNames = strings.Split(*names, ",")
	}
	switch *family {
	case "all":
		options.Families = []ca.Family{ca.ECDSA, ca.RSA}
	case ca.ECDSA.String():
		options.Families = []ca.Family{ca.ECDSA}
	case ca.RSA.String():
		options.Families = []ca.Family{ca.RSA}
	default:
		return fmt.Errorf("-family %q: there are ecdsa, rsa and all", *family)
	}
	entries, err := files.Ensure(options)
	if err != nil {
		return fmt.Errorf("stopped, and nothing that exists was touched:\n%w", err)
	}
	return files.Table(stdout, *dir, entries)
}
