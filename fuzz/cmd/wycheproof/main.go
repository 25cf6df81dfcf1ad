// Wycheproof runs Project Wycheproof's vectors through every primitive, in every build, and prints one table: file, tests,
// and how many passed in the host build, in the portable build and on 32 bits. A file that no primitive reads is listed with
// the reason. It exits non-zero if a test fails or a file is missed.
//
//	go run ./fuzz/cmd/wycheproof
package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
)

// builds are the columns of the table.
var builds = []struct {
	name string
	tags []string
	env  []string
}{
	{"host", nil, nil},
	{"portable", []string{"-tags", "portable"}, nil},
	{"386", nil, []string{"GOARCH=386", "CGO_ENABLED=0"}},
}

// unused are the files that belong to nothing here.
var unused = map[string]string{
	"ed448_test.json.gz":                           "Ed448 is not implemented",
	"x448_test.json.gz":                            "X448 is not implemented",
	"mlkem_768_semi_expanded_decaps_test.json.gz":  "private keys are seeds here, never expanded",
	"mlkem_1024_encaps_test.json.gz":               "ML-KEM-1024 is not implemented",
	"mlkem_1024_keygen_seed_test.json.gz":          "ML-KEM-1024 is not implemented",
	"mlkem_1024_semi_expanded_decaps_test.json.gz": "ML-KEM-1024 is not implemented",
	"mlkem_1024_test.json.gz":                      "ML-KEM-1024 is not implemented",
}

// line is how the tests report a file; skipped tests follow with their reasons.
var line = regexp.MustCompile(`(?:(host|portable): )?([a-z0-9_]+_test\.json\.gz): (\d+) tests, (\d+) passed(.*)`)

type result struct {
	tests   string
	passed  map[string]string // by build
	remarks string
}

func main() {
	all := files()
	results := map[string]*result{}
	failed := false
	for _, b := range builds {
		fmt.Fprintf(os.Stderr, "running the %s build\n", b.name)
		args := append([]string{"test", "-count=1", "-v", "-run", "Wycheproof"}, b.tags...)
		cmd := exec.Command("go", append(args, "./tlscore/primitive/...")...)
		cmd.Env = append(os.Environ(), b.env...)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); err != nil {
			failed = true
			fmt.Fprintf(os.Stderr, "%s\n%s build: %v\n", out.String(), b.name, err)
		}
		for _, m := range line.FindAllStringSubmatch(out.String(), -1) {
			if m[1] == "portable" && b.name == "host" {
				continue // The portable code is there in the host build too; its own build counts.
			}
			r := results[m[2]]
			if r == nil {
				r = &result{tests: m[3], passed: map[string]string{}}
				results[m[2]] = r
			}
			r.passed[b.name] = m[4]
			r.remarks = strings.Trim(strings.ReplaceAll(m[5], `"`, ""), " []()")
		}
	}
	if !printTable(all, results) || failed {
		os.Exit(1)
	}
}

// printTable prints the results for all files, and reports whether each was read in every build.
func printTable(all []string, results map[string]*result) (complete bool) {
	complete = true
	names := slices.Collect(maps.Keys(results))
	for _, name := range all {
		if results[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "file\ttests")
	for _, b := range builds {
		fmt.Fprintf(w, "\t%s", b.name)
	}
	fmt.Fprintln(w, "\tremarks")
	for _, name := range names {
		r := results[name]
		if r == nil {
			reason, known := unused[name]
			if !known {
				reason, complete = "MISSED: no primitive reads this file", false
			}
			fmt.Fprintf(w, "%s\t-\t-\t-\t-\t%s\n", name, reason)
			continue
		}
		fmt.Fprintf(w, "%s\t%s", name, r.tests)
		for _, b := range builds {
			passed := r.passed[b.name]
			if passed == "" {
				passed, complete = "MISSED", false
			}
			fmt.Fprintf(w, "\t%s", passed)
		}
		fmt.Fprintf(w, "\t%s\n", r.remarks)
	}
	w.Flush()
	return complete
}

// files returns the names of all vector files. If there are none, it says so and ends the program.
func files() []string {
	dir := os.Getenv("COLIBRI_VECTORS")
	if dir == "" {
		dir = filepath.Join("..", "shared", "vectors")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "wycheproof", "*.json.gz"))
	if err != nil || len(paths) == 0 {
		fmt.Fprintln(os.Stderr, "the vectors are absent: COLIBRI_VECTORS has to name a directory that contains wycheproof/")
		os.Exit(1)
	}
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths
}
