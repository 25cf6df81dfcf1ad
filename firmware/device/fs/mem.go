package fs

import "colibri/firmware/device/text"

// Mem is a file system in memory of fixed size: a table of entries over one slab of bytes. Contents lie one
// after another in the slab; a file that changes is written whole behind the last one first and takes its new
// place then, so that a failed Write leaves the old content; the gaps are closed when space runs out. Nothing
// is allocated after NewMem.
//
// Contents that are there from the start may lie elsewhere, in flash: Mount adds such a file, and takes no memory for it but an
// entry until it is written.
//
// It has no directories of its own: "a/b" is a file whose name has a slash, and directory "a" exists as long
// as such a file does.
type Mem struct {
	files   []memFile
	slab    []byte
	end     int    // the slab is in use up to here, gaps included
	version uint64 // grows with every change
	open    [memOpen]memHandle
}

// memOpen bounds the files open at one time.
const memOpen = 16

type memFile struct {
	name    [MaxName]byte
	nameLen uint8  // 0: the entry is free
	mounted string // the content, of a file from Mount; else it is slab[off:off+size]
	off     int
	size    int
	version uint64
}

type memHandle struct {
	file    int // index into files + 1; 0: free
	version uint64
}

// NewMem makes a file system for at most files files that together hold at most bytes bytes, both greater
// than 0.
func NewMem(files, bytes int) *Mem {
	return &Mem{files: make([]memFile, files), slab: make([]byte, bytes)}
}

func (f *memFile) path() []byte { return f.name[:f.nameLen] }

// Mount adds file name, whose content stays where it is until something is written to it. ErrName, ErrNoSpace: the name is
// not valid or in use, or all entries are taken.
func (m *Mem) Mount(name, content string) error {
	i := m.free()
	if i < 0 {
		return ErrNoSpace
	}
	f := &m.files[i]
	n := copy(f.name[:], name)
	if !Valid(f.name[:n]) || n < len(name) || m.find(f.name[:n]) >= 0 || m.isDir(f.name[:n]) || m.underFile(f.name[:n]) {
		return ErrName
	}
	m.version++
	f.nameLen = uint8(n)
	f.mounted, f.off, f.size, f.version = content, 0, len(content), m.version
	return nil
}

// content copies the file's content from offset off to p and returns how much it was.
func (m *Mem) content(f *memFile, p []byte, off int) int {
	if f.mounted != "" {
		return copy(p, f.mounted[off:])
	}
	return copy(p, m.slab[f.off+off:f.off+f.size])
}

// find returns the index of file name, or -1.
func (m *Mem) find(name []byte) int {
	for i := range m.files {
		if m.files[i].nameLen != 0 && text.Equal(m.files[i].path(), name) {
			return i
		}
	}
	return -1
}

// child returns the part of path after directory dir, and whether path lies in dir.
func child(path, dir []byte) ([]byte, bool) {
	if len(dir) == 0 {
		return path, true
	}
	if len(path) <= len(dir)+1 || path[len(dir)] != '/' || !text.HasPrefix(path, dir) {
		return nil, false
	}
	return path[len(dir)+1:], true
}

// segment returns the first segment of path, and whether more segments follow.
func segment(path []byte) ([]byte, bool) {
	for i, c := range path {
		if c == '/' {
			return path[:i], true
		}
	}
	return path, false
}

// isDir reports whether some file lies in directory name.
func (m *Mem) isDir(name []byte) bool {
	if len(name) == 0 {
		return true
	}
	for i := range m.files {
		if _, in := child(m.files[i].path(), name); in {
			return true
		}
	}
	return false
}

// first reports whether files[i] is the first one that shows segment seg in dir, so that a directory of many
// files is listed once.
func (m *Mem) first(i int, dir, seg []byte) bool {
	for j := range m.files[:i] {
		if rest, in := child(m.files[j].path(), dir); in && m.files[j].nameLen != 0 {
			if s, _ := segment(rest); text.Equal(s, seg) {
				return false
			}
		}
	}
	return true
}

// List implements FS.
func (m *Mem) List(dir []byte, pos int, name []byte) (int, Info, error) {
	if !ValidDir(dir) || pos < 0 {
		return 0, Info{}, ErrName
	}
	if !m.isDir(dir) {
		return 0, Info{}, ErrNotExist
	}
	for i := range m.files {
		f := &m.files[i]
		rest, in := child(f.path(), dir)
		if f.nameLen == 0 || !in {
			continue
		}
		seg, more := segment(rest)
		if !m.first(i, dir, seg) {
			continue
		}
		if pos > 0 {
			pos--
			continue
		}
		if len(seg) > len(name) {
			return 0, Info{}, ErrName
		}
		if more {
			return copy(name, seg), Info{Dir: true}, nil
		}
		return copy(name, seg), f.info(), nil
	}
	return 0, Info{}, ErrEnd
}

func (f *memFile) info() Info { return Info{Size: int64(f.size), Version: f.version} }

