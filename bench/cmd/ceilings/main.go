package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/perf/benchfmt"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ceilings", flag.ContinueOnError)
	flags.SetOutput(stderr)
	where := flags.String("where", "", "only budgets under these conditions, `key=value,...`")
	partial := flags.Bool("partial", false, "do not fail for benchmarks that were not measured")
	tighten := flags.Bool("tighten", false, "lower the ceilings in the budget file to what was measured")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() == 0 {
		fmt.Fprintln(stderr, "ceilings: no budget file")
		flags.Usage()
		return 2
	}
	name := flags.Arg(0)
	text, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(stderr, "ceilings:", err)
		return 2
	}
	budgets, err := parse(name, string(text))
	if err == nil {
		budgets, err = narrow(budgets, *where)
	}
	if err != nil {
		fmt.Fprintln(stderr, "ceilings:", err)
		return 2
	}
	results, err := read(flags.Args()[1:], stdin)
	if err != nil {
		fmt.Fprintln(stderr, "ceilings:", err)
		return 2
	}
	rows := check(budgets, results)
	if !slices.ContainsFunc(rows, func(r row) bool { return !r.missing }) {
		fmt.Fprintln(stderr, "ceilings: none of the results has a ceiling")
		return 1
	}
	if *tighten {
		if err := os.WriteFile(name, []byte(lower(string(text), rows)), 0o644); err != nil {
			fmt.Fprintln(stderr, "ceilings:", err)
			return 2
		}
	}
	if failures := print(stdout, rows, *partial); failures > 0 {
		fmt.Fprintf(stderr, "ceilings: %d of %d checks failed\n", failures, len(rows))
		return 1
	}
	return 0
}

// read returns all results of the files, or of standard input when there are none. A line that looks like a result and
// is not one is an error: it may be the one that exceeds a ceiling.
func read(paths []string, stdin io.Reader) ([]*benchfmt.Result, error) {
	if len(paths) == 0 {
		return scan(nil, stdin, "standard input")
	}
	var results []*benchfmt.Result
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		results, err = scan(results, f, path)
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

func scan(results []*benchfmt.Result, r io.Reader, name string) ([]*benchfmt.Result, error) {
	reader := benchfmt.NewReader(r, name)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.Result:
			results = append(results, rec.Clone())
		case *benchfmt.SyntaxError:
			return nil, rec
		}
	}
	return results, reader.Err()
}
