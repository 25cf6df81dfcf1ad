package configfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	devjson "colibri/firmware/device/json"
)

func write(t testing.TB, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestNote(t *testing.T) {
	c, err := New(write(t, "mos.yml", `author: someone
version: 1.0
libs_version: ${mos.version}
filesystem:
  - fs
config_schema:
  - ["http.enable", true]
  - ["http.listen_addr", ":8443"]
  - ["http.ssl_cert", "s", "server.crt", {title: "Certificate"}]
  - [http.hidden_files, "*.key"]
  - ["wifi.ap.channel", 0x0b]
  - ["lamp", "o", {title: "Lamp"}]
  - ["lamp.pin", "i", 13, {title: "Pin"}]
`))
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Text("http.listen_addr")) != ":8443" || c.Int("wifi.ap.channel") != 11 || c.Int("lamp.pin") != 13 {
		t.Error("not applied")
	}
	values := write(t, "values.json", "{\n \"http\": {\n  \"listen_addr\": \"127.0.0.1:0\"\n },\n \"lamp\": {\"pin\": 5}\n}\n")
	if err := Apply(c, values); err != nil {
		t.Fatal(err)
	}
	if string(c.Text("http.listen_addr")) != "127.0.0.1:0" || c.Int("lamp.pin") != 5 {
		t.Error("values not applied")
	}
	if c, err := New(""); err != nil || !c.Bool("http.enable") {
		t.Error("no file, no configuration", err)
	}
}

func TestFirmwareSchema(t *testing.T) {
	c, err := New("../mos.yml")
	if err != nil {
		t.Fatal(err)
	}
	if !c.Bool("http.enable") || string(c.Text("http.listen_addr")) != ":8443" {
		t.Error("not the note's configuration")
	}
	var w devjson.Writer
	w.Reset(make([]byte, 4096))
	c.Emit(&w, nil)
	if pass := c.Text("wifi.ap.pass"); len(pass) == 0 || strings.Contains(string(w.Bytes()), string(pass)) {
		t.Errorf("the password is shown: %s", w.Bytes())
	}
}

func TestFaultySchemas(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nconfig_schema: []\n":                                                 "1: a: unknown key",
		"author: x\nconfig_shema:\n  - [\"http.enable\", true]\n":                   "2: config_shema: unknown key; did you mean config_schema?",
		"config_schema:\n  - [\"http.enable\", true]\n  - [\"http.lisen_addr\", 1]": "3: http.lisen_addr: unknown key; did you mean http.listen_addr?",
		"config_schema:\n  - [\"http.enable\", \"yes\"]":                            "2: http.enable: wrong type; use true or false",
		"config_schema:\n  - [\"http.enable\", yes]":                                "2: http.enable: wrong type; use true or false",
		"config_schema:\n\n  - [\"http.listen_addr\", 8443]":                        "3: http.listen_addr: wrong type; use a text in quotes",
		"config_schema:\n  - [\"x.y\", \"i\", 1.5, {title: X}]":                     "2: x.y: wrong type; use a whole number",
		"config_schema:\n  - [\"x.y\", \"q\", 1, {title: X}]":                       `2: x.y: wrong type; use "b" for true and false, "i" for whole numbers, "s" for texts, "o" for a group`,
		"config_schema:\n  - \"http.enable\"":                                       "2: a schema line is [key, default] or [key, type, default, {title: ...}]",
		"config_schema: 5":                                                          `1: config_schema: a list of lines like - ["http.enable", true] is expected`,
		"config_schema:\n  - [\"x\", \"i\", .inf, {title: X}]":                      "2: .inf is not a number that JSON has",
		"config_schema:\n  - [\"x\", \"s\", 2001-01-01, {title: X}]":                "2: 2001-01-01: put it in quotes to make it a text (YAML takes it for a !!timestamp)",
		"config_schema:\n  - &a [\"http.enable\", true]\n  - *a\n":                  "3: anchors and aliases are not understood here",
		"config_schema:\n  - [\"x\", \"i\", 1, {title: X, title: Y}]":               "2: title: the key appears twice",
		"config_schema:\n  - [\"x\", \"i\", 1, {1: X}]":                             "2: a key must be a text",
		"- 1": "1: a mos.yml is a mapping of keys to values",
		"":    " the file is empty",
	} {
		file := write(t, "mos.yml", text)
		_, err := New(file)
		var e *Error
		if !errors.As(err, &e) || strings.TrimPrefix(err.Error(), file+":") != want {
			t.Errorf("%q:\n got %v\nwant %s:%s", text, err, file, want)
		}
	}
	if _, err := New(write(t, "mos.yml", "a: [")); err == nil {
		t.Error("broken YAML passes")
	}
	if _, err := New("testdata/none.yml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestFaultyValues(t *testing.T) {
	for text, want := range map[string]string{
		"{\n \"http\": {\n  \"enable\": 1\n }\n}":        "3: http.enable: wrong type; use true or false",
		"{\n \"http\": {\n  \"enabel\": true\n }\n}":     "3: http.enabel: unknown key; did you mean http.enable?",
		"wifi:\n  ap:\n    ip: 1.2.3.4\n    channel: 99": "4: wifi.ap.channel: not a valid value; use 1 to 13",
		"wifi: 5": "1: wifi: is a group of keys, not a value; use an object",
		"http:\n  enable: true\nhttp:\n  enable: false": "3: http: the key appears twice",
		"[]": `1: not a JSON object; use an object like {"http": {"enable": true}}`,
	} {
		c, err := New("")
		if err != nil {
			t.Fatal(err)
		}
		file := write(t, "values.json", text)
		if err := Apply(c, file); err == nil || strings.TrimPrefix(err.Error(), file+":") != want {
			t.Errorf("%q:\n got %v\nwant %s:%s", text, err, file, want)
		}
	}
}
