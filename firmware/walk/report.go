//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what the walk has found; its JSON form is what -json prints.
type report struct {
	Pass       bool         `json:"pass"`
	Seconds    float64      `json:"seconds"`
	Curl       string       `json:"curl,omitempty"`
	Steps      []stepReport `json:"steps"`
	Benchmarks []comparison `json:"benchmarks,omitempty"`
	Fuzz       []fuzzed     `json:"fuzz,omitempty"`
}

// stepReport is one line of the table.
type stepReport struct {
	Part    string   `json:"part"` // "build", "ecdsa, mutual" ...
	Title   string   `json:"title"`
	Command string   `json:"command,omitempty"`
	Exit    int      `json:"exit"`             // curl's exit status
	Status  int      `json:"status,omitempty"` // of the HTTP response
	Log     []string `json:"log,omitempty"`    // what the device logged meanwhile
	Pass    bool     `json:"pass"`
	Wrong   []string `json:"wrong,omitempty"` // what is not as it should be
	Seconds float64  `json:"seconds"`
}

// add takes a finished step into the report and prints its verdict.
func (r *report) add(to io.Writer, s stepReport) {
	s.Pass = len(s.Wrong) == 0
	r.Steps = append(r.Steps, s)
	fmt.Fprintf(to, "    %s in %v\n", s.verdict(), duration(s.Seconds))
	for _, wrong := range s.Wrong {
		fmt.Fprintf(to, "    - %s\n", strings.ReplaceAll(wrong, "\n", "\n      "))
	}
	fmt.Fprintln(to)
}

func (s *stepReport) verdict() string {
	if s.Pass {
		return "PASS"
	}
	return "FAIL"
}

// do runs one part of the walk that is not a curl step, and takes it into the report. It returns false if it
// failed.
func (r *report) do(to io.Writer, part, title string, run func() error) bool {
	fmt.Fprintf(to, "%s: %s\n", part, title)
	start := time.Now()
	s := stepReport{Part: part, Title: title}
	err := run()
	s.Seconds = time.Since(start).Seconds()
	if err != nil {
		s.Wrong = []string{err.Error()}
	}
	r.add(to, s)
	return err == nil
}

// finish prints the table of all steps and says whether all of them passed; none at all is no success.
func (r *report) finish(to io.Writer, took time.Duration) error {
	r.Seconds = took.Seconds()
	failed := 0
	t := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PART\tSTEP\tCURL\tHTTP\tTIME\t")
	for i := range r.Steps {
		s := &r.Steps[i]
		exit, status := "", ""
		if s.Command != "" {
			exit = fmt.Sprint(s.Exit)
		}
		if s.Status != 0 {
			status = fmt.Sprint(s.Status)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%v\t%s\n", s.Part, s.Title, exit, status, duration(s.Seconds), s.verdict())
		if !s.Pass {
			failed++
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(r.Benchmarks) > 0 {
		fmt.Fprintln(to)
		if err := benchTable(to, r.Benchmarks); err != nil {
			return err
		}
	}
	for _, f := range r.Fuzz {
		fmt.Fprintf(to, "fuzzed %s: %d inputs\n", f.Target, f.Execs)
	}
	r.Pass = failed == 0 && len(r.Steps) > 0
	if r.Pass {
		fmt.Fprintf(to, "\nall %d steps passed in %v\n", len(r.Steps), duration(r.Seconds))
	} else {
		fmt.Fprintf(to, "\n%d of %d steps failed, in %v\n", failed, len(r.Steps), duration(r.Seconds))
	}
	return nil
}

// writeJSON prints the report for programs.
func (r *report) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}
