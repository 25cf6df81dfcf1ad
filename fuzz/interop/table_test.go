package interop

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

// table is what is known of each cell of each peer. A row of its text has the cells that differ only in group and mode.
type table struct {
	title string

	mu    sync.Mutex
	peers []string
	marks map[string]map[cell]string // peer, cell: pass, FAIL or a reason
}

func newTable(title string) *table {
	return &table{title: title, marks: map[string]map[cell]string{}}
}

func (t *table) mark(peer string, c cell, mark string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.marks[peer] == nil {
		t.marks[peer] = map[cell]string{}
		t.peers = append(t.peers, peer)
	}
	t.marks[peer][c] = mark
}

const (
	pass = "pass"
	fail = "FAIL"
)

// result says how a cell went.
func (t *table) result(peer string, c cell, ok bool) {
	if ok {
		t.mark(peer, c, pass)
	} else {
		t.mark(peer, c, fail)
	}
}

// note says why cells were not tried.
func (t *table) note(peer string, cells []cell, reason string) {
	for _, c := range cells {
		t.mark(peer, c, reason)
	}
}

// letters stand for the modes that passed, in the text of the table.
const letters = "FMRB"

// String returns the table with its footnotes.
func (t *table) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", t.title)
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "peer\tversion\tsuite\tidentity")
	for _, g := range groups {
		fmt.Fprintf(w, "\t%v", g)
	}
	fmt.Fprintln(w)
	var notes []string
	counts := map[string]int{}
	slices.Sort(t.peers)
	for _, peer := range t.peers {
		for _, version := range versions {
			t.rows(w, peer, version, &notes, counts)
		}
	}
	w.Flush()
	untried := 0
	for _, peer := range t.peers {
		for _, c := range cells() {
			if mark := t.marks[peer][c]; mark != pass && mark != fail && mark != "" {
				number(&notes, mark) // Rows for several cells show the first of their notes only.
				counts[mark]++
				untried++
			}
		}
	}
	fmt.Fprintf(&text, "\n%d cells passed, %d failed, %d cannot be tried. In each group:\n", counts[pass], counts[fail], untried)
	for m := range mode(modes) {
		fmt.Fprintf(&text, "  %c  %v\n", letters[m], m)
	}
	fmt.Fprintln(&text, "  !  failed\n  .  left out of the sample\n  -  cannot be tried:")
	for i, note := range notes {
		fmt.Fprintf(&text, "%4d  %s: %d cells\n", i+1, note, counts[note])
	}
	return text.String()
}

// rows writes the rows of a peer and a version: only one for the version, or for a suite, if none of its cells could be tried.
func (t *table) rows(w *tabwriter.Writer, peer string, version uint16, notes *[]string, counts map[string]int) {
	if note := t.untried(peer, func(c cell) bool { return c.version == version }); note != "" {
		fmt.Fprintf(w, "%s\t%s\tall\tall\t---- %d\n", peer, versionName(version), number(notes, note))
		return
	}
	for _, suite := range suites[version] {
		if note := t.untried(peer, func(c cell) bool { return c.suite == suite }); note != "" {
			fmt.Fprintf(w, "%s\t%s\t%v\tall\t---- %d\n", peer, versionName(version), suite, number(notes, note))
			continue
		}
		for _, identity := range identities {
			c := cell{version: version, suite: suite, identity: identity, group: groups[0]}
			if !c.exists() {
				continue
			}
			fmt.Fprintf(w, "%s\t%s\t%v\t%v", peer, versionName(version), suite, identity)
			for _, c.group = range groups {
				if c.exists() {
					fmt.Fprintf(w, "\t%s", t.group(peer, c, notes, counts))
				}
			}
			fmt.Fprintln(w)
		}
	}
}

// untried returns the note of the first of the peer's cells that are of a kind, if all of them have notes.
func (t *table) untried(peer string, kind func(cell) bool) (note string) {
	for _, c := range cells() {
		if !kind(c) {
			continue
		}
		mark := t.marks[peer][c]
		if mark == pass || mark == fail || mark == "" {
			return ""
		}
		if note == "" {
			note = mark
		}
	}
	return note
}

// group returns the marks of the cells of a group, which differ in mode only, and the numbers of their notes.
func (t *table) group(peer string, c cell, notes *[]string, counts map[string]int) string {
	var marks [modes]byte
	var numbers []string
	for c.mode = range mode(modes) {
		mark := t.marks[peer][c]
		switch mark {
		case pass:
			counts[pass]++
			marks[c.mode] = letters[c.mode]
		case fail:
			counts[fail]++
			marks[c.mode] = '!'
		case "":
			marks[c.mode] = '.'
		default:
			marks[c.mode] = '-'
			if n := fmt.Sprint(number(notes, mark)); !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
	}
	return string(marks[:]) + " " + strings.Join(numbers, ",")
}

// number returns the number of a note, from 1, and adds it if it is new.
func number(notes *[]string, note string) int {
	if !slices.Contains(*notes, note) {
		*notes = append(*notes, note)
	}
	return slices.Index(*notes, note) + 1
}

func versionName(v uint16) string {
	if v == version12 {
		return "TLS 1.2"
	}
	return "TLS 1.3"
}

func TestTableShowsEachCell(t *testing.T) {
	table := newTable("title")
	for i, c := range cells() {
		switch {
		case c.suite == suites[version13][0]:
			table.note("peer", []cell{c}, "peer lacks a suite")
		case c.mode == both:
			table.note("peer", []cell{c}, "peer lacks a mode")
		case c.mode == mutual:
			table.result("peer", c, false)
		case c.mode == full || i%2 == 0:
			table.result("peer", c, true)
		}
	}
	text := strings.Join(strings.Fields(table.String()), " ")
	for _, want := range []string{
		"peer TLS 1.3 TLS_AES_128_GCM_SHA256 all ---- 1 peer",
		"peer TLS 1.3 TLS_AES_256_GCM_SHA384 rsa F!R- 2 F!R- 2",
		"236 cells passed, 118 failed, 182 cannot be tried",
		"1 peer lacks a suite: 64 cells 2 peer lacks a mode: 118 cells",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}
