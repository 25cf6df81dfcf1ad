package dirfs

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"colibri/firmware/device/fs"
)

func TestWriteReadRenameRemove(t *testing.T) {
	d, dir := open(t)
	check(t, d.Write([]byte("a/b/c.txt"), []byte("one"), false), nil)
	check(t, d.Write([]byte("a/b/c.txt"), []byte(" two"), true), nil)
	if got := read(t, d, "a/b/c.txt"); got != "one two" {
		t.Errorf("content %q", got)
	}
	check(t, d.Rename([]byte("a/b/c.txt"), []byte("x/y")), nil)
	if names := list(t, d, ""); !slices.Equal(names, []string{"x/"}) { // a and a/b went with their last file
		t.Errorf("root has %q", names)
	}
	check(t, d.Write([]byte("z"), []byte("other"), false), nil)
	check(t, d.Rename([]byte("x/y"), []byte("z")), nil)
	if got := read(t, d, "z"); got != "one two" {
		t.Errorf("content %q", got)
	}
	if used, size := d.Usage(); used != 7 || size != 0 {
		t.Errorf("usage %d of %d", used, size)
	}
	check(t, d.Remove([]byte("z")), nil)
	check(t, d.Remove([]byte("z")), fs.ErrNotExist)
	check(t, d.Write([]byte("new"), nil, true), nil) // extending nothing
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestErrors(t *testing.T) {
	d, dir := open(t)
	check(t, d.Write([]byte("dir/file"), []byte("x"), false), nil)
	_, _, err := d.Open([]byte("dir"))
	check(t, err, fs.ErrIsDir)
	_, _, err = d.Open([]byte("absent"))
	check(t, err, fs.ErrNotExist)
	_, _, err = d.Open([]byte("dir/file/below"))
	check(t, err, fs.ErrNotExist)
	check(t, d.Write([]byte("dir"), nil, false), fs.ErrIsDir)
	check(t, d.Write([]byte("dir/file/below"), nil, false), fs.ErrNotExist)
	check(t, d.Remove([]byte("dir")), fs.ErrIsDir)
	check(t, d.Rename([]byte("dir"), []byte("other")), fs.ErrIsDir)
	check(t, d.Rename([]byte("dir/file"), []byte("dir")), fs.ErrIsDir)
	check(t, d.Rename([]byte("absent"), []byte("other")), fs.ErrNotExist)
	_, _, err = d.List([]byte("absent"), 0, make([]byte, 10))
	check(t, err, fs.ErrNotExist)
	_, _, err = d.List([]byte("dir/file"), 0, make([]byte, 10))
	check(t, err, fs.ErrNotExist)
	_, _, err = d.List(nil, 0, make([]byte, 2))
	check(t, err, fs.ErrName) // "dir" does not fit
	_, err = d.ReadAt(0, make([]byte, 1), 0)
	check(t, err, fs.ErrHandle)
	_, err = d.ReadAt(maxOpen+1, make([]byte, 1), 0)
	check(t, err, fs.ErrHandle)
	d.Close(-1)
	d.Close(maxOpen + 1)
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Open([]byte("pipe")) // must not wait for a writer
	check(t, err, fs.ErrNotExist)
	var files []fs.File
	for range maxOpen {
		f, _, err := d.Open([]byte("dir/file"))
		check(t, err, nil)
		files = append(files, f)
	}
	_, _, err = d.Open([]byte("dir/file"))
	check(t, err, fs.ErrBusy)
	d.Close(files[3])
	f, _, err := d.Open([]byte("dir/file"))
	check(t, err, nil)
	if f != files[3] {
		t.Errorf("handle %d, not the free one %d", f, files[3])
	}
}

func TestNoWayOut(t *testing.T) {
	d, dir := open(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"absolute": secret, "relative": "../secret", "parent": ".."} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"../secret", "/secret", "..", ".", "", "a/../../secret",
		"absolute", "relative", "parent/secret",
		"a\x00b", `..\secret`, ".writing."} {
		if f, _, err := d.Open([]byte(name)); err == nil {
			t.Errorf("%q was opened as %d", name, f)
		}
		for _, extend := range []bool{false, true} {
			if err := d.Write([]byte(name), []byte("overwritten"), extend); err == nil {
				t.Errorf("%q was written, extend %t", name, extend)
			}
		}
	}
	if names := list(t, d, ""); len(names) != 0 {
		t.Errorf("links that lead out are listed: %q", names)
	}
	if content, err := os.ReadFile(secret); err != nil || string(content) != "secret" {
		t.Errorf("the file outside: %q, %v", content, err)
	}
}

