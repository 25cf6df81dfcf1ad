package dirfs

import (
	"errors"
	"io"
	iofs "io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"colibri/firmware/device/fs"
)

// maxOpen bounds the files open at one time, so that the device cannot exhaust the process's descriptors.
const maxOpen = 64

// temporary is the name under which a file is written.
const temporary = ".writing."

// Dir is a directory as an fs.FS. It belongs to one goroutine.
type Dir struct {
	root  *os.Root
	open  [maxOpen]handle
	cache listing
}

type handle struct {
	file    *os.File // nil: free
	version uint64
}

var _ fs.FS = (*Dir)(nil)

// Open lends the directory at path.
func Open(path string) (*Dir, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Dir{root: root}, nil
}

// Shut closes the directory and every file still open.
func (d *Dir) Shut() error {
	for i := range d.open {
		d.Close(fs.File(i + 1))
	}
	return d.root.Close()
}

// Stat implements fs.FS.
func (d *Dir) Stat(name []byte) (fs.Info, error) {
	if !fs.ValidDir(name) {
		return fs.Info{}, fs.ErrName
	}
	return d.stat(hostName(name))
}

func (d *Dir) stat(name string) (fs.Info, error) {
	info, err := d.root.Stat(name)
	if err != nil {
		return fs.Info{}, translate(err)
	}
	return describe(info)
}

