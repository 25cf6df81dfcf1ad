package configfile

import (
	"encoding/json"
	"fmt"
	"os"

	"colibri/firmware/device/config"
	devjson "colibri/firmware/device/json"

	"go.yaml.in/yaml/v4"
)

// Error is what is wrong in a file.
type Error struct {
	File string
	Line int // from 1; 0 if the file as a whole is meant
	Text string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
}

// manifest are the keys that a mos.yml of Mongoose OS has at its top; only config_schema means something here.
var manifest = []string{"author", "binary_libs", "build_vars", "cdefs", "cflags", "conds", "config_schema",
	"cxxflags", "description", "extra_files", "ffi_symbols", "filesystem", "includes", "init_after", "init_before",
	"interfaces", "libs", "libs_version", "manifest_version", "modules", "modules_version", "mongoose_os_version",
	"mos_version", "name", "no_implicit_init_deps", "origin", "platform", "platforms", "skeleton_version", "sources",
	"tags", "tests", "title", "type", "version"}

// Schema reads the config_schema of a mos.yml and returns its lines as the JSON that config.New takes,
// checked by it.
func Schema(file string) ([]byte, error) {
	root, err := read(file)
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, &Error{file, root.Line, "a mos.yml is a mapping of keys to values"}
	}
	var lines *yaml.Node
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		switch {
		case key.Value == "config_schema":
			lines = value
		case !contains(manifest, key.Value):
			return nil, &Error{file, key.Line, key.Value + ": unknown key" + suggest(key.Value, manifest)}
		}
	}
	if lines == nil {
		return []byte("[]"), nil
	}
	if lines.Kind != yaml.SequenceNode {
		const want = "config_schema: a list of lines like - [\"http.enable\", true] is expected"
		return nil, &Error{file, lines.Line, want}
	}
	text, err := toJSON(file, lines)
	if err != nil {
		return nil, err
	}
	if _, f := config.New(text); !f.OK() {
		at := lines.Line
		if f.Line < len(lines.Content) {
			at = lines.Content[f.Line].Line
		}
		return nil, &Error{file, at, f.Error()}
	}
	return text, nil
}

// New makes a configuration from the schema in a mos.yml; "" stands for the firmware's own keys and defaults.
func New(file string) (*config.Config, error) {
	var lines []byte
	if file != "" {
		var err error
		if lines, err = Schema(file); err != nil {
			return nil, err
		}
	}
	c, f := config.New(lines)
	if !f.OK() {
		return nil, &f
	}
	return c, nil
}

// Apply sets the values that a YAML or JSON file holds, {"http": {"enable": true}}, all of them or none.
func Apply(c *config.Config, file string) error {
	root, err := read(file)
	if err != nil {
		return err
	}
	text, err := toJSON(file, root)
	if err != nil {
		return err
	}
	v, _, err := devjson.Parse(text)
	if err != nil {
		return &Error{file, 0, err.Error()}
	}
	if f := c.Set(v); !f.OK() {
		return &Error{file, lineOf(root, string(f.Key())), f.Error()}
	}
	return nil
}

// read parses a file and returns the node of its only document.
func read(file string) (*yaml.Node, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(text) > devjson.MaxSize {
		return nil, &Error{file, 0, "the file is too large"}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, &Error{file, 0, err.Error()}
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, &Error{file, 0, "the file is empty"}
	}
	return doc.Content[0], nil
}

// toJSON converts a node with all it holds. Only what JSON has too is understood: no anchors, no keys but
// texts.
func toJSON(file string, n *yaml.Node) ([]byte, error) {
	v, err := toValue(file, n)
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

func toValue(file string, n *yaml.Node) (any, error) {
	fault := func(text string) (any, error) { return nil, &Error{file, n.Line, text} }
	switch n.Kind {
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, e := range n.Content {
			v, err := toValue(file, e)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" {
				return nil, &Error{file, key.Line, "a key must be a text"}
			}
			if _, twice := object[key.Value]; twice {
				return nil, &Error{file, key.Line, key.Value + ": the key appears twice"}
			}
			v, err := toValue(file, n.Content[i+1])
			if err != nil {
				return nil, err
			}
			object[key.Value] = v
		}
		return object, nil
	case yaml.ScalarNode:
		switch n.ShortTag() {
		case "!!str":
			return n.Value, nil
		case "!!null":
			return nil, nil
		case "!!bool", "!!int", "!!float":
			var v any
			if err := n.Decode(&v); err != nil {
				return fault(err.Error())
			}
			if _, err := json.Marshal(v); err != nil {
				return fault(n.Value + " is not a number that JSON has")
			}
			return v, nil
		}
		return fault(n.Value + ": put it in quotes to make it a text (YAML takes it for a " + n.ShortTag() + ")")
	}
	return fault("anchors and aliases are not understood here")
}

// lineOf returns the line of the key, segments joined by dots, or of the part of it that is there.
func lineOf(n *yaml.Node, key string) int {
	line := n.Line
	for key != "" && n.Kind == yaml.MappingNode {
		found := false
		for i := 0; i < len(n.Content) && !found; i += 2 {
			name := n.Content[i].Value
			if key == name || len(key) > len(name) && key[:len(name)] == name && key[len(name)] == '.' {
				line, n, found = n.Content[i].Line, n.Content[i+1], true
				key = key[min(len(name)+1, len(key)):]
			}
		}
		if !found {
			break
		}
	}
	return line
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// suggest names the word of the list that resembles s most, if one does.
func suggest(s string, list []string) string {
	best, least := "", len(s)/3+1
	for _, e := range list {
		if d := config.Distance(s, e); d < least {
			best, least = e, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
