package config

import (
	"colibri/firmware/device/json"
	"colibri/firmware/device/text"
)

// Config holds the schema and the values. It belongs to one goroutine.
type Config struct {
	entries []entry          // in the order of before
	path    [MaxKey + 1]byte // of the key that walk is at
	text    [MaxText]byte    // the value that check looks at
	changes uint32
}

// entry is a key with its default and its value.
type entry struct {
	definition
	value  int64 // of Bool and Int
	textN  int
	textOf []byte // MaxText bytes, of Text; the first textN are the value
}

// New makes a configuration of the builtin keys and the schema lines, a JSON array of arrays; nil stands for
// no lines.
func New(lines []byte) (*Config, Fault) {
	c := &Config{entries: make([]entry, 0, MaxKeys)}
	for i := range builtin {
		c.insert(builtin[i])
	}
	if f := c.addLines(lines); !f.OK() {
		return nil, f
	}
	texts := 0
	for i := range c.entries {
		if c.entries[i].kind == Text {
			texts++
		}
	}
	slab := make([]byte, texts*MaxText)
	for i := range c.entries {
		e := &c.entries[i]
		if e.kind == Text {
			e.textOf, slab = slab[:MaxText:MaxText], slab[MaxText:]
		}
		e.reset()
	}
	return c, Fault{}
}

// insert adds a key in its place and returns its entry, or nil if there is no room.
func (c *Config) insert(d definition) *entry {
	if len(c.entries) == MaxKeys {
		return nil
	}
	i := len(c.entries)
	c.entries = append(c.entries, entry{})
	for i > 0 && before(d.key, c.entries[i-1].key) {
		c.entries[i] = c.entries[i-1]
		i--
	}
	c.entries[i] = entry{definition: d}
	return &c.entries[i]
}

// reset gives the entry its default.
func (e *entry) reset() {
	e.value = e.num
	e.textN = copy(e.textOf, e.text)
}

func (e *entry) bytes() []byte { return e.textOf[:e.textN] }

// differs reports whether the value is not the default.
func (e *entry) differs() bool { return e.value != e.num || !text.Equal(e.bytes(), e.text) }

// Freeze makes the values of this moment the defaults: what a host's configuration file sets, over what the
// schema says, is then not written to the overlay by Save. It allocates.
func (c *Config) Freeze() {
	for i := range c.entries {
		e := &c.entries[i]
		e.num, e.text = e.value, string(e.bytes())
	}
}

// Changes counts the changes of values, for readers that keep something made from them.
func (c *Config) Changes() uint32 { return c.changes }

// find returns the entry of key, or nil.
func find[K text.Of](c *Config, key K) *entry {
	for i := range c.entries {
		if text.Equal(c.entries[i].key, key) {
			return &c.entries[i]
		}
	}
	return nil
}

// Bool returns the value of a key of kind Bool; false for any other.
func (c *Config) Bool(key string) bool {
	e := find(c, key)
	return e != nil && e.kind == Bool && e.value != 0
}

// Int returns the value of a key of kind Int; 0 for any other.
func (c *Config) Int(key string) int64 {
	e := find(c, key)
	if e == nil || e.kind != Int {
		return 0
	}
	return e.value
}

// Text returns the value of a key of kind Text, as a view that is good until the next change; nil for any
// other.
func (c *Config) Text(key string) []byte {
	e := find(c, key)
	if e == nil || e.kind != Text {
		return nil
	}
	return e.bytes()
}

// isGroup reports whether some key lies in group.
func isGroup[K text.Of](c *Config, group K) bool {
	if len(group) == 0 {
		return false
	}
	for i := range c.entries {
		if _, in := inGroup(c.entries[i].key, group); in {
			return true
		}
	}
	return false
}

// Set applies an object of objects to the values, whole or not at all.
func (c *Config) Set(v json.Value) Fault {
	if v.Kind() != json.Object {
		return Fault{Err: ErrJSON, Remedy: `use an object like {"http": {"enable": true}}`}
	}
	if f := c.walk(v, 0, false); !f.OK() {
		return f
	}
	c.walk(v, 0, true)
	c.changes++
	return Fault{}
}

// walk checks (apply false) or applies the members of v, a group whose name and dot are the first n bytes of
// c.path. Its recursion is as deep as keys have dots, for all others end as unknown.
func (c *Config) walk(v json.Value, n int, apply bool) Fault {
	m := v.Members()
	for m.Next() {
		k, fits := m.Key.Text(c.path[n:MaxKey])
		key := c.path[:n+k]
		if !fits {
			return c.unknown(c.path[:n])
		}
		if hasDot(c.path[n : n+k]) { // a dotted key would be a second way to write the same thing
			return c.unknown(key)
		}
		e := find(c, key)
		switch {
		case e != nil && !apply:
			if f := c.check(e, m.Value); !f.OK() {
				return f
			}
		case e != nil:
			e.set(m.Value)
		case !isGroup(c, key):
			return c.unknown(key)
		case m.Value.Kind() != json.Object:
			return fault(ErrGroup, key, "use an object")
		default:
			c.path[n+k] = '.'
			if f := c.walk(m.Value, n+k+1, apply); !f.OK() {
				return f
			}
		}
	}
	return Fault{}
}

func fault(e Error, key []byte, remedy string) Fault {
	f := Fault{Err: e, Remedy: remedy}
	f.keyLen = uint8(copy(f.key[:], key))
	return f
}

func (c *Config) unknown(key []byte) Fault {
	f := fault(ErrUnknownKey, key, "Config.Get without arguments shows all keys")
	f.Near = c.nearest(key[:min(len(key), MaxKey)])
	return f
}

// check says whether v can be the value of e.
func (c *Config) check(e *entry, v json.Value) Fault {
	refuse := func(err Error, remedy string) Fault {
		f := Fault{Err: err, Remedy: remedy}
		f.keyLen = uint8(copy(f.key[:], e.key))
		return f
	}
	switch e.kind {
	case Bool:
		if _, ok := v.Bool(); !ok {
			return refuse(ErrType, e.kind.want())
		}
	case Int:
		n, ok := v.Int()
		if !ok {
			return refuse(ErrType, e.kind.want())
		}
		if !e.rule.allowsInt(n) {
			return refuse(ErrRule, remedies[e.rule])
		}
	case Text:
		if v.Kind() != json.String {
			return refuse(ErrType, e.kind.want())
		}
		n, ok := v.Text(c.text[:])
		if !ok {
			return refuse(ErrLong, "use at most 128 bytes")
		}
		if !e.rule.allowsText(c.text[:n]) && !(e.secret && v.Is(Mask)) {
			return refuse(ErrRule, remedies[e.rule])
		}
	}
	return Fault{}
}

// set makes v, which has been checked, the entry's value.
func (e *entry) set(v json.Value) {
	switch e.kind {
	case Bool:
		b, _ := v.Bool()
		e.value = 0
		if b {
			e.value = 1
		}
	case Int:
		e.value, _ = v.Int()
	case Text:
		if !e.secret || !v.Is(Mask) {
			e.textN, _ = v.Text(e.textOf)
		}
	}
}
