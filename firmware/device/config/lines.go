package config

import "colibri/firmware/device/json"

// addLines reads the schema lines.
func (c *Config) addLines(lines []byte) Fault {
	if lines == nil {
		return Fault{}
	}
	v, _, err := json.Parse(lines)
	if err != nil || v.Kind() != json.Array {
		return Fault{Err: ErrJSON, Remedy: "use an array of schema lines"}
	}
	n := 0
	for line := v.Elements(); line.Next(); n++ {
		if f := c.addLine(line.Value); !f.OK() {
			f.Line = n
			return f
		}
	}
	return Fault{}
}

const kindRemedy = `use "b" for true and false, "i" for whole numbers, "s" for texts, "o" for a group`

// addLine reads one line: [key, default], or [key, type], [key, type, default], each with or without an
// object of parameters at the end where the type is given. Two elements are always the first form.
func (c *Config) addLine(line json.Value) Fault {
	var part [5]json.Value
	n := 0
	elements := line.Elements()
	for ; elements.Next() && n < len(part); n++ {
		part[n] = elements.Value
	}
	if n < 2 || n > 4 {
		return Fault{Err: ErrLine}
	}
	var text [MaxKey]byte
	k, ok := part[0].Text(text[:])
	if !ok || !validKey(text[:k]) {
		return fault(ErrKey, text[:k], "a key is letters, digits and _ in segments joined by dots")
	}
	key := string(text[:k])
	e := find(c, key)
	if n == 2 {
		if e == nil {
			return c.unknown(text[:k])
		}
		return c.setDefault(e, part[1])
	}
	var letter [4]byte
	l, _ := part[1].Text(letter[:])
	if l == 1 && letter[0] == 'o' {
		if n != 3 || part[2].Kind() != json.Object {
			return fault(ErrLine, text[:k], `write a group as ["group", "o", {title: ...}]`)
		}
		if e != nil {
			return fault(ErrKind, text[:k], "the key is a value, not a group")
		}
		return Fault{}
	}
	kind, ok := kindOf(letter[:l])
	if !ok {
		return fault(ErrKind, text[:k], kindRemedy)
	}
	def, params := part[2], part[3]
	if n == 3 && def.Kind() == json.Object {
		def, params = nil, def
	}
	if n == 4 && params.Kind() != json.Object {
		return fault(ErrLine, text[:k], "the fourth element is an object like {title: ...}")
	}
	if e == nil {
		if isGroup(c, key) || c.underKey(key) {
			return fault(ErrKind, text[:k], "the key is a group, not a value")
		}
		if e = c.insert(definition{key: key, kind: kind}); e == nil {
			return fault(ErrFull, text[:k], "at most 64 keys")
		}
	}
	if e.kind != kind {
		return fault(ErrKind, text[:k], "keep the type that the firmware gives this key")
	}
	if f := e.setParams(params); !f.OK() {
		return f
	}
	if def == nil {
		return Fault{}
	}
	return c.setDefault(e, def)
}

// underKey reports whether key would lie under a key that has a value.
func (c *Config) underKey(key string) bool {
	for i := range c.entries {
		if _, in := inGroup(key, c.entries[i].key); in {
			return true
		}
	}
	return false
}

// setParams takes the title and the secret mark from a line's object; secret is not taken back once it is set.
func (e *entry) setParams(v json.Value) Fault {
	m := v.Members()
	for m.Next() {
		var ok bool
		switch {
		case m.Key.Is("title"):
			text := make([]byte, len(m.Value))
			var n int
			if n, ok = m.Value.Text(text); ok {
				e.title = string(text[:n])
			}
		case m.Key.Is("secret"):
			var secret bool
			secret, ok = m.Value.Bool()
			e.secret = e.secret || secret
		}
		if !ok {
			return fault(ErrLine, []byte(e.key), "parameters are title (a text) and secret (true or false)")
		}
	}
	return Fault{}
}

// setDefault makes v the entry's default. It allocates: this happens once, at the start.
func (c *Config) setDefault(e *entry, v json.Value) Fault {
	if f := c.check(e, v); !f.OK() {
		return f
	}
	if e.secret && v.Is(Mask) {
		return fault(ErrRule, []byte(e.key), "this is what Config.Get shows in the place of a secret, not the secret")
	}
	switch e.kind {
	case Bool:
		e.num = 0
		if b, _ := v.Bool(); b {
			e.num = 1
		}
	case Int:
		e.num, _ = v.Int()
	case Text:
		text := make([]byte, MaxText)
		n, _ := v.Text(text)
		e.text = string(text[:n])
	}
	return Fault{}
}