// Open implements fs.FS.
func (d *Dir) Open(name []byte) (fs.File, fs.Info, error) {
	if !fs.Valid(name) {
		return 0, fs.Info{}, fs.ErrName
	}
	slot := d.freeSlot()
	if slot < 0 {
		return 0, fs.Info{}, fs.ErrBusy
	}
	// O_NONBLOCK, lest opening a named pipe wait for its other end.
	file, err := d.root.OpenFile(hostName(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0, fs.Info{}, translate(err)
	}
	info, err := describeFile(file)
	if err == nil && info.Dir {
		err = fs.ErrIsDir
	}
	if err != nil {
		file.Close()
		return 0, fs.Info{}, err
	}
	d.open[slot] = handle{file: file, version: info.Version}
	return fs.File(slot + 1), info, nil
}

func (d *Dir) freeSlot() int {
	for i := range d.open {
		if d.open[i].file == nil {
			return i
		}
	}
	return -1
}

// ReadAt implements fs.FS. It answers fs.ErrIO when the file has been changed in place since Open.
func (d *Dir) ReadAt(f fs.File, p []byte, off int64) (int, error) {
	if f < 1 || f > maxOpen || d.open[f-1].file == nil {
		return 0, fs.ErrHandle
	}
	if off < 0 {
		return 0, nil
	}
	h := &d.open[f-1]
	n, err := h.file.ReadAt(p, off)
	if err != nil && err != io.EOF {
		return 0, translate(err)
	}
	if info, err := describeFile(h.file); err != nil || info.Version != h.version {
		return 0, fs.ErrIO
	}
	return n, nil
}

// Close implements fs.FS.
func (d *Dir) Close(f fs.File) {
	if f >= 1 && f <= maxOpen && d.open[f-1].file != nil {
		d.open[f-1].file.Close()
		d.open[f-1] = handle{}
	}
}

// Write implements fs.FS. Adding to a file copies it: that is the price of an addition that happens whole or
// not at all.
func (d *Dir) Write(name, data []byte, extend bool) error {
	if !fs.Valid(name) {
		return fs.ErrName
	}
	d.cache.forget()
	target := hostName(name)
	old, err := d.stat(target)
	switch {
	case err == nil && old.Dir:
		return fs.ErrIsDir
	case err != nil && err != fs.ErrNotExist:
		return err
	}
	parent := path.Dir(target)
	if err := d.root.MkdirAll(parent, 0o755); err != nil {
		return translate(err)
	}
	temp := path.Join(parent, temporary)
	if err := d.writeTemporary(temp, target, data, extend); err != nil {
		d.root.Remove(temp)
		return translate(err)
	}
	if err := d.root.Rename(temp, target); err != nil {
		d.root.Remove(temp)
		return translate(err)
	}
	return nil
}

// writeTemporary writes the new content of target to the file temp and brings it to the disk.
func (d *Dir) writeTemporary(temp, target string, data []byte, extend bool) error {
	d.root.Remove(temp) // left behind by a crash
	mode := iofs.FileMode(0o600)
	before, statErr := d.root.Stat(target)
	if statErr == nil {
		mode = before.Mode().Perm()
	}
	file, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if extend && statErr == nil {
		err = d.copyFrom(target, file)
	}
	if err == nil {
		_, err = file.Write(data)
	}
	if err == nil {
		err = file.Sync()
	}
	var after iofs.FileInfo
	if err == nil {
		after, err = file.Stat()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if statErr == nil && version(after) == version(before) {
		// The clock of the file system is coarser than two writes in a row; the version has to tell them
		// apart all the same.
		return d.root.Chtimes(temp, time.Time{}, after.ModTime().Add(time.Microsecond))
	}
	return nil
}

func (d *Dir) copyFrom(name string, to *os.File) error {
	from, err := d.root.Open(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, from.Close())
}

// Remove implements fs.FS.
func (d *Dir) Remove(name []byte) error {
	if !fs.Valid(name) {
		return fs.ErrName
	}
	d.cache.forget()
	target := hostName(name)
	info, err := d.stat(target)
	if err != nil {
		return err
	}
	if info.Dir {
		return fs.ErrIsDir
	}
	if err := d.root.Remove(target); err != nil {
		return translate(err)
	}
	d.prune(path.Dir(target))
	return nil
}

// Rename implements fs.FS.
func (d *Dir) Rename(from, to []byte) error {
	if !fs.Valid(from) || !fs.Valid(to) {
		return fs.ErrName
	}
	d.cache.forget()
	source, target := hostName(from), hostName(to)
	info, err := d.stat(source)
	if err != nil {
		return err
	}
	if over, err := d.stat(target); info.Dir || err == nil && over.Dir {
		return fs.ErrIsDir
	}
	if err := d.root.MkdirAll(path.Dir(target), 0o755); err != nil {
		return translate(err)
	}
	if err := d.root.Rename(source, target); err != nil {
		return translate(err)
	}
	d.prune(path.Dir(source))
	return nil
}

// prune removes dir and the directories above it as far as they are empty, for directories go with their last
// file.
func (d *Dir) prune(dir string) {
	for dir != "." && d.root.Remove(dir) == nil {
		dir = path.Dir(dir)
	}
}

// Usage implements fs.FS. The size of the whole is unknown: the host's disk is not the device's.
func (d *Dir) Usage() (used, size int64) {
	iofs.WalkDir(d.root.FS(), ".", func(_ string, entry iofs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			if info, err := entry.Info(); err == nil {
				used += info.Size()
			}
		}
		return nil // what cannot be read is not counted
	})
	return used, 0
}

// hostName returns name as os.Root wants it: with "." for the root itself.
func hostName(name []byte) string {
	if len(name) == 0 {
		return "."
	}
	return string(name)
}

func describeFile(f *os.File) (fs.Info, error) {
	info, err := f.Stat()
	if err != nil {
		return fs.Info{}, translate(err)
	}
	return describe(info)
}

func describe(info iofs.FileInfo) (fs.Info, error) {
	switch {
	case info.IsDir():
		return fs.Info{Dir: true, Version: version(info)}, nil
	case info.Mode().IsRegular():
		return fs.Info{Size: info.Size(), Version: version(info)}, nil
	}
	return fs.Info{}, fs.ErrNotExist
}

// version makes one number of the time of the last change and the size: the time alone may have stood still
// between two changes by others.
func version(info iofs.FileInfo) uint64 {
	// An odd number spreads the size over all bits, so that a later time does not make up for it.
	const oddNumber = 0x9e3779b97f4a7c15
	return uint64(info.ModTime().UnixNano()) ^ uint64(info.Size())*oddNumber
}

// translate turns an error of the host into the device's. That something exists already is only ever said of
// a file where a directory has to be.
func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, iofs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, iofs.ErrExist):
		return fs.ErrNotExist
	case errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ENOTEMPTY):
		return fs.ErrIsDir
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fs.ErrNoSpace
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return fs.ErrBusy
	case errors.Is(err, syscall.ENAMETOOLONG):
		return fs.ErrName
	}
	return fs.ErrIO
}
