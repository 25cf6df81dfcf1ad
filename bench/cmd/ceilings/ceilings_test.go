package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const results = `goos: none
goarch: riscv32
pkg: colibri/tlscore/primitive/p256
BenchmarkP256ECDH/impl=colibri	1	3000000 insns/op	1800 stack-B/op	0 allocs/op
BenchmarkP256Sign/impl=colibri	1	1300000 insns/op	2000 stack-B/op	0 allocs/op
goarch: amd64
BenchmarkP256ECDH/impl=colibri-8	1000	31000 ns/op	2 allocs/op
BenchmarkP256ECDH/impl=colibri-8	1000	32000 ns/op	3 allocs/op
PASS
`

// ceilings runs the program over a budget file with the given text and the results above.
func ceilings(t *testing.T, budgets string, args ...string) (status int, output, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "budgets.txt")
	if err := os.WriteFile(file, []byte(budgets), 0o644); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	status = run(append(args, file), strings.NewReader(results), &out, &out)
	return status, out.String(), file
}

func TestVerdicts(t *testing.T) {
	const measured = "P256ECDH/impl=colibri insns/op 3000000 - why\n"
	for _, c := range []struct {
		name, budgets string
		args          []string
		status        int
		says          string // part of the output
	}{
		{"within", "P256ECDH/impl=colibri insns/op 3_000_000 - why", nil, 0, " ok\n"},
		{"exceeded by one", "P256ECDH/impl=colibri insns/op 2999999 - why", nil, 1, "OVER by 0.0 %"},
		{"exceeded zero", "goarch: amd64\nP256ECDH/impl=colibri allocs/op 0 0 why", nil, 1, "OVER by 3"},
		{"the highest of several counts", "goarch: amd64\nP256ECDH/impl=colibri allocs/op 2 - why", nil, 1, "OVER"},
		{"not measured", measured + "P256Verify/impl=colibri insns/op 1 - why", nil, 1, "MISSING"},
		{"unit not measured", measured + "P256Sign/impl=colibri B/op 1 - why", nil, 1, "MISSING"},
		{"not measured under the condition", measured + "goarch: arm64\nP256ECDH/impl=colibri insns/op 9e9 - why", nil, 1, "MISSING"},
		{"not measured in a partial run", measured + "P256Verify/impl=colibri insns/op 1 - why", []string{"-partial"}, 0, ""},
		{"nothing measured", "P256Verify/impl=colibri insns/op 1 - why", []string{"-partial"}, 1, "none of the results"},
		{"nothing matches the pattern", "goarch: arm64\n* insns/op 1 - why", nil, 1, "none of the results"},
		{"partial still checks", "P256Sign/impl=colibri insns/op 1 - why", []string{"-partial"}, 1, "OVER"},
		{"short of the target", "P256Sign/impl=colibri insns/op 1300000 1000000 why", nil, 0, "ok, short of the target by 30.0 %"},
		{"target met, ceiling above it", "P256Sign/impl=colibri insns/op 1500000 1400000 why", nil, 1, "LOOSE"},
		{"target met, ceiling on it", "P256Sign/impl=colibri insns/op 1400000 1400000 why", nil, 0, " ok\n"},
		{"unit as written, not as tidied", "goarch: amd64\nP256ECDH/impl=colibri ns/op 32000 - why", nil, 0, "32_000"},
		{"pattern", "goarch: riscv32\n* stack-B/op 1900 - why", nil, 1, "P256Sign/impl=colibri  stack-B/op  2_000"},
		{"own line before pattern", "goarch: riscv32\n* stack-B/op 1900 - why\nP256Sign/impl=colibri stack-B/op 2000 - why", nil, 0, " ok\n"},
		{"longer pattern before shorter", "goarch: riscv32\n* stack-B/op 1900 - why\nP256S* stack-B/op 2000 - why", nil, 0, " ok\n"},
		{"where leaves other conditions out", "goarch: arm64\nX insns/op 1 - why\ngoarch: riscv32\nP256Sign/impl=colibri insns/op 1300000 - why",
			[]string{"-where", "goarch=riscv32"}, 0, " ok\n"},
		{"where that matches nothing", "goarch: arm64\nX insns/op 1 - why", []string{"-where", "goarch=riscv32"}, 2, "no ceilings"},
		{"empty file", "# nothing\n", nil, 2, "no ceilings"},
		{"no reason", "P256Sign/impl=colibri insns/op 1 -", nil, 2, "budgets.txt:1: want"},
		{"no number", "# one\nP256Sign/impl=colibri insns/op many - why", nil, 2, `budgets.txt:2: ceiling: "many"`},
		{"not a number", "P256Sign/impl=colibri insns/op nan - why", nil, 2, "ceiling"},
		{"negative target", "P256Sign/impl=colibri insns/op 1 -1 why", nil, 2, "target"},
		{"twice", "A x 1 - why\nA x 2 - why", nil, 2, "line 1 already"},
		{"bad where", "A x 1 - why", []string{"-where", "riscv32"}, 2, "want key=value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, output, _ := ceilings(t, c.budgets, c.args...)
			if status != c.status || !strings.Contains(output, c.says) {
				t.Errorf("status %d, want %d with %q:\n%s", status, c.status, c.says, output)
			}
		})
	}
}

