package bench

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// figure is a number that a page claims and that a file of results/ holds.
type figure struct {
	page   string // README.md, or where else the claim is
	claim  string // with the number as its group
	file   string // in results/
	result string // of the line that has the number, as its group
	holds  func(claimed, measured float64) bool
}

func above(claimed, measured float64) bool { return measured > claimed }
func equal(claimed, measured float64) bool { return measured == claimed }

// rounded compares thousands, rounded up, with units.
func rounded(claimed, measured float64) bool { return math.Ceil(measured/1000) == claimed }

// million compares millions, to one digit behind the point, with units.
func million(claimed, measured float64) bool { return math.Abs(measured/1e6-claimed) <= 0.06 }

var figures = []figure{
	{"README.md", `a mutual handshake takes less than (\S+) million instructions`, "rv32.txt",
		`ServerHandshake/version=1.3/auth=mutual\s.*?(\S+) insns/op`, func(claimed, measured float64) bool { return measured < 1e6*claimed }},
	{"README.md", `million instructions and less than (\S+) KB`, "rv32.txt",
		`ServerHandshake/version=1.3/auth=mutual\s.*?(\S+) ram-B`, func(claimed, measured float64) bool { return measured < 1000*claimed }},
	{"README.md", `mutual authentication takes (\S+) KB of flash`, "rv32.txt",
		`ServerSize/algorithms=small/part=tls\s.*?(\S+) flash-B`, rounded},
	{"README.md", `More than (\S+) of its`, "bogo.txt", `(?m)^ *\d+ +(\d+) .* passed$`, above},
	{"README.md", `of its (\S+) tests of TLS`, "bogo.txt", `(?m)^ *\d+ +(\d+) .* tests$`, equal},
	{"README.md", `finds (no) failure`, "bogo.txt", `(?m)^ *\d+ +(\d+) .* failed$`, equal},
	{"tlscore/doc.go", `P-256 +(\S+) to verify`, "rv32.txt", `P256Verify/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `P-256 .* (\S+) for a shared secret`, "rv32.txt", `P256ECDH/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `P-256 .* (\S+) to sign`, "rv32.txt", `P256Sign/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `Ed25519 +(\S+) to verify`, "rv32.txt", `Ed25519Verify/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `Ed25519 .* (\S+) to sign`, "rv32.txt", `Ed25519Sign/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `X25519 +(\S+) for a shared secret`, "rv32.txt", `X25519Shared/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `P-384 +(\S+) to verify`, "rv32.txt", `P384Verify/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `P-384 .* (\S+) for a shared secret`, "rv32.txt", `P384ECDH/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `P-384 .* (\S+) to sign`, "rv32.txt", `P384Sign/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `X25519MLKEM768 +(\S+) at most`, "rv32.txt", `MLKEM768Decapsulate/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `RSA-2048 +(\S+) to verify`, "rv32.txt", `RSA2048VerifyPSS/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `RSA-2048 .* (\S+) to sign`, "rv32.txt", `RSA2048SignPSS/\S+\s.*?(\S+) insns/op`, million},
	{"tlscore/doc.go", `records +(\S+) for 16 KB`, "rv32.txt", `SendRecord/version=1.3/size=16384\s.*?(\S+) insns/op`, million},
	{"firmware/rv32/README.md", `cryptography, certificates \| (\S+) \|`, "rv32.txt", `ServerSize/algorithms=small/part=tls\s.*?(\S+) flash-B`, rounded},
	{"firmware/rv32/README.md", `cryptography, certificates \| \S+ \| (\S+) \|`, "rv32.txt", `ServerSize/algorithms=all/part=tls\s.*?(\S+) flash-B`, rounded},
	{"firmware/rv32/README.md", `drivers, the page \| (\S+) \|`, "rv32.txt", `ServerSize/algorithms=small/part=total\s.*?(\S+) flash-B`, rounded},
	{"firmware/rv32/README.md", `drivers, the page \| \S+ \| (\S+) \|`, "rv32.txt", `ServerSize/algorithms=all/part=total\s.*?(\S+) flash-B`, rounded},
	{"firmware/esp32/README.md", `between two feedings is (\S+)\s+million`, "rv32.txt", `DeviceWatchdog\s.*?(\S+) longest-insns`, million},
}

// TestFiguresOfPages compares the figures that the README and other pages give with those that were measured last.
func TestFiguresOfPages(t *testing.T) {
	for _, f := range figures {
		claimed, measured := number(t, read(t, f.page), f.claim), number(t, read(t, "results", f.file), f.result)
		if !f.holds(claimed, measured) {
			t.Errorf("%s says %q, with %v; results/%s has %v", f.page, f.claim, claimed, f.file, measured)
		}
	}
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// number returns the group of pattern's first match in text. Thousands may be separated by commas, and 0 may be "no".
func number(t *testing.T, text, pattern string) float64 {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("nothing matches %q", pattern)
	}
	if m[1] == "no" {
		return 0
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var (
	claimedTests = regexp.MustCompile(`go test [^|]*?-run '?([\w\\|]+)'?((?: \./[\w./]+)+)`)
	claimedBench = regexp.MustCompile(`go test [^|]*?-bench (\w+) .*?((?: \./[\w./]+)+)`)
	claimedMake  = regexp.MustCompile("(?:`|^    )make ([a-z]+)")
)

