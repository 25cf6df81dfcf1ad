//go:build unix

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/firmware/pki/files"
)

// limit bounds the whole walk; it takes far less unless something hangs or the machine has to compile a lot.
const limit = 6 * time.Minute

type options struct {
	dir       string
	port      int
	run, keep bool
	json      bool
	bench     string
	benchTime time.Duration
	fuzzTime  time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "build", "folder for all that is made: the device, certificates, its file systems")
	flag.IntVar(&o.port, "port", 8443, "port on the loopback interface for -run and -keep; 0: any that is free")
	flag.BoolVar(&o.run, "run", false, "no steps: let the device serve, and print the curl lines")
	flag.BoolVar(&o.keep, "keep", false, "after the steps, let the device serve and print the curl lines")
	flag.BoolVar(&o.json, "json", false, "print a summary in JSON to standard output, and all else to standard error")
	flag.StringVar(&o.bench, "bench", "Handshake/role=server/impl=/ver=1.3/group=/key=/auth=mutual", "benchmarks to run")
	flag.DurationVar(&o.benchTime, "benchtime", 300*time.Millisecond, "time for each benchmark; 0: none")
	flag.DurationVar(&o.fuzzTime, "fuzztime", 3*time.Second, "time for each fuzz target; 0: none")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "walk: argument %q is not understood; see -help\n", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := walk(ctx, o, os.Stdout, os.Stderr); err != nil {
		stop()
		fmt.Fprintf(os.Stderr, "walk: %v\n", err)
		os.Exit(1)
	}
}

// errFailed says that the walk came to its end, and that not all was as it should be.
var errFailed = errors.New("not everything passed; the table above shows what")

func walk(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if err := goToTop(); err != nil {
		return err
	}
	to := stdout
	if o.json {
		to = stderr
	}
	w := &walker{options: o, layout: layoutIn(o.dir), to: to, patience: 2 * time.Second}
	start := time.Now()
	if !w.prepare(ctx) {
		return errFailed
	}
	if !o.run {
		err := w.steps(ctx)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		if err != nil {
			return err
		}
		if err := w.report.finish(to, time.Since(start)); err != nil {
			return err
		}
		if o.json {
			if err := w.report.writeJSON(stdout); err != nil {
				return err
			}
		}
		if !w.report.Pass {
			return errFailed
		}
	}
	if o.run || o.keep {
		return w.serve(ctx)
	}
	return nil
}

// goToTop makes the top of the repository the current folder, so that the commands shown can be typed there.
func goToTop() error {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w; the walk needs the go command in PATH", err)
	}
	mod := strings.TrimSpace(string(out))
	if filepath.Base(mod) != "go.mod" {
		return errors.New("this is not the repository: run the walk from its top")
	}
	return os.Chdir(filepath.Dir(mod))
}

// walker carries what the parts of the walk share.
type walker struct {
	options
	layout
	to       io.Writer
	patience time.Duration // how long the device may take to log what curl has seen already
	curl     *curl
	report   report
}

// prepare builds the device and makes the certificates. It returns false if that failed.
func (w *walker) prepare(ctx context.Context) bool {
	if err := w.layout.prepare(); err != nil {
		fmt.Fprintln(w.to, err)
		return false
	}
	return w.report.do(w.to, "build", "the device for this host", func() error {
		_, err := runLogged(ctx, w.to, "go", "build", "-o", w.binary, "./firmware/host")
		return err
	}) && w.report.do(w.to, "pki", "the certificates", func() error {
		made, last := 0, ""
		progress := func(path string) {
			if base := strings.TrimSuffix(path, filepath.Ext(path)); base != last {
				fmt.Fprintln(w.to, "    making", base)
				last = base
			}
		}
		entries, err := files.Ensure(files.Options{
			Dir: w.pki, Families: families, Now: time.Now(), Progress: progress})
		for _, e := range entries {
			made += len(e.Made)
		}
		if err == nil && made == 0 {
			fmt.Fprintf(w.to, "    all are there, in %s\n", w.pki)
		}
		return err
	})
}

var families = []ca.Family{ca.ECDSA, ca.RSA}

