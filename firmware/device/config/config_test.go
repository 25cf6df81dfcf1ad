package config

import (
	"encoding/json"
	"strings"
	"testing"

	"colibri/firmware/device/fs"
	ourjson "colibri/firmware/device/json"
)

func must(t testing.TB, lines string) *Config {
	t.Helper()
	c, f := New([]byte(lines))
	if !f.OK() {
		t.Fatal(f.Error())
	}
	return c
}

func set(c *Config, text string) Fault {
	v, _, err := ourjson.Parse([]byte(text))
	if err != nil {
		return Fault{Err: ErrJSON}
	}
	return c.Set(v)
}

func emit(t testing.TB, c *Config, key string) string {
	t.Helper()
	var w ourjson.Writer
	w.Reset(make([]byte, 4096))
	if !c.Emit(&w, []byte(key)) {
		return "absent"
	}
	return string(w.Bytes())
}

// TestNote has the lines of the application note, with a key of an application's own.
func TestNote(t *testing.T) {
	c := must(t, `[
		["http.enable", true],
		["http.listen_addr", ":8443"],
		["http.ssl_cert", "server.crt"],
		["http.ssl_key", "s", "server.key", {"title": "Key"}],
		["http.ssl_ca_cert", "ca.crt"],
		["wifi.ap.pass", "correct horse"],
		["lamp", "o", {"title": "The lamp"}],
		["lamp.pin", "i", 13, {"title": "Pin"}],
		["lamp.name", "s", {"title": "Name"}],
		["lamp.token", "s", "hush", {"secret": true}]
	]`)
	if !c.Bool("http.enable") || string(c.Text("http.listen_addr")) != ":8443" || c.Int("lamp.pin") != 13 {
		t.Error("lines have no effect")
	}
	if got := emit(t, c, "lamp"); got != `{"name":"","pin":13,"token":"********"}` {
		t.Errorf("lamp is %s", got)
	}
	want := `{"http":{"document_root":"/","enable":true,"extra_headers":"","hidden_files":"","index_files":"index.html",` +
		`"listen_addr":":8443","ssl_ca_cert":"ca.crt","ssl_cert":"server.crt","ssl_key":"server.key"},` +
		`"lamp":{"name":"","pin":13,"token":"********"},` +
		`"sntp":{"server":"","update_interval":7200},` +
		`"wifi":{"ap":{"channel":6,"gw":"192.168.4.1","ip":"192.168.4.1","netmask":"255.255.255.0","pass":"********","ssid":"colibri"}}}`
	if got := emit(t, c, ""); got != want {
		t.Errorf("all:\n got %s\nwant %s", got, want)
	}
	for key, want := range map[string]string{
		"wifi.ap.channel": "6", "wifi.ap.pass": `"********"`, "http.enable": "true", "htt": "absent", "http.": "absent",
		"wifi.ap": want[strings.Index(want, `{"channel"`) : len(want)-2], "http.enable.x": "absent",
	} {
		if got := emit(t, c, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	// The names the firmware asks by are all there, with their kinds.
	if c.Text("nothing") != nil || c.Int("http.enable") != 0 || c.Bool("lamp.pin") {
		t.Error("a key of another kind answers")
	}
}

func TestFaultyLines(t *testing.T) {
	for _, c := range []struct {
		lines string
		err   Error
		text  string
	}{
		{`{}`, ErrJSON, "not a JSON object; use an array of schema lines"},
		{`[`, ErrJSON, "not a JSON object; use an array of schema lines"},
		{`[["http.lisen_addr", "80"]]`, ErrUnknownKey, "http.lisen_addr: unknown key; did you mean http.listen_addr?"},
		{`[["zzz", "80"]]`, ErrUnknownKey, "zzz: unknown key; Config.Get without arguments shows all keys"},
		{`[["http.enable", "yes"]]`, ErrType, "http.enable: wrong type; use true or false"},
		{`[["http.enable", "i", 1]]`, ErrKind, "http.enable: wrong type; keep the type that the firmware gives this key"},
		{`[["wifi.ap.channel", 6.5]]`, ErrType, "wifi.ap.channel: wrong type; use a whole number"},
		{`[["wifi.ap.channel", 14]]`, ErrRule, "wifi.ap.channel: not a valid value; use 1 to 13"},
		{`[["wifi.ap.pass", "********"]]`, ErrRule, ""},
		{`[["sntp.server", "time.example"]]`, ErrRule, "sntp.server: not a valid value; use a dotted address, with or without a port, like 192.168.4.2:123"},
		{`[["sntp.server", "192.168.4.2:0"]]`, ErrRule, ""},
		{`[["sntp.server", ":123"]]`, ErrRule, ""},
		{`[["sntp.update_interval", 14]]`, ErrRule, "sntp.update_interval: not a valid value; use 15 to 131072 seconds"},
		{`[["wifi.ap.ip", 1]]`, ErrType, "wifi.ap.ip: wrong type; use a text in quotes"},
		{`[["x", "f", 1.5, {}]]`, ErrKind, ""}, {`[["x", "ii", 1, {}]]`, ErrKind, ""}, {`[["x", 1, 1]]`, ErrKind, ""},
		{`[["x"]]`, ErrLine, ""}, {`[[]]`, ErrLine, ""}, {`[1]`, ErrLine, ""}, {`[["x","i",1,{},{}]]`, ErrLine, ""},
		{`[["x","i",1,2]]`, ErrLine, ""}, {`[["x","o",1]]`, ErrLine, ""}, {`[["http.enable","o",{}]]`, ErrKind, ""},
		{`[["x","i",1,{"tilte":"X"}]]`, ErrLine, ""}, {`[["x","i",1,{"secret":1}]]`, ErrLine, ""},
		{`[["http","i",1,{}]]`, ErrKind, ""}, {`[["http.enable.x","i",1,{}]]`, ErrKind, ""},
		{`[["a..b","i",1]]`, ErrKey, ""}, {`[["a b","i",1]]`, ErrKey, ""}, {`[[".a","i",1]]`, ErrKey, ""}, {`[[1,"i",1]]`, ErrKey, ""},
	} {
		_, f := New([]byte(c.lines))
		if f.Err != c.err || c.text != "" && f.Error() != c.text {
			t.Errorf("%s: %s, want %v %q", c.lines, f.Error(), c.err, c.text)
		}
	}
	_, f := New([]byte(`[["http.enable", true], ["http.enable", 1]]`))
	if f.Line != 1 {
		t.Errorf("fault in line %d, want 1", f.Line)
	}
	var b strings.Builder
	for i := range MaxKeys {
		b.WriteString(`,["k` + string(rune('a'+i/26)) + string(rune('a'+i%26)) + `","i",1]`)
	}
	if _, f := New([]byte("[" + b.String()[1:] + "]")); f.Err != ErrFull {
		t.Errorf("too many keys: %s", f.Error())
	}
}

func TestSetIsAllOrNothing(t *testing.T) {
	c := must(t, `[]`)
	before := emit(t, c, "")
	for _, s := range []struct {
		text string
		err  Error
	}{
		{`{"http":{"enable":false,"listen_adr":"1"}}`, ErrUnknownKey}, {`{"http":{"enable":false},"wifi":{"ap":{"channel":0}}}`, ErrRule},
		{`{"http":{"enable":false},"wlan":{}}`, ErrUnknownKey}, {`{"http":{"enable":false},"wifi":1}`, ErrGroup},
		{`{"http":{"enable":{"x":1}}}`, ErrType}, {`{"http.enable":false}`, ErrUnknownKey}, {`{"wifi":{"ap.channel":3}}`, ErrUnknownKey}, {`[]`, ErrJSON},
		{`{"http":{"enable":false,"listen_addr":"` + strings.Repeat("8", MaxText+1) + `"}}`, ErrLong},
		{`{"` + strings.Repeat("k", 100) + `":1}`, ErrUnknownKey}, {`{"":1}`, ErrUnknownKey}, {`{"http":{"":1}}`, ErrUnknownKey},
		{`{"http":{"extra_headers":"X: 1\r\nContent-Length: 5"}}`, ErrRule},
	} {
		if f := set(c, s.text); f.Err != s.err {
			t.Errorf("%s: %s, want %v", s.text, f.Error(), s.err)
		}
		if emit(t, c, "") != before {
			t.Fatalf("%s has changed something", s.text)
		}
	}
	changes := c.Changes()
	if f := set(c, `{"http":{"enable":false},"wifi":{"ap":{"channel":11,"pass":"12345678"}}}`); !f.OK() {
		t.Fatal(f.Error())
	}
	if c.Bool("http.enable") || c.Int("wifi.ap.channel") != 11 || string(c.Text("wifi.ap.pass")) != "12345678" || c.Changes() == changes {
		t.Error("not set")
	}
	if f := set(c, `{"wifi":{"ap":{"pass":"********"}}}`); !f.OK() || string(c.Text("wifi.ap.pass")) != "12345678" {
		t.Error("the mask was taken for a password")
	}
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule      rule
		good, bad []string
	}{
		{ruleNone, []string{"", "ä", "x y"}, []string{"\x00", "a\nb", "\x7f"}},
		{ruleListen, []string{"80", ":8443", "0.0.0.0:80", "[::1]:443", "host-1.local:1", ":0", "[fe80::1]:65535"},
			[]string{"", ":", "x", ":65536", ":-1", "a:b:1", "[::1]", "[]:80", "[x]:80", "::1:80", ":8443 ", ":999999"}},
		{ruleDir, []string{"/", "", "www", "/www/", "a/b"}, []string{"..", "/../x", "a//b", "a\\b"}},
		{ruleFile, []string{"", "server.crt", "/certs/server.crt"}, []string{"../x", "dir/", "/"}},
		{ruleNames, []string{"", "index.html", "index.html, index.htm"}, []string{"a/b", "..", strings.Repeat("a,", 17)}},
		{rulePatterns, []string{"", "*.key", "secret?.txt,conf*", "certs/*"}, []string{"../*", "a\\*"}},
		{ruleHeaders, []string{"", "A: b", "A: b\r\n", "A: b\r\nC:d", "Strict-Transport-Security: max-age=1"},
			[]string{"A", ":b", "A b: c", "A: b\nC: d", "A: b\r", "A: b\rC: d", "A: b\r\n\r\n", "content-LENGTH: 5", "A: \x01",
				"Connection: close", "A: ä"}},
		{ruleSSID, []string{"x", strings.Repeat("x", 32)}, []string{"", strings.Repeat("x", 33)}},
		{rulePass, []string{"", "12345678", strings.Repeat("x", 63)}, []string{"1234567", strings.Repeat("x", 64), "12345678ä"}},
		{ruleIPv4, []string{"192.168.4.1", "0.0.0.0", "255.255.255.255"}, []string{"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1..2.3",
			"1.2.3.", "1.2.3.x"}},
	} {
		for _, s := range c.good {
			if !c.rule.allowsText([]byte(s)) {
				t.Errorf("rule %d refuses %q", c.rule, s)
			}
		}
		for _, s := range c.bad {
			if c.rule.allowsText([]byte(s)) {
				t.Errorf("rule %d allows %q", c.rule, s)
			}
		}
		if remedies[c.rule] == "" {
			t.Errorf("rule %d has no remedy", c.rule)
		}
	}
}

func TestBuiltinDefaultsObeyTheirRules(t *testing.T) {
	for _, d := range builtin {
		if d.kind == Text && !d.rule.allowsText([]byte(d.text)) || d.kind == Int && !d.rule.allowsInt(d.num) || !validKey([]byte(d.key)) {
			t.Errorf("%s: default %q, %d", d.key, d.text, d.num)
		}
	}
}

func TestOverlay(t *testing.T) {
	files, scratch := fs.NewMem(4, 4096), make([]byte, 2048)
	const lines = `[["http.listen_addr", ":8443"], ["lamp.pin", "i", 13, {}]]`
	c := must(t, lines)
	if f := set(c, `{"http":{"listen_addr":":1"},"wifi":{"ap":{"pass":"12345678","channel":3}},"lamp":{"pin":13}}`); !f.OK() {
		t.Fatal(f.Error())
	}
	if err := c.Save(files, scratch); err != nil {
		t.Fatal(err)
	}
	f, info, err := files.Open([]byte(OverlayFile))
	if err != nil {
		t.Fatal(err)
	}
	text := make([]byte, info.Size)
	files.ReadAt(f, text, 0)
	if got := string(text); got != `{"http":{"listen_addr":":1"},"wifi":{"ap":{"channel":3,"pass":"12345678"}}}` {
		t.Errorf("saved %s", got)
	}
	if !json.Valid(text) {
		t.Error("encoding/json does not read it")
	}
	again := must(t, lines)
	if fault, err := again.Load(files, scratch); !fault.OK() || err != nil {
		t.Fatal(fault.Error(), err)
	}
	if emit(t, again, "") != emit(t, c, "") || string(again.Text("wifi.ap.pass")) != "12345678" {
		t.Error("loading does not bring back what was saved")
	}
	if err := c.Save(files, scratch[:10]); err != fs.ErrNoSpace {
		t.Errorf("Save through too little memory: %v", err)
	}
	if fault, err := again.Load(files, scratch[:10]); err != fs.ErrNoSpace {
		t.Errorf("Load through too little memory: %s, %v", fault.Error(), err)
	}
	files.Write([]byte(OverlayFile), []byte(`{"http":{"ssl_ca_cret":"x"}}`), false)
	if fault, _ := again.Load(files, scratch); fault.Err != ErrUnknownKey || fault.Near != "http.ssl_ca_cert" {
		t.Errorf("Load of an unknown key: %s", fault.Error())
	}
	files.Write([]byte(OverlayFile), []byte(`{`), false)
	if fault, _ := again.Load(files, scratch); fault.Err != ErrJSON {
		t.Errorf("Load of half a file: %s", fault.Error())
	}
	files.Remove([]byte(OverlayFile))
	if fault, err := again.Load(files, scratch); !fault.OK() || err != nil {
		t.Errorf("Load without a file: %s, %v", fault.Error(), err)
	}
}

func TestFreeze(t *testing.T) {
	files, scratch := fs.NewMem(4, 4096), make([]byte, 2048)
	c := must(t, `[]`)
	set(c, `{"http":{"listen_addr":":1"}}`)
	c.Freeze()
	set(c, `{"wifi":{"ap":{"channel":3}}}`)
	if err := c.Save(files, scratch); err != nil {
		t.Fatal(err)
	}
	if f, err := c.Load(files, scratch); !f.OK() || err != nil {
		t.Fatal(f.Error(), err)
	}
	if got := string(scratch[:33]); got != `{"wifi":{"ap":{"channel":3}}}`+got[29:] {
		t.Errorf("saved %s", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"abc", "abc", 0}, {"lisen", "listen", 1}, {"cret", "cert", 1}, {"kitten", "sitting", 3}} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	c := must(t, `[]`)
	var w ourjson.Writer
	buf := make([]byte, 2048)
	good, _, _ := ourjson.Parse([]byte(`{"wifi":{"ap":{"channel":11,"pass":"12345678"}}}`))
	bad, _, _ := ourjson.Parse([]byte(`{"` + strings.Repeat("k", 40) + `":1}`))
	key := []byte("wifi.ap")
	if n := testing.AllocsPerRun(100, func() {
		if f := c.Set(good); !f.OK() {
			t.Fatal(f.Error())
		}
		f := c.Set(bad)
		f.Text(buf)
		w.Reset(buf)
		c.Emit(&w, key)
		if !c.Bool("http.enable") {
			t.Fatal("off")
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// FuzzSet: whatever is set, secrets do not leave, the output is JSON, and it can be set again without
// changing anything.
func FuzzSet(f *testing.F) {
	f.Add([]byte(`{"http":{"enable":false},"wifi":{"ap":{"pass":"hunter2hunter2","ssid":"x"}}}`))
	f.Add([]byte(`{"http":{"extra_headers":"A: b\r\nC: d"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := must(t, `[["a.b.c","s","",{}],["a.b.d","i",1,{}]]`)
		v, _, err := ourjson.Parse(text)
		if err != nil {
			t.Skip(err)
		}
		before := emit(t, c, "")
		fault := c.Set(v)
		all := emit(t, c, "")
		if !fault.OK() && all != before {
			t.Fatalf("%q fails and changes", text)
		}
		if !json.Valid([]byte(all)) {
			t.Fatalf("%q gives %s", text, all)
		}
		if pass := string(c.Text("wifi.ap.pass")); len(pass) > 0 && pass != Mask && !strings.Contains(all, `"pass":"`+Mask+`"`) {
			t.Fatalf("%q shows the password in %s", text, all)
		}
		if f := set(c, all); !f.OK() || emit(t, c, "") != all {
			t.Fatalf("%s cannot be set again: %s", all, f.Error())
		}
	})
}
