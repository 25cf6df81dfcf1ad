package interop

import (
	"fmt"
	"slices"
	"strings"
	"sync"
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
	fmt.Fprintf(&text, "\n%d cells passed, %d failed. In each group:\n", counts[pass], counts[fail])
	for m := range mode(modes) {
		fmt.Fprintf(&text, "  %c  %v\n", letters[m], m)
	}
	fmt.Fprintln(&text, "  !  failed\n  .  left out of the sample\n  -  cannot be tried:")
	for i, note := range notes {
		fmt.Fprintf(&text, "%4d  %s\n", i+1, note)
	}
	return text.String()
}

// rows writes the rows of a peer and a version, or only one if none of their cells could be tried.
func (t *table) rows(w *tabwriter.Writer, peer string, version uint16, notes *[]string, counts map[string]int) {
	tried := false
	var first cell
	for c, mark := range t.marks[peer] {
		if c.version == version {
			tried = tried || mark == pass || mark == fail
			first = c
		}
	}
	if !tried {
		fmt.Fprintf(w, "%s\t%s\tall\tall\t%s %d\n", peer, versionName(version), strings.Repeat("-", modes), number(notes, t.marks[peer][first]))
		return
	}
	for _, suite := range suites[version] {
		for _, identity := range identities {
			c := cell{version: version, suite: suite, identity: identity}
			fmt.Fprintf(w, "%s\t%s\t%v\t%v", peer, versionName(version), suite, identity)
			for _, c.group = range groups {
				fmt.Fprintf(w, "\t%s", t.group(peer, c, notes, counts))
			}
			fmt.Fprintln(w)
		}
	}
}

// group returns the marks of the cells of a group, which differ in mode only, and the numbers of their notes.
func (t *table) group(peer string, c cell, notes *[]string, counts map[string]int) string {
	var marks [modes]byte
	var numbers []string
	for c.mode = range mode(modes) {
		mark := t.marks[peer][c]
		counts[mark]++
		switch mark {
		case pass:
			marks[c.mode] = letters[c.mode]
		case fail:
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
