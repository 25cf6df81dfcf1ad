package fs

import (
	"bytes"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

func list(t *testing.T, m FS, dir string) []string {
	t.Helper()
	var names []string
	var name [MaxName]byte
	for pos := 0; ; pos++ {
		n, info, err := m.List([]byte(dir), pos, name[:])
		if err == ErrEnd {
			slices.Sort(names)
			return names
		}
		if err != nil {
			t.Fatalf("List(%q, %d): %v", dir, pos, err)
		}
		s := string(name[:n])
		if info.Dir {
			s += "/"
		}
		names = append(names, s)
	}
}

func read(t *testing.T, m FS, name string) string {
	t.Helper()
	f, info, err := m.Open([]byte(name))
	if err != nil {
		t.Fatalf("Open(%q): %v", name, err)
	}
	defer m.Close(f)
	p := make([]byte, info.Size+10)
	n, err := m.ReadAt(f, p, 0)
	if err != nil || int64(n) != info.Size {
		t.Fatalf("ReadAt(%q) = %d, %v, want %d bytes", name, n, err, info.Size)
	}
	return string(p[:n])
}

func TestMem(t *testing.T) {
	m := NewMem(8, 100)
	write := func(name, data string, extend bool, want error) {
		t.Helper()
		if err := m.Write([]byte(name), []byte(data), extend); err != want {
			t.Fatalf("Write(%q): %v, want %v", name, err, want)
		}
	}
	write("index.html", "hello", false, nil)
	write("www/a.txt", "A", false, nil)
	write("www/b.txt", "B", false, nil)
	write("www/sub/c.txt", "C", true, nil)
	write("index.html", ", world", true, nil)
	write("../x", "", false, ErrName)
	write("www", "", false, ErrIsDir)
	write("index.html/x", "", false, ErrNotExist)
	if got := read(t, m, "index.html"); got != "hello, world" {
		t.Errorf("content %q", got)
	}
	if got := fmt.Sprint(list(t, m, "")); got != "[index.html www/]" {
		t.Errorf("root lists %s", got)
	}
	if got := fmt.Sprint(list(t, m, "www")); got != "[a.txt b.txt sub/]" {
		t.Errorf("www lists %s", got)
	}
	if _, _, err := m.List([]byte("nowhere"), 0, nil); err != ErrNotExist {
		t.Errorf("List(nowhere): %v", err)
	}
	if _, _, err := m.Open([]byte("www")); err != ErrIsDir {
		t.Errorf("Open(www): %v", err)
	}
	if err := m.Rename([]byte("index.html"), []byte("www/a.txt")); err != nil {
		t.Errorf("Rename: %v", err)
	}
	if got := read(t, m, "www/a.txt"); got != "hello, world" {
		t.Errorf("after rename: %q", got)
	}
	if err := m.Remove([]byte("www")); err != ErrIsDir {
		t.Errorf("Remove(www): %v", err)
	}
	for _, name := range []string{"www/a.txt", "www/b.txt", "www/sub/c.txt"} {
		if err := m.Remove([]byte(name)); err != nil {
			t.Errorf("Remove(%q): %v", name, err)
		}
	}
	if err := m.Remove([]byte("www/a.txt")); err != ErrNotExist {
		t.Errorf("Remove again: %v", err)
	}
	if used, size := m.Usage(); used != 0 || size != 100 {
		t.Errorf("Usage() = %d, %d", used, size)
	}
}

func TestMemFailedWriteKeepsOldContent(t *testing.T) {
	m := NewMem(4, 20)
	if err := m.Write([]byte("a"), []byte("0123456789"), false); err != nil {
		t.Fatal(err)
	}
	// Replacing needs room for both contents at once.
	for _, extend := range []bool{false, true} {
		if err := m.Write([]byte("a"), []byte("0123456789a"), extend); err != ErrNoSpace {
			t.Fatalf("Write: %v, want ErrNoSpace", err)
		}
		if got := read(t, m, "a"); got != "0123456789" {
			t.Fatalf("content after the failed write: %q", got)
		}
	}
}

func TestMemHandles(t *testing.T) {
	m := NewMem(4, 64)
	m.Write([]byte("a"), []byte("old"), false)
	f, _, err := m.Open([]byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 8)
	m.Write([]byte("a"), []byte("new"), false)
	if _, err := m.ReadAt(f, p, 0); err != ErrIO {
		t.Errorf("ReadAt after Write: %v, want ErrIO", err)
	}
	m.Remove([]byte("a"))
	m.Write([]byte("b"), []byte("secret"), false)
	if _, err := m.ReadAt(f, p, 0); err != ErrIO {
		t.Errorf("ReadAt through a stale handle: %v, want ErrIO", err)
	}
	m.Close(f)
	m.Close(f)
	if _, err := m.ReadAt(f, p, 0); err != ErrHandle {
		t.Errorf("ReadAt after Close: %v, want ErrHandle", err)
	}
	for range memOpen {
		if _, _, err := m.Open([]byte("b")); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := m.Open([]byte("b")); err != ErrBusy {
		t.Errorf("Open: %v, want ErrBusy", err)
	}
}

// TestMemAgainstMap runs random operations on Mem and on a map and compares everything after each.
func TestMemAgainstMap(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	m := NewMem(6, 200)
	want := map[string]string{}
	names := []string{"a", "b", "c", "d/e", "d/f", "g"}
	for step := range 5000 {
		name := names[rng.Intn(len(names))]
		switch rng.Intn(4) {
		case 0, 1:
			data := strings.Repeat(string(rune('a'+step%26)), rng.Intn(60))
			extend := rng.Intn(2) == 0
			if err := m.Write([]byte(name), []byte(data), extend); err == nil {
				if extend {
					data = want[name] + data
				}
				want[name] = data
			} else if err != ErrNoSpace {
				t.Fatal(err)
			}
		case 2:
			err := m.Remove([]byte(name))
			if _, ok := want[name]; ok != (err == nil) {
				t.Fatalf("Remove(%q): %v", name, err)
			}
			delete(want, name)
		case 3:
			to := names[rng.Intn(len(names))]
			err := m.Rename([]byte(name), []byte(to))
			content, ok := want[name]
			if ok != (err == nil) {
				t.Fatalf("Rename(%q, %q): %v", name, to, err)
			}
			if ok {
				delete(want, name)
				want[to] = content
			}
		}
		used := 0
		for name, content := range want {
			if got := read(t, m, name); got != content {
				t.Fatalf("step %d: %q holds %q, want %q", step, name, got, content)
			}
			used += len(content)
		}
		if got, _ := m.Usage(); got != int64(used) {
			t.Fatalf("step %d: Usage %d, want %d", step, got, used)
		}
	}
}

func TestMemDoesNotAllocate(t *testing.T) {
	m := NewMem(4, 1000)
	name, dir, data, buf := []byte("d/a.txt"), []byte("d"), bytes.Repeat([]byte{'x'}, 100), make([]byte, 100)
	n := testing.AllocsPerRun(100, func() {
		if m.Write(name, data, false) != nil {
			t.Fatal("Write")
		}
		f, _, err := m.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		m.ReadAt(f, buf, 0)
		m.Close(f)
		m.List(dir, 0, buf)
	})
	if n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func TestMountedFiles(t *testing.T) {
	m := NewMem(3, 30)
	const page = "a page of more than the slab's thirty bytes"
	for _, name := range []string{"www/a.txt", "www/b.txt"} {
		if err := m.Mount(name, page); err != nil {
			t.Fatalf("Mount(%q): %v", name, err)
		}
	}
	for name, want := range map[string]error{"www/a.txt": ErrName, "www/a.txt/x": ErrName, "www": ErrName, "../x": ErrName,
		strings.Repeat("x", MaxName+1): ErrName} {
		if err := m.Mount(name, "?"); err != want {
			t.Errorf("Mount(%q): %v, want %v", name, err, want)
		}
	}
	if got := read(t, m, "www/a.txt"); got != page {
		t.Errorf("read %q", got)
	}
	if used, size := m.Usage(); used != 0 || size != 30 {
		t.Errorf("%d of %d bytes are used", used, size)
	}
	if err := m.Write([]byte("www/a.txt"), []byte("more"), true); err != ErrNoSpace {
		t.Errorf("more than there is room for: %v", err)
	}
	for _, text := range []string{"first", "third", "second"} { // the last closes the gap of the first
		if err := m.Write([]byte("www/a.txt"), []byte(strings.Repeat(text, 2)), false); err != nil {
			t.Fatal(err)
		}
		if got := read(t, m, "www/a.txt"); got != text+text {
			t.Errorf("read %q", got)
		}
	}
	if err := m.Rename([]byte("www/a.txt"), []byte("www/b.txt")); err != nil {
		t.Fatal(err)
	}
	if got := list(t, m, "www"); !slices.Equal(got, []string{"b.txt"}) || read(t, m, "www/b.txt") != "secondsecond" {
		t.Errorf("%q with %q", got, read(t, m, "www/b.txt"))
	}
	if err := m.Mount("www/c.txt", page); err != nil {
		t.Fatal(err)
	}
	if err := m.Rename([]byte("www/c.txt"), []byte("d.txt")); err != nil || read(t, m, "d.txt") != page {
		t.Errorf("renamed: %v", err)
	}
	if err := m.Remove([]byte("d.txt")); err != nil {
		t.Fatal(err)
	}
	if err := m.Write([]byte("d.txt"), []byte("x"), true); err != nil || read(t, m, "d.txt") != "x" {
		t.Errorf("written after its removal: %v", err)
	}
}
