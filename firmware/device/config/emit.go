package config

import (
	"colibri/firmware/device/fs"
	"colibri/firmware/device/json"
)

// OverlayFile is the name of the file that holds what differs from the defaults, the one that Mongoose OS
// writes.
const OverlayFile = "conf9.json"

// Emit writes the value of a key, or the values of a group as an object (of objects), "" being all; secrets
// as Mask. It reports false if there is no such key or group.
func (c *Config) Emit(w *json.Writer, key []byte) bool {
	if e := find(c, key); e != nil {
		e.emit(w, false)
		return true
	}
	if len(key) == 0 {
		c.emitGroup(w, "", false)
		return true
	}
	for i := range c.entries {
		if k := c.entries[i].key; len(k) > len(key) {
			if _, in := inGroup(k, key); in {
				c.emitGroup(w, k[:len(key)], false)
				return true
			}
		}
	}
	return false
}

// emitGroup writes the keys of a group; with overlay only those that differ, secrets as they are. Keys of one
// subgroup stand together, so each subgroup begins and ends once.
func (c *Config) emitGroup(w *json.Writer, group string, overlay bool) {
	w.Object()
	last := ""
	for i := range c.entries {
		e := &c.entries[i]
		name, in := inGroup(e.key, group)
		if !in || overlay && !e.differs() {
			continue
		}
		first, rest := firstSegment(name)
		if rest == "" {
			w.Key(first)
			e.emit(w, overlay)
		} else if first != last {
			w.Key(first)
			c.emitGroup(w, e.key[:len(e.key)-len(rest)-1], overlay)
		}
		last = first
	}
	w.EndObject()
}

func (e *entry) emit(w *json.Writer, reveal bool) {
	switch {
	case e.kind == Bool:
		w.Bool(e.value != 0)
	case e.kind == Int:
		w.Int(e.value)
	case e.secret && !reveal && e.textN > 0:
		w.Str(Mask)
	default:
		w.Text(e.bytes())
	}
}

// Save writes the overlay file through scratch, which must hold it whole.
func (c *Config) Save(files fs.FS, scratch []byte) error {
	var w json.Writer
	w.Reset(scratch)
	c.emitGroup(&w, "", true)
	if w.Full() {
		return fs.ErrNoSpace
	}
	return files.Write(overlayName, w.Bytes(), false)
}

// overlayName is OverlayFile where file systems want bytes.
var overlayName = []byte(OverlayFile)

// Load applies the overlay file, if there is one, reading it to scratch, which must hold it whole. A file
// that cannot be read or has a fault is an error: going on without it could mean to go on without client
// authentication.
func (c *Config) Load(files fs.FS, scratch []byte) (Fault, error) {
	f, info, err := files.Open(overlayName)
	if err == fs.ErrNotExist {
		return Fault{}, nil
	}
	if err != nil {
		return Fault{}, err
	}
	defer files.Close(f)
	if info.Size > int64(len(scratch)) {
		return Fault{}, fs.ErrNoSpace
	}
	n, err := files.ReadAt(f, scratch[:info.Size], 0)
	if err != nil {
		return Fault{}, err
	}
	v, _, err := json.Parse(scratch[:n])
	if err != nil {
		return Fault{Err: ErrJSON, Remedy: "mend or remove " + OverlayFile}, nil
	}
	return c.Set(v), nil
}
