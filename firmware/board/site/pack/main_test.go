package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"colibri/firmware/board/site"
)

const schema = "../../../mos.yml"

func TestPack(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"www/index.html": "hello", "www/img/a.svg": "<svg/>", "ca.crt": "a CA"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	www, ca := filepath.Join(dir, "www"), filepath.Join(dir, "ca.crt")
	image, err := pack(schema, []string{"http.ssl_ca_cert=ca.crt"}, []string{www, ca})
	if err != nil {
		t.Fatal(err)
	}
	r, lines, ok := site.Read(string(image))
	if !ok || !strings.HasSuffix(lines, `["http.ssl_ca_cert","ca.crt"]]`) {
		t.Errorf("schema %s", lines)
	}
	got := map[string]string{}
	for {
		name, content, ok := r.Next()
		if !ok {
			break
		}
		got[name] = content
	}
	if len(got) != 3 || got["index.html"] != "hello" || got["img/a.svg"] != "<svg/>" || got["ca.crt"] != "a CA" {
		t.Errorf("files %q", got)
	}
	for what, c := range map[string]struct{ defaults, sources []string }{
		"unknown key":  {[]string{"http.ssl=x"}, nil},
		"no value":     {[]string{"http.ssl_ca_cert"}, nil},
		"absent":       {nil, []string{filepath.Join(dir, "absent")}},
		"twice a name": {nil, []string{www, ca, ca}},
	} {
		if _, err := pack(schema, c.defaults, c.sources); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
