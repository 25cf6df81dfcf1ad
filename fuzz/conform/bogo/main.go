package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"colibri/tlscore"
	"colibri/x509lite"
)

func main() {
	if slices.Contains(os.Args, "-is-handshaker-supported") {
		fmt.Println("No") // It is BoringSSL's split of a server in two processes.
		return
	}
	err := run(os.Args[1:])
	var missing errUnimplemented
	switch {
	case errors.As(err, &missing):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(89)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run runs one test.
func run(args []string) error {
	initial, resume, err := parse(args)
	if err != nil {
		return err
	}
	t := test{began: time.Now(), identities: map[string][]tlscore.Identity{}, anchors: map[string]*x509lite.Anchors{}, pins: map[string]*tlscore.PinnedKeys{},
		psks: map[string]*tlscore.PSKs{}}
	t.laterCert = resume.retry.expectPeerCert
	t.cache.Slots = make([]tlscore.CachedSession, 4)
	if err := t.tickets.Rotate(rand.Reader); err != nil {
		return err
	}
	o := initial
	for i := range initial.resumeCount + 1 {
		if o.renewTickets && i > 0 {
			if err := t.tickets.Rotate(rand.Reader); err != nil {
				return err
			}
		}
		t.last = i == initial.resumeCount
		if err := t.connect(o, i > 0); err != nil {
			return fmt.Errorf("connection %d: %w", i, err)
		}
		t.later += int64(o.delay)
		o = resume
	}
	return nil
}
