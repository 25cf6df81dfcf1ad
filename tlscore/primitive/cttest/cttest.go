package cttest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// SecretSize is the length of a secret in bytes. An operation uses as much of it as it needs.
const SecretSize = 64

// Op is an operation whose instructions are to be counted.
type Op struct {
	Name  string
	Setup func(secret *[SecretSize]byte) func()
}

// childEnv is set in the environment of the process whose instructions are counted.
const childEnv = "COLIBRI_CTTEST_COUNT"

// Run fails t for each operation whose instructions depend on the secret.
func Run(t *testing.T, ops ...Op) {
	t.Helper()
	for _, leak := range Leaks(t, ops...) {
		t.Error(leak)
	}
}

// Leaks returns, for each operation whose instructions depend on the secret, a text that names the operation and the functions
// whose counts differ.
func Leaks(t *testing.T, ops ...Op) []string {
	t.Helper()
	secrets := Secrets()
	if os.Getenv(childEnv) != "" {
		for _, op := range ops {
			for i := range secrets {
				op.Setup(&secrets[i])() // grows the stack, so that this does not happen while counting
				measured(op.Setup(&secrets[i]))
			}
		}
		t.SkipNow() // what the counts are worth is for the parent to say
	}
	counts := count(t, len(ops)*len(secrets))
	var leaks []string
	for i, op := range ops {
		of := counts[i*len(secrets):][:len(secrets)]
		if differences := compare(of); len(differences) > 0 {
			leaks = append(leaks, fmt.Sprintf("%s: instructions depend on the secret:\n\t%s", op.Name, strings.Join(differences, "\n\t")))
			continue
		}
		sum := 0
		for _, n := range of[0] {
			sum += n
		}
		t.Logf("%s: %d instructions for each of %d secrets", op.Name, sum, len(secrets))
	}
	return leaks
}

// Secrets returns the secrets that are tried: all zeros, all ones, single bits, patterns, and pseudo-random ones.
func Secrets() [][SecretSize]byte {
	secrets := make([][SecretSize]byte, 20)
	for i := range SecretSize {
		secrets[1][i] = 0xff
		secrets[2][i] = 0x55
		secrets[3][i] = byte(i)
	}
	secrets[4][0] = 0x80
	secrets[5][SecretSize-1] = 1
	rng := rand.New(rand.NewPCG(8446, 5280))
	for i := 6; i < len(secrets); i++ {
		for j := range SecretSize {
			secrets[i][j] = byte(rng.Uint32())
		}
	}
	return secrets
}

// measured is the function that callgrind counts in.
//
//go:noinline
func measured(f func()) { f() }

// profile is the number of instructions that each function executed itself.
type profile map[string]int

// count runs the calling test under callgrind and returns the profile of each call of measured.
func count(t *testing.T, calls int) []profile {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" && runtime.GOARCH != "386" {
		t.Skip("instructions are counted on linux/amd64 only: the counted binary is for linux/386")
	}
	valgrind, err := exec.LookPath("valgrind")
	if err != nil {
		t.Skip("valgrind is not installed: nothing counts the instructions")
	}
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	run := func(name string, env []string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env = append(os.Environ(), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", filepath.Base(name), err, out)
		}
	}
	binary := filepath.Join(dir, "test")
	// Without DWARF (-w), which old versions of valgrind stumble over; the symbol table names the functions.
	run("go", []string{"GOOS=linux", "GOARCH=386", "CGO_ENABLED=0"},
		"test", "-c", "-vet=off", "-tags", "portable", "-ldflags", "-w", "-o", binary, ".")
	const pattern = "colibri/tlscore/primitive/cttest.measured"
	run(valgrind, []string{childEnv + "=1", "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1"},
		"--tool=callgrind", "--toggle-collect="+pattern, "--dump-after="+pattern, "--compress-strings=no",
		"--callgrind-out-file="+filepath.Join(dir, "out"),
		binary, "-test.run", "^"+t.Name()+"$", "-test.timeout", "5m")
	profiles := make([]profile, calls)
	for i := range profiles {
		data, err := os.ReadFile(filepath.Join(dir, "out."+strconv.Itoa(i+1)))
		if err != nil {
			t.Fatalf("callgrind wrote no profile for call %d of %d: %v", i+1, calls, err)
		}
		if profiles[i] = parse(data); len(profiles[i]) == 0 {
			t.Fatalf("callgrind counted nothing in call %d of %d", i+1, calls)
		}
	}
	return profiles
}

// parse reads a profile in callgrind's format: after a line "fn=name" come lines "position cost" of that function's own
// instructions; the line after "calls=" has the cost of a callee, which is counted where it belongs.
func parse(data []byte) profile {
	p := profile{}
	var fn string
	callee := false
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		switch {
		case strings.HasPrefix(text, "fn="):
			fn = strings.TrimPrefix(text, "fn=")
		case strings.HasPrefix(text, "calls="):
			callee = true
		case text != "" && strings.ContainsRune("0123456789+-*", rune(text[0])):
			if callee {
				callee = false
				continue
			}
			fields := strings.Fields(text)
			if n, err := strconv.Atoi(fields[len(fields)-1]); err == nil && len(fields) == 2 && !isRuntime(fn) {
				p[fn] += n
			}
		}
	}
	return p
}

// isRuntime reports whether a function's instructions depend on when the scheduler, the collector or a signal came by.
func isRuntime(fn string) bool {
	for _, counted := range []string{"runtime.memmove", "runtime.memclr", "runtime.memequal"} {
		if strings.HasPrefix(fn, counted) {
			return false
		}
	}
	return !strings.Contains(fn, ".") || strings.HasPrefix(fn, "runtime.") || strings.HasPrefix(fn, "internal/runtime/")
}

// compare returns, for each function whose count is not the same in all profiles, its name and the counts.
func compare(profiles []profile) []string {
	var differences []string
	seen := map[string]bool{}
	for _, p := range profiles {
		for fn := range p {
			if seen[fn] {
				continue
			}
			seen[fn] = true
			counts := make([]int, len(profiles))
			same := true
			for i, q := range profiles {
				counts[i] = q[fn]
				same = same && counts[i] == counts[0]
			}
			if !same {
				differences = append(differences, fmt.Sprintf("%s: %v", fn, counts))
			}
		}
	}
	slices.Sort(differences)
	return differences
}