// TestCommandsOfTheREADME: what the README tells to run exists: each test in each of the packages, and each target of make.
func TestCommandsOfTheREADME(t *testing.T) {
	readme := strings.ReplaceAll(read(t, "README.md"), `\|`, "|")
	makefile := read(t, "Makefile")
	n := 0
	for line := range strings.Lines(readme) {
		for _, m := range claimedMake.FindAllStringSubmatch(line, -1) {
			n++
			if !strings.Contains(makefile, "\n"+m[1]+":") {
				t.Errorf("there is no make %s", m[1])
			}
		}
		for prefix, command := range map[string]*regexp.Regexp{"(?:Test|Fuzz)": claimedTests, "Benchmark": claimedBench} {
			for _, m := range command.FindAllStringSubmatch(line, -1) {
				found := ""
				for _, dir := range strings.Fields(m[2]) {
					found += testsOf(t, dir)
				}
				for name := range strings.SplitSeq(m[1], "|") {
					n++
					if !regexp.MustCompile(`(?m)^func ` + prefix + `\w*` + name).MatchString(found) {
						t.Errorf("no %s of%s has %q in its name", prefix, m[2], name)
					}
				}
			}
		}
	}
	if n < 25 {
		t.Errorf("only %d commands were found", n)
	}
}

// testsOf returns the text of all tests of a package.
func testsOf(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", dir, err)
	}
	var b strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}

var codeName = regexp.MustCompile("`(?:[a-z0-9]+\\.)?([A-Z]\\w+)(?:\\.([A-Z]\\w+))?`")

// TestNamesOfPages: the exported names that pages for users mention are in the code.
func TestNamesOfPages(t *testing.T) {
	var code strings.Builder
	for _, root := range []string{"tlscore", "x509lite", "firmware", "fuzz"} {
		err := filepath.WalkDir(filepath.Join("..", root), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
				return err
			}
			text, err := os.ReadFile(path)
			code.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	known := map[string]bool{}
	for _, name := range regexp.MustCompile(`\b[A-Z]\w+`).FindAllString(code.String(), -1) {
		known[name] = true
	}
	n := 0
	for _, page := range []string{"README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "tlscore/ATTACKS.md"} {
		for _, m := range codeName.FindAllStringSubmatch(read(t, page), -1) {
			for _, name := range m[1:] {
				if n++; name != "" && !known[name] {
					t.Errorf("%s: nothing is called %s", page, name)
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d names were found", n)
	}
}
