//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a running device and what it has logged so far.
type process struct {
	cmd  *exec.Cmd
	port int
	done chan struct{} // closed when the device has ended
	err  error         // how it ended; valid after done

	mu    sync.Mutex
	lines []string
	more  chan struct{} // closed and replaced with each line
	echo  io.Writer     // if set, gets each line as well
}

// started is how the device says that it serves, and where: "[8443]" or "[127.0.0.1:8443]".
var started = regexp.MustCompile(`HTTP server started on \[(?:.*:)?([0-9]+)\]`)

// portIn returns the port of a line that says the server has started, or 0.
func portIn(line string) int {
	m := started.FindStringSubmatch(line)
	if m == nil {
		return 0
	}
	port, err := strconv.Atoi(m[1])
	if err != nil || port > 65535 {
		return 0
	}
	return port
}

// startDevice runs the device and waits until it serves.
func startDevice(binary string, args []string, echo io.Writer) (*process, error) {
	const patience = 10 * time.Second
	d := &process{cmd: exec.Command(binary, args...), done: make(chan struct{}), more: make(chan struct{}), echo: echo}
	// In a process group of its own: control-C reaches the walk alone, which then stops the device.
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := d.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	go d.follow(out)
	line, err := d.waitFor(0, patience, func(line string) bool { return portIn(line) != 0 })
	if err != nil {
		d.stop()
		return nil, fmt.Errorf("the device does not serve: %w; it logged:\n%s", err, strings.Join(d.linesFrom(0), "\n"))
	}
	d.port = portIn(line)
	return d, nil
}

// follow collects the device's log until it ends.
func (d *process) follow(out io.Reader) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		d.mu.Lock()
		d.lines = append(d.lines, lines.Text())
		close(d.more)
		d.more = make(chan struct{})
		d.mu.Unlock()
		if d.echo != nil {
			fmt.Fprintln(d.echo, lines.Text())
		}
	}
	d.err = d.cmd.Wait()
	close(d.done)
}

// mark returns the number of lines so far.
func (d *process) mark() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.lines)
}

func (d *process) linesFrom(mark int) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.lines[mark:])
}

// waitFor returns the first line from mark on that fits, once there is one.
func (d *process) waitFor(mark int, patience time.Duration, fits func(line string) bool) (string, error) {
	late := time.After(patience)
	for {
		d.mu.Lock()
		fresh, more := d.lines[mark:], d.more
		d.mu.Unlock()
		if i := slices.IndexFunc(fresh, fits); i >= 0 {
			return fresh[i], nil
		}
		mark += len(fresh)
		select {
		case <-more:
		case <-late:
			return "", fmt.Errorf("no such line in the log after %v", patience)
		case <-d.done:
			if d.mark() == mark { // else: the last lines came together with the end
				return "", errors.New("it has ended")
			}
		}
	}
}

// stop asks the device to end and waits for it; the one that does not is killed. It returns an error unless
// the device ended in good order.
func (d *process) stop() error { return d.stopWithin(5 * time.Second) }

func (d *process) stopWithin(patience time.Duration) error {
	select {
	case <-d.done:
		return fmt.Errorf("the device ended before it was asked to: %v", d.err)
	default:
	}
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-d.done:
		if d.err != nil {
			return fmt.Errorf("the device ended with %v", d.err)
		}
		return nil
	case <-time.After(patience):
		d.cmd.Process.Kill()
		<-d.done
		return fmt.Errorf("the device had not ended %v after SIGTERM, and was killed", patience)
	}
}

// runLogged runs a command, shows it and its output line by line, and where it is silent for two seconds the
// time it has taken. It returns the output.
func runLogged(ctx context.Context, to io.Writer, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	// go test does not pass a signal on to what it runs, hence a process group, and the signal to all of it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 10 * time.Second
	read, write := io.Pipe()
	cmd.Stdout, cmd.Stderr = write, write
	fmt.Fprintf(to, "    $ %s\n", commandLine(append([]string{name}, args...)))
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		write.Close()
		ended <- err
	}()
	lines := make(chan string)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(read)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
		io.Copy(io.Discard, read) // after a line that is too long
	}()
	var all strings.Builder
	for silence := time.NewTicker(2 * time.Second); ; {
		select {
		case line, ok := <-lines:
			if !ok {
				silence.Stop()
				return all.String(), <-ended
			}
			all.WriteString(line + "\n")
			fmt.Fprintln(to, "    | "+line)
			silence.Reset(2 * time.Second)
		case <-silence.C:
			fmt.Fprintf(to, "    ... %v\n", time.Since(start).Round(time.Second))
		}
	}
}
