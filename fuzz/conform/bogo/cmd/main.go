// Command cmd runs BoGo, the test runner of BoringSSL, against the shim beside it, and prints how many tests passed, failed and
// do not apply, with the reasons. It exits non-zero if a test fails that config.json does not excuse, or if config.json excuses
// what needs no excuse: a pattern that no test has, or one whose tests all pass.
//
//	go run ./fuzz/conform/bogo/cmd -runner PATH [-test PATTERNS] [-tags portable] [-trickle] [-write results/bogo.txt]
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
)

var (
	runner  = flag.String("runner", "", "path of the runner's program, which is BoringSSL's")
	only    = flag.String("test", "", "patterns of tests to run, separated by semicolons; empty: all")
	dir     = flag.String("dir", "fuzz/conform/bogo", "where the shim and its config.json are")
	log     = flag.String("log", "build/bogo.log", "where to write what the runner says")
	write   = flag.String("write", "", "where to write the summary as well; only for a run of all tests")
	tags    = flag.String("tags", "", "build tags of the shim: portable, for instance")
	trickle = flag.Bool("trickle", false, "hand everything over byte by byte")
	workers = flag.Int("workers", 2, "tests to run at one time")
)

// config is what this command needs of the runner's configuration.
type config struct {
	DisabledTests map[string]string
}

// An outcome is what became of a test.
type outcome int

const (
	passed outcome = iota
	failed
	unimplemented
	excused  // disabled, and indeed it does not pass
	needless // disabled, and passes all the same
	outcomes
)

var words = [outcomes]string{"passed", "failed", "not implemented", "disabled", "disabled, would pass"}

func main() {
	flag.Parse()
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bogo:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	if *runner == "" {
		return fmt.Errorf("-runner is missing: the path of BoringSSL's test runner; its own tree says how it is built")
	}
	text, err := os.ReadFile(filepath.Join(*dir, "config.json"))
	if err != nil {
		return err
	}
	var cfg config
	if err := json.Unmarshal(text, &cfg); err != nil {
		return err
	}
	results, err := runTests()
	if err != nil {
		return err
	}
	var summary bytes.Buffer
	complaints := cfg.report(&summary, results)
	if _, err := out.Write(summary.Bytes()); err != nil {
		return err
	}
	if *write != "" && *only == "" {
		if err := os.WriteFile(*write, summary.Bytes(), 0o644); err != nil {
			return err
		}
	}
	for _, c := range complaints {
		fmt.Fprintln(out, c)
	}
	if len(complaints) > 0 {
		return fmt.Errorf("%d complaints; %s has the details", len(complaints), *log)
	}
	return nil
}

// resultLine is how the runner reports a test.
var resultLine = regexp.MustCompile(`^(PASSED|FAILED|UNIMPLEMENTED) \((.*)\)$`)

// runTests builds the shim and runs the tests, the disabled ones too.
func runTests() (map[string]outcome, error) {
	tmp, err := os.MkdirTemp("", "bogo")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	shim := filepath.Join(tmp, "shim")
	build := exec.Command("go", "build", "-tags", *tags, "-o", shim, "./"+*dir)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("building the shim: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(*log), 0o755); err != nil {
		return nil, err
	}
	record, err := os.Create(*log)
	if err != nil {
		return nil, err
	}
	defer record.Close()
	cmd := exec.Command(*runner, "-shim-path", shim, "-shim-config", filepath.Join(*dir, "config.json"), "-include-disabled",
		"-allow-unimplemented", "-pipe", "-num-workers", fmt.Sprint(*workers), "-test", *only)
	if *trickle {
		cmd.Args = append(cmd.Args, "-shim-extra-flags", "-async")
	}
	cmd.Stderr = record
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	results := map[string]outcome{}
	lines := bufio.NewScanner(io.TeeReader(pipe, record))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		if m := resultLine.FindStringSubmatch(lines.Text()); m != nil {
			results[m[2]] = map[string]outcome{"PASSED": passed, "FAILED": failed, "UNIMPLEMENTED": unimplemented}[m[1]]
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if err := cmd.Wait(); err != nil && len(results) == 0 {
		return nil, fmt.Errorf("the runner: %w; %s has what it said", err, *log)
	}
	return results, nil
}

// report writes the tables and returns what is wrong.
func (cfg *config) report(out io.Writer, results map[string]outcome) (complaints []string) {
	matches := map[string]int{}    // tests of a pattern
	justified := map[string]bool{} // patterns with a test that does not pass
	reasons := map[string]int{}
	var counts [len(circles)][outcomes]int
	for _, name := range slices.Sorted(maps.Keys(results)) {
		o := results[name]
		patterns := cfg.disabledBy(name)
		for _, p := range patterns {
			matches[p]++
			justified[p] = justified[p] || o != passed
		}
		switch {
		case len(patterns) == 0 && o != passed:
			complaints = append(complaints, fmt.Sprintf("%s: %s", words[o], name))
		case len(patterns) > 0 && o == passed:
			o = needless
		case len(patterns) > 0:
			o = excused
		}
		if len(patterns) > 0 && applicable.has(name) {
			reasons[cfg.DisabledTests[patterns[0]]]++
		}
		for i, c := range circles {
			if c.has(name) {
				counts[i][o]++
			}
		}
	}
	for _, p := range slices.Sorted(maps.Keys(cfg.DisabledTests)) {
		if *only == "" && matches[p] == 0 {
			complaints = append(complaints, fmt.Sprintf("no test has the disabled pattern %s", p))
		} else if matches[p] > 0 && !justified[p] {
			complaints = append(complaints, fmt.Sprintf("all tests of the disabled pattern %s pass", p))
		}
	}

	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, c := range circles {
		fmt.Fprintf(w, "%s\t", c.name)
	}
	fmt.Fprintln(w, "\t")
	for o := range outcomes + 1 {
		for i := range circles {
			n := 0
			for k, v := range counts[i] {
				if outcome(k) == o || o == outcomes {
					n += v
				}
			}
			fmt.Fprintf(w, "%d\t", n)
		}
		if o < outcomes {
			fmt.Fprintf(w, "%s\t\n", words[o])
		} else {
			fmt.Fprintf(w, "tests\t\n")
		}
	}
	w.Flush()
	for _, c := range circles {
		fmt.Fprintf(out, "\n%s: %s.", c.name, c.what)
	}
	fmt.Fprintf(out, "\n\nWhy tests that are applicable are disabled:\n\n")
	byCount := slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(reasons[b], reasons[a]), cmp.Compare(a, b))
	})
	for _, r := range byCount {
		fmt.Fprintf(out, "%6d  %s\n", reasons[r], r)
	}
	return complaints
}

// disabledBy returns the patterns that disable a test, the longest first: it is the most particular one.
func (cfg *config) disabledBy(name string) (patterns []string) {
	for p := range cfg.DisabledTests {
		if ok, _ := filepath.Match(p, name); ok {
			patterns = append(patterns, p)
		}
	}
	slices.SortFunc(patterns, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return patterns
}
