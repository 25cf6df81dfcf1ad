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

// Leaks returns, for each operation whose instructions depend on the secret, a text that names the operation
// and the functions that differ.
func Leaks(t *testing.T, ops ...Op) []string {
	t.Helper()
	secrets := Secrets()
	if os.Getenv(childEnv) != "" {
		for _, op := range ops {
			for i := range secrets {
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
			leaks = append(leaks, fmt.Sprintf("%s: instructions depend on the secret:\n\t%s",
				op.Name, strings.Join(differences, "\n\t")))
			continue
		}
		sum := 0
		for _, in := range of[0] {
			sum += in.executed
		}
		t.Logf("%s: %d instructions for each of %d secrets", op.Name, sum, len(secrets))
	}
	return leaks
}

// Secrets returns the secrets that are tried: all zeros, all ones, single bits, patterns, and pseudo-random
// ones.
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

// profile holds the instructions that were executed, by address.
type profile map[uint64]instruction

type instruction struct {
	function string
	executed int // how often
}

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
		"test", "-c", "-vet=off", "-tags", "portable,cttestcount", "-ldflags", "-w -checklinkname=0",
		"-o", binary, ".")
	const pattern = "colibri/tlscore/primitive/cttest.counted"
	run(valgrind, []string{childEnv + "=1", "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1"},
		"--tool=callgrind", "--toggle-collect="+pattern, "--dump-after="+pattern, "--compress-strings=no",
		"--compress-pos=no", "--dump-instr=yes",
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

// parse reads a profile in callgrind's format: after a line "fn=name" come lines "address line cost" of that
// function's own instructions; the line after "calls=" has the cost of a callee, which is counted where it
// belongs.
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
		case strings.HasPrefix(text, "0x"):
			fields := strings.Fields(text)
			address, err1 := strconv.ParseUint(fields[0], 0, 64)
			n, err2 := strconv.Atoi(fields[len(fields)-1])
			if !callee && err1 == nil && err2 == nil {
				p[address] = instruction{fn, p[address].executed + n}
			}
			callee = false
		}
	}
	return p
}

// compare returns, for each function with an instruction that was not executed equally often in all profiles,
// its name, the first such address and how often the instruction there was executed.
func compare(profiles []profile) []string {
	first := map[string]uint64{}
	note := func(p, q profile) {
		for address, in := range p {
			if lowest, ok := first[in.function]; q[address] != in && (!ok || address < lowest) {
				first[in.function] = address
			}
		}
	}
	for _, p := range profiles[1:] {
		note(p, profiles[0])
		note(profiles[0], p)
	}
	var differences []string
	for function, address := range first {
		counts := make([]int, len(profiles))
		for i, p := range profiles {
			counts[i] = p[address].executed
		}
		differences = append(differences, fmt.Sprintf("%s at %#x: %v", function, address, counts))
	}
	slices.Sort(differences)
	return differences
}