// Stat implements FS.
func (m *Mem) Stat(name []byte) (Info, error) {
	if !ValidDir(name) {
		return Info{}, ErrName
	}
	if i := m.find(name); i >= 0 {
		return m.files[i].info(), nil
	}
	if m.isDir(name) {
		return Info{Dir: true}, nil
	}
	return Info{}, ErrNotExist
}

// Open implements FS.
func (m *Mem) Open(name []byte) (File, Info, error) {
	info, err := m.Stat(name)
	if err != nil {
		return 0, Info{}, err
	}
	if info.Dir {
		return 0, Info{}, ErrIsDir
	}
	for h := range m.open {
		if m.open[h].file == 0 {
			m.open[h] = memHandle{file: m.find(name) + 1, version: info.Version}
			return File(h + 1), info, nil
		}
	}
	return 0, Info{}, ErrBusy
}

// ReadAt implements FS. When the file has been written, renamed or removed since Open, it answers ErrIO.
func (m *Mem) ReadAt(f File, p []byte, off int64) (int, error) {
	if f < 1 || int(f) > memOpen || m.open[f-1].file == 0 {
		return 0, ErrHandle
	}
	h := &m.open[f-1]
	file := &m.files[h.file-1]
	if file.nameLen == 0 || file.version != h.version {
		return 0, ErrIO
	}
	if off < 0 || off >= int64(file.size) {
		return 0, nil
	}
	return m.content(file, p, int(off)), nil
}

// Close implements FS.
func (m *Mem) Close(f File) {
	if f >= 1 && int(f) <= memOpen {
		m.open[f-1] = memHandle{}
	}
}

// Write implements FS.
func (m *Mem) Write(name, data []byte, extend bool) error {
	if !Valid(name) {
		return ErrName
	}
	if m.isDir(name) {
		return ErrIsDir
	}
	if m.underFile(name) {
		return ErrNotExist
	}
	i := m.find(name)
	kept := 0
	if i >= 0 && extend {
		kept = m.files[i].size
	}
	if i < 0 {
		i = m.free()
	}
	if i < 0 {
		return ErrNoSpace
	}
	size := kept + len(data)
	if size > len(m.slab)-m.end {
		m.compact()
		if size > len(m.slab)-m.end {
			return ErrNoSpace
		}
	}
	f := &m.files[i]
	m.content(f, m.slab[m.end:m.end+kept], 0)
	copy(m.slab[m.end+kept:], data)
	if f.nameLen == 0 {
		f.nameLen = uint8(copy(f.name[:], name))
	}
	m.version++
	f.mounted, f.off, f.size, f.version = "", m.end, size, m.version
	m.end += size
	return nil
}

// underFile reports whether a proper prefix of name is a file, which then cannot be a directory.
func (m *Mem) underFile(name []byte) bool {
	for i, c := range name {
		if c == '/' && m.find(name[:i]) >= 0 {
			return true
		}
	}
	return false
}

// free returns the index of a free entry, or -1. An entry which an open handle still names is not free: the
// handle would see another file.
func (m *Mem) free() int {
next:
	for i := range m.files {
		if m.files[i].nameLen != 0 {
			continue
		}
		for h := range m.open {
			if m.open[h].file == i+1 {
				continue next
			}
		}
		return i
	}
	return -1
}

// compact moves all contents to the front of the slab in the order they lie in, which closes every gap.
func (m *Mem) compact() {
	end := 0
	for {
		next := -1
		for i := range m.files {
			f := &m.files[i]
			if f.nameLen != 0 && f.mounted == "" && f.off >= end && f.size > 0 && (next < 0 || f.off < m.files[next].off) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		f := &m.files[next]
		copy(m.slab[end:], m.slab[f.off:f.off+f.size])
		f.off = end
		end += f.size
	}
	for i := range m.files {
		if m.files[i].size == 0 {
			m.files[i].off = 0
		}
	}
	m.end = end
}

// Remove implements FS.
func (m *Mem) Remove(name []byte) error {
	info, err := m.Stat(name)
	if err != nil {
		return err
	}
	if info.Dir {
		return ErrIsDir
	}
	f := &m.files[m.find(name)]
	f.nameLen, f.size, f.off, f.mounted = 0, 0, 0, ""
	m.version++
	return nil
}

// Rename implements FS.
func (m *Mem) Rename(from, to []byte) error {
	info, err := m.Stat(from)
	if err != nil {
		return err
	}
	if !Valid(to) {
		return ErrName
	}
	if info.Dir || m.isDir(to) {
		return ErrIsDir
	}
	i := m.find(from)
	if text.Equal(from, to) {
		return nil
	}
	if m.underFile(to) {
		return ErrNotExist
	}
	if old := m.find(to); old >= 0 {
		o := &m.files[old]
		o.nameLen, o.size, o.off, o.mounted = 0, 0, 0, ""
	}
	f := &m.files[i]
	f.nameLen = uint8(copy(f.name[:], to))
	m.version++
	f.version = m.version
	return nil
}

// Usage implements FS. Files from Mount do not count.
func (m *Mem) Usage() (used, size int64) {
	for i := range m.files {
		if f := &m.files[i]; f.mounted == "" {
			used += int64(f.size)
		}
	}
	return used, int64(len(m.slab))
}
