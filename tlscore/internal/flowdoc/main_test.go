package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../../.."

// TestUpToDate: the files in the repository are what the tables say now.
func TestUpToDate(t *testing.T) {
	files, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not up to date (%v): run go run ./tlscore/internal/flowdoc", name, err)
		}
	}
}

// TestNothingIsLost: every table is found, every row leads somewhere or refuses, and every state can be reached.
func TestNothingIsLost(t *testing.T) {
	p, err := read(filepath.Join(root, source))
	if err != nil {
		t.Fatal(err)
	}
	tables, err := p.tables()
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) != len(titles) {
		t.Errorf("%d tables, want %d", len(tables), len(titles))
	}
	reached := map[string]bool{"idle": true, "expectClientHello": true, "sendClientHello": true}
	for _, table := range tables {
		if titles[table.name] == "" || len(orders(tables, table)) < 3 {
			t.Errorf("%s: title %q, orders %v", table.name, titles[table.name], orders(tables, table))
		}
		for _, r := range table.rows {
			if len(r.next) == 0 && r.state != "established" {
				t.Errorf("%s: %s leads nowhere with %s", table.name, r.state, r.message)
			}
			for _, next := range r.next {
				reached[next.state] = true
			}
		}
	}
	for state := range p.states {
		if !reached[state] {
			t.Errorf("nothing leads to %s", state)
		}
	}
}

// TestWhatIsNotUnderstood: a handler that cannot be followed is an error, and not a gap in the diagram.
func TestWhatIsNotUnderstood(t *testing.T) {
	const before = `package p
type state uint8
const (
	idle state = iota
	a
	b
)
func (c *Conn) other() (state, error) { return b, nil }
var flow = [...]row{{a, wire.TypeFinished, (*Conn).handler, nil, "RFC 1"}}
func (c *Conn) handler(msg []byte) (state, error) {
`
	for _, test := range []struct{ body, next, err string }{
		{"return b, nil", "b", ""},
		{"if c.resumed { return a, nil }; return b, nil", "a (resumed), b (full)", ""},
		{"if !c.resumed { return a, nil }; return b, nil", "a (full), b (resumed)", ""},
		{"switch { case c.resumed: return a, nil; case x: return b, nil }; return a, nil", "a, b (full)", ""},
		{"return c.other()", "b", ""},
		{"next := a; next, err := c.other(); return next, err", "a, b", ""},
		{"return c.state, nil", "a", ""},
		{"return idle, nil", "", ""},
		{"return 7, nil", "", "returns something that is not understood"},
		{"return nobody, nil", "", "returns nobody, which is not understood"},
		{"return c.missing()", "", "neither a method nor a field"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(before+test.body+"}"), 0o644); err != nil {
			t.Fatal(err)
		}
		p, err := read(dir)
		if err != nil {
			t.Fatal(err)
		}
		flow := p.flows["flow"]
		r, err := p.row(flow.Elts[0])
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: %v, want %q", test.body, err, test.err)
			}
		} else if got := join(r.next, ", ", true); err != nil || got != test.next {
			t.Errorf("%s: %q, want %q; %v", test.body, got, test.next, err)
		}
	}
}
