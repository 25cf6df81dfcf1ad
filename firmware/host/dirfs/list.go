package dirfs

import (
	"errors"
	"io"
	"slices"
	"strings"

	"colibri/firmware/device/fs"
)

// listing keeps the entries of the directory that was listed last: the device asks for them one by one.
type listing struct {
	valid bool
	dir   string
	items []item
}

type item struct {
	name string
	info fs.Info
}

func (l *listing) forget() { *l = listing{} }

// List implements fs.FS, with the entries sorted by name. Position 0 reads the directory afresh.
func (d *Dir) List(dir []byte, pos int, name []byte) (int, fs.Info, error) {
	if !fs.ValidDir(dir) || pos < 0 {
		return 0, fs.Info{}, fs.ErrName
	}
	l := &d.cache
	if host := hostName(dir); pos == 0 || !l.valid || l.dir != host {
		items, err := d.readDir(host)
		if err != nil {
			return 0, fs.Info{}, err
		}
		*l = listing{valid: true, dir: host, items: items}
	}
	if pos >= len(l.items) {
		return 0, fs.Info{}, fs.ErrEnd
	}
	if it := &l.items[pos]; len(it.name) <= len(name) {
		return copy(name, it.name), it.info, nil
	}
	return 0, fs.Info{}, fs.ErrName
}

// readDir returns what the device can see of a directory.
func (d *Dir) readDir(host string) ([]item, error) {
	if info, err := d.stat(host); err != nil {
		return nil, err
	} else if !info.Dir {
		return nil, fs.ErrNotExist
	}
	file, err := d.root.Open(host)
	if err != nil {
		return nil, translate(err)
	}
	entries, err := file.ReadDir(-1)
	if err = errors.Join(err, file.Close()); err != nil && err != io.EOF {
		return nil, translate(err)
	}
	var items []item
	for _, entry := range entries {
		path := entry.Name()
		if host != "." {
			path = host + "/" + path
		}
		if !fs.Valid([]byte(path)) {
			continue
		}
		if info, err := d.stat(path); err == nil { // else: gone, or a link that leads out
			items = append(items, item{entry.Name(), info})
		}
	}
	slices.SortFunc(items, func(a, b item) int { return strings.Compare(a.name, b.name) })
	return items, nil
}
