package x509lite

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// frames are the stack frames of functions and whom they call, as the compiler lists them.
type frames struct {
	size  map[string]int
	calls map[string][]string
	deep  map[string]int
}

// depth is the most stack that a function and all below it need, on a path through the static calls. There is
// no recursion.
func (f *frames) depth(name string, path []string, t *testing.T) int {
	if d, ok := f.deep[name]; ok {
		return d
	}
	for _, p := range path {
		if p == name {
			t.Fatalf("recursion: %v", append(path, name))
		}
	}
	below := 0
	for _, c := range f.calls[name] {
		if _, ours := f.size[c]; ours {
			below = max(below, f.depth(c, append(path, name), t))
		}
	}
	const returnAddress = 4
	d := f.size[name] + returnAddress + below
	f.deep[name] = d
	return d
}

// TestStack adds up the stack frames that the compiler lays out for a 32-bit machine (GOARCH=386), along the
// deepest path of calls within this module. The SignatureVerifier's stack comes on top.
func TestStack(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the compiler")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skipf("no go command: %v", err)
	}
	command := exec.Command(goTool, "build", "-gcflags=colibri/x509lite/...=-S", ".")
	command.Env = append(os.Environ(), "GOARCH=386", "CGO_ENABLED=0")
	listing, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, listing)
	}
	text := regexp.MustCompile(`^(\S+) STEXT .*locals=0x([0-9a-f]+)`)
	call := regexp.MustCompile(`\bCALL\s+(colibri\S*)\(SB\)`)
	f := &frames{size: map[string]int{}, calls: map[string][]string{}, deep: map[string]int{}}
	current := ""
	lines := bufio.NewScanner(bytes.NewReader(listing))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if m := text.FindStringSubmatch(lines.Text()); m != nil {
			n, err := strconv.ParseInt(m[2], 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			current = m[1]
			f.size[current] = int(n)
		} else if m := call.FindStringSubmatch(lines.Text()); m != nil {
			f.calls[current] = append(f.calls[current], m[1])
		}
	}
	if len(f.size) < 100 {
		t.Fatalf("the listing has only %d functions; did the format change?", len(f.size))
	}
	const limit = 2048
	for _, name := range []string{"(*Verifier).Verify", "(*Certificate).Parse", "(*Certificate).Describe", "(*CRL).Parse", "(*CRL).Lookup",
		"(*CRLStream).Write", "(*Pins).Verify", "Packed.Check"} {
		full := "colibri/x509lite." + name
		if _, ok := f.size[full]; !ok {
			t.Errorf("%s is not in the listing", name)
			continue
		}
		d := f.depth(full, nil, t)
		t.Logf("%-24s %5d bytes", name, d)
		if d > limit {
			t.Errorf("%s needs %d bytes of stack, more than %d", name, d, limit)
			for at := full; at != ""; {
				t.Logf("  %5d %s", f.size[at], strings.TrimPrefix(at, "colibri/x509lite."))
				next, most := "", 0
				for _, c := range f.calls[at] {
					if f.deep[c] > most {
						next, most = c, f.deep[c]
					}
				}
				at = next
			}
		}
	}
}
