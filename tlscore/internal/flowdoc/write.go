package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// titles are what the tables are called for people.
var titles = map[string]string{
	"server13": "TLS 1.3, server",
	"client13": "TLS 1.3, client",
	"server12": "TLS 1.2, server",
	"client12": "TLS 1.2, client",
}

const head = `# The flow of handshakes

Made from the flow tables of this package by ` + "`go run ./tlscore/internal/flowdoc`" + `; a test checks that it is up to date.

- A state in which a connection waits has the name of the message that it expects. A state in which it sends has the name of the message
  that it sends.
- A message for which a state has no arrow ends the connection with the alert unexpected_message. Every other error also ends it, with its
  own alert; these arrows are not drawn.
- Connections of both versions begin with the hellos of TLS 1.3.
- What is marked (full) or (resumed) happens only in handshakes of that kind. If there are several other arrows, the message and the
  configuration decide which one is taken.
`

// document writes FLOW.md.
func document(tables []table) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	for _, t := range tables {
		fmt.Fprintf(&b, "\n## %s\n\n```mermaid\nstateDiagram-v2\n", titles[t.name])
		for _, r := range t.rows {
			for _, next := range r.next {
				fmt.Fprintf(&b, "    %s --> %s : %s %s%s\n", r.state, next.state, verb(r), r.message, next.modes.note())
			}
		}
		b.WriteString("```\n\n| state | message | next | specified in |\n|---|---|---|---|\n")
		for _, r := range t.rows {
			fmt.Fprintf(&b, "| %s | %s %s | %s | %s |\n", r.state, verb(r), r.message, join(r.next, ", ", true), r.clause)
		}
		b.WriteString("\nWhat the peer may send at most until the connection is established:\n\n")
		for _, o := range orders(tables, t) {
			fmt.Fprintf(&b, "- %s\n", strings.Join(o, ", "))
		}
	}
	return b.Bytes()
}

// note says of which handshakes something is, if not of all.
func (m mode) note() string {
	switch m {
	case full:
		return " (full)"
	case resumed:
		return " (resumed)"
	}
	return ""
}

func join(next []step, separator string, notes bool) string {
	var all []string
	for _, s := range next {
		if all = append(all, s.state); notes {
			all[len(all)-1] += s.modes.note()
		}
	}
	return strings.Join(all, separator)
}

func verb(r row) string {
	if r.receives {
		return "receive"
	}
	return "send"
}

func direction(r row) string {
	if r.receives {
		return "<"
	}
	return ">"
}

// list writes flow.txt: a line for each row, its fields separated by spaces.
func list(tables []table) []byte {
	var b bytes.Buffer
	b.WriteString("# Made by go run ./tlscore/internal/flowdoc: table, state, < received or > sent, message, next states.\n")
	for _, t := range tables {
		for _, r := range t.rows {
			fmt.Fprintf(&b, "%s %s %s %s %s\n", t.name, r.state, direction(r), r.message, join(r.next, " ", false))
		}
	}
	return b.Bytes()
}

// orders returns the sequences of messages that the peer may send until the connection of table t is established. All begin in
// the table of TLS 1.3, where the hellos of both versions stand.
func orders(tables []table, t table) [][]string {
	rows := map[string][]row{}
	own := map[string]bool{} // states that tell that the version is t's
	start := t.rows[0].state
	for _, other := range tables {
		if other.role() != t.role() {
			continue
		}
		newest := strings.HasSuffix(other.name, "13")
		if newest {
			start = other.rows[0].state
		}
		for _, r := range other.rows {
			if newest || other.name == t.name {
				rows[r.state] = append(rows[r.state], r)
			}
			if other.name == t.name && r.state != "established" {
				own[r.state] = true
			}
		}
	}
	type edge struct {
		state, message, next string
		kind                 mode
	}
	taken := map[edge]bool{}
	seen := map[string]bool{}
	var all [][]string
	var walk func(state string, path []string, ours bool, kind mode)
	walk = func(state string, path []string, ours bool, kind mode) {
		if state == "established" {
			if key := strings.Join(path, " "); ours && !seen[key] {
				seen[key] = true
				all = append(all, path)
			}
			return
		}
		for _, r := range rows[state] {
			longer := path
			if r.receives {
				longer = append(slices.Clone(path), r.message)
			}
			for _, next := range r.next {
				if e := (edge{state, r.message, next.state, kind}); next.modes&kind != 0 && !taken[e] {
					taken[e] = true
					walk(next.state, longer, ours || own[next.state], kind)
					delete(taken, e)
				}
			}
		}
	}
	walk(start, nil, false, full)
	walk(start, nil, false, resumed)
	slices.SortFunc(all, func(a, b []string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	return all
}
