//go:build portable

// Command record makes the recording that package handshakes replays: for each scenario, what crypto/tls says to our end.
//
//	go run -tags portable ./firmware/rv32/handshakes/record -o firmware/rv32/handshakes/recorded.bin
//
// The tag is needed for our end to sign as it does on the board. The randomness of crypto/tls is fixed too, so that the
// instructions that the board counts do not depend on when the recording was made.
//
//go:debug cryptocustomrand=1
package main

import (
	"flag"
	"fmt"
	"os"

	"colibri/firmware/rv32/handshakes"
)

func main() {
	out := flag.String("o", "firmware/rv32/handshakes/recorded.bin", "the file to make")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	f, err := handshakes.Load()
	if err != nil {
		return err
	}
	var all []byte
	for i := range handshakes.Scenarios {
		s := &handshakes.Scenarios[i]
		hello, data, err := record(s, f)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if err := check(s, f, append(hello, data...), len(data)); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		all = handshakes.AppendRecording(all, hello, data)
	}
	return os.WriteFile(out, all, 0o644)
}

// check replays what was recorded.
func check(s *handshakes.Scenario, f *handshakes.Fixtures, recorded []byte, data int) error {
	c, err := s.Open(f, string(recorded), data)
	if err != nil {
		return err
	}
	call := func(op func()) { op() }
	switch {
	case !c.Handshake(call):
		return fmt.Errorf("the replay does not come to its end: %v", c.Err())
	case s.Data > 0 && !(c.Receive(call) && c.Send(call)):
		return fmt.Errorf("no data after the replay: %v", c.Err())
	}
	c.Close()
	return nil
}