// steps does the walk proper. What fails is in the report; an error means that going on makes no sense.
func (w *walker) steps(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var err error
	if w.curl, err = findCurl(ctx); err != nil {
		return err
	}
	w.report.Curl = w.curl.version
	fmt.Fprintf(w.to, "%s\n\n", w.curl.version)
	if !w.curl.namesAlerts() {
		fmt.Fprintf(w.to, "This curl uses %s, which does not name alerts: only the device's log shows why it refuses.\n\n",
			w.curl.backend)
	}
	for _, family := range families {
		for _, mutual := range []bool{false, true} {
			w.visit(ctx, place{layout: &w.layout, family: family, mutual: mutual})
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	if w.benchTime > 0 {
		w.report.do(w.to, "bench", "a server's handshake, ours beside crypto/tls", func() (err error) {
			w.report.Benchmarks, err = bench(ctx, w.to, w.bench, w.benchTime)
			return err
		})
	}
	if w.fuzzTime > 0 {
		w.report.do(w.to, "fuzz", "hostile input, made up as the code's coverage suggests", func() (err error) {
			w.report.Fuzz, err = fuzz(ctx, w.to, w.fuzzTime)
			return err
		})
	}
	return ctx.Err()
}

// visit starts a device at a place, takes the steps there and stops it.
func (w *walker) visit(ctx context.Context, p place) {
	var device *process
	if !w.report.do(w.to, p.String(), "the device starts", func() error {
		args, err := p.freshSite("127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Fprintf(w.to, "    $ %s %s\n", w.binary, strings.Join(args, " "))
		if device, err = startDevice(w.binary, args, nil); err != nil {
			return err
		}
		w.showLog(device.linesFrom(0))
		return nil
	}) {
		return
	}
	p.port = device.port
	list := serverSteps(p)
	if p.mutual {
		list = mutualSteps(p)
	}
	for _, s := range list {
		if ctx.Err() != nil {
			break
		}
		w.take(ctx, p, device, s)
	}
	w.report.do(w.to, p.String(), "the device ends when told to", func() error {
		mark := device.mark()
		defer func() { w.showLog(device.linesFrom(mark)) }()
		return device.stop()
	})
}

// take does one curl step.
func (w *walker) take(ctx context.Context, p place, device *process, s step) {
	fmt.Fprintf(w.to, "%v: %s\n    $ %s\n", p, s.title, w.curl.show(s))
	mark := device.mark()
	o := w.curl.run(ctx, s)
	if s.want.log != "" {
		device.waitFor(mark, w.patience, func(line string) bool { return containsFold(line, s.want.log) })
	}
	o.log = device.linesFrom(mark)
	w.showOutcome(o)
	w.report.add(w.to, stepReport{Part: p.String(), Title: s.title, Command: w.curl.show(s),
		Exit: o.exit, Status: o.status, Log: o.log, Seconds: o.took.Seconds(),
		Wrong: judge(s.want, o, w.curl.namesAlerts())})
}

func (w *walker) showOutcome(o outcome) {
	const maxLines = 12
	show := func(text []byte) {
		lines := strings.Split(strings.TrimRight(string(text), "\r\n"), "\n")
		for i, line := range lines {
			if i == maxLines {
				fmt.Fprintf(w.to, "    < ... %d more lines\n", len(lines)-i)
				break
			}
			fmt.Fprintf(w.to, "    < %s\n", printable(strings.TrimRight(line, "\r")))
		}
	}
	if len(o.header) > 0 {
		show(o.header)
		if len(o.body) > 0 {
			fmt.Fprintln(w.to, "    <")
			show(o.body)
		}
	}
	for line := range strings.Lines(o.stderr) {
		if strings.HasPrefix(line, "More details here:") {
			break // curl explains at length what a CA is
		}
		fmt.Fprintf(w.to, "    %s\n", printable(strings.TrimRight(line, "\r\n")))
	}
	w.showLog(o.log)
}

// showLog prints lines of the device's log.
func (w *walker) showLog(lines []string) {
	for _, line := range lines {
		fmt.Fprintf(w.to, "    device: %s\n", printable(line))
	}
}

// printable replaces what a terminal might obey.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' || r == 0x7f {
			return '?'
		}
		return r
	}, line)
}

// serve lets a device run until the walk is interrupted or the device ends. What clients change in its file
// system is there the next time.
func (w *walker) serve(ctx context.Context) error {
	p := place{layout: &w.layout, family: ca.ECDSA, mutual: true}
	args, err := p.makeSite("run", fmt.Sprintf("127.0.0.1:%d", w.port))
	if err != nil {
		return err
	}
	device, err := startDevice(w.binary, args, w.to)
	if err != nil {
		return err
	}
	p.port = device.port
	c := w.curl
	if c == nil { // -run works without a curl on this machine
		c = &curl{proxied: proxyIsSet(os.Environ())}
	}
	fmt.Fprintf(w.to, "\nThe device is running, and clients must have a certificate. Type these in another terminal, in this directory:\n\n")
	for _, s := range mutualSteps(p) {
		fmt.Fprintf(w.to, "# %s\n%s\n", s.title, c.show(s))
	}
	fmt.Fprintf(w.to, "\nFor a browser: import %s (no password) as your certificate and %s as an authority,\n"+
		"let the name %s lead to 127.0.0.1 (/etc/hosts), and open %s\n\nControl-C ends it. Its log:\n",
		p.file(files.Client, ".p12"), p.file(files.CA, ".crt"), files.DefaultServerName, p.url("/"))
	select {
	case <-ctx.Done():
		return device.stop()
	case <-device.done:
		return fmt.Errorf("the device has ended by itself: %v", device.err)
	}
}