func TestListIsSortedAndHidesWhatHasNoName(t *testing.T) {
	d, dir := open(t)
	for _, name := range []string{"b", "a", ".hidden", "ümlaut", "trailing.", "colon:", strings.Repeat("l", 97),
		temporary} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check(t, d.Write([]byte("c/d"), nil, false), nil)
	if names := list(t, d, ""); !slices.Equal(names, []string{".hidden", "a", "b", "c/"}) {
		t.Errorf("listed %q", names)
	}
	if names := list(t, d, "c"); !slices.Equal(names, []string{"d"}) {
		t.Errorf("listed %q in c", names)
	}
	check(t, d.Write([]byte("a2"), nil, false), nil)
	if names := list(t, d, ""); !slices.Contains(names, "a2") {
		t.Errorf("a new file is not listed: %q", names)
	}
}

func TestVersionTellsWritesApart(t *testing.T) {
	d, _ := open(t)
	seen := map[uint64]int{}
	for i := range 200 {
		check(t, d.Write([]byte("f"), fmt.Appendf(nil, "%03d", i), false), nil)
		info, err := d.Stat([]byte("f"))
		check(t, err, nil)
		if before, ok := seen[info.Version]; ok && before == i-1 {
			t.Fatalf("writes %d and %d have one version", before, i)
		}
		seen[info.Version] = i
	}
}

func TestReadingAFileThatChanges(t *testing.T) {
	d, dir := open(t)
	check(t, d.Write([]byte("f"), bytes.Repeat([]byte("old "), 100), false), nil)
	f, info, err := d.Open([]byte("f"))
	check(t, err, nil)
	buf := make([]byte, 4)
	// The device's own write makes another file; the open one stays what it was.
	check(t, d.Write([]byte("f"), bytes.Repeat([]byte("new "), 100), false), nil)
	n, err := d.ReadAt(f, buf, info.Size-4)
	check(t, err, nil)
	if string(buf[:n]) != "old " {
		t.Errorf("read %q", buf[:n])
	}
	if n, err := d.ReadAt(f, buf, info.Size); n != 0 || err != nil {
		t.Errorf("at the end: %d, %v", n, err)
	}
	// A change in place by someone else is an error, not a mixture.
	g, _, err := d.Open([]byte("f"))
	check(t, err, nil)
	if err := os.WriteFile(filepath.Join(dir, "f"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = d.ReadAt(g, buf, 0)
	check(t, err, fs.ErrIO)
}

func open(t *testing.T) (*Dir, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "root")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Shut() })
	return d, dir
}

func check(t *testing.T, got, want error) {
	t.Helper()
	if got != want {
		t.Fatalf("error %v, want %v", got, want)
	}
}

func read(t *testing.T, d *Dir, name string) string {
	t.Helper()
	f, info, err := d.Open([]byte(name))
	check(t, err, nil)
	defer d.Close(f)
	buf := make([]byte, info.Size+1)
	n, err := d.ReadAt(f, buf, 0)
	check(t, err, nil)
	return string(buf[:n])
}

// list returns the names in dir; those of directories end in a slash.
func list(t *testing.T, d *Dir, dir string) []string {
	t.Helper()
	var names []string
	buf := make([]byte, fs.MaxName)
	for pos := 0; ; pos++ {
		n, info, err := d.List([]byte(dir), pos, buf)
		if err == fs.ErrEnd {
			return names
		}
		check(t, err, nil)
		name := string(buf[:n])
		if info.Dir {
			name += "/"
		}
		names = append(names, name)
	}
}