func TestConditionIsLiftedByEmptyValue(t *testing.T) {
	status, output, _ := ceilings(t, "goarch: amd64\ngoarch:\nP256Sign/impl=colibri insns/op 1300000 - why")
	if status != 0 {
		t.Error(output)
	}
}

func TestUnreadableResultsFail(t *testing.T) {
	budgets := filepath.Join(t.TempDir(), "budgets.txt")
	if err := os.WriteFile(budgets, []byte("A x 1 - why\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if status := run([]string{budgets}, strings.NewReader("BenchmarkA 1 what x\n"), &out, &out); status != 2 {
		t.Errorf("a malformed result: status %d, want 2", status)
	}
	if status := run([]string{budgets, budgets + ".absent"}, strings.NewReader(""), &out, &out); status != 2 {
		t.Errorf("an absent file of results: status %d, want 2", status)
	}
	if status := run([]string{budgets + ".absent"}, strings.NewReader(""), &out, &out); status != 2 {
		t.Errorf("an absent budget file: status %d, want 2", status)
	}
	if status := run(nil, strings.NewReader(""), &out, &out); status != 2 {
		t.Errorf("no budget file: status %d, want 2", status)
	}
}

func TestTightenLowersAndNeverRaises(t *testing.T) {
	const before = `# comment
goarch: riscv32
P256ECDH/impl=colibri  insns/op    9_999_999  -          reached
P256Sign/impl=colibri  insns/op    1_200_000  -          exceeded, stays
P256ECDH/impl=colibri  stack-B/op  2_560      1_801      on the target
P256Sign/impl=colibri  stack-B/op  1_999_999  -          rounded up to three digits
P256Verify             insns/op    5          -          missing, stays
*                      allocs/op   7          -          pattern, stays
`
	const after = `# comment
goarch: riscv32
P256ECDH/impl=colibri  insns/op    3_030_000  -          reached
P256Sign/impl=colibri  insns/op    1_200_000  -          exceeded, stays
P256ECDH/impl=colibri  stack-B/op  1_801      1_801      on the target
P256Sign/impl=colibri  stack-B/op  2_020      -          rounded up to three digits
P256Verify             insns/op    5          -          missing, stays
*                      allocs/op   7          -          pattern, stays
`
	_, _, file := ceilings(t, before, "-tighten")
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != after {
		t.Errorf("got:\n%s\nwant:\n%s", got, after)
	}
}

func TestRoundUp(t *testing.T) {
	for _, c := range [][2]float64{{0, 0}, {7, 7}, {999, 999}, {1000, 1000}, {1001, 1010}, {2_345_678, 2_350_000}} {
		if got := roundUp(c[0]); got != c[1] {
			t.Errorf("roundUp(%v) = %v, want %v", c[0], got, c[1])
		}
	}
}

// The repository's own budgets must parse, whatever was measured.
func TestRepositoryBudgetsParse(t *testing.T) {
	name := filepath.Join("..", "..", "budgets.txt")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parse(name, string(text)); err != nil {
		t.Error(err)
	}
}
