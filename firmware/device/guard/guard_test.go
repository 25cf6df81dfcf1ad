package guard

import (
	"testing"

	"colibri/firmware/device/config"
	"colibri/firmware/device/json"
)

func TestGuard(t *testing.T) {
	c, f := config.New([]byte(`[["http.ssl_cert","/server.crt"],["http.ssl_key","certs/secret.bin"],["http.ssl_ca_cert","ca.crt"],
		["http.hidden_files","*.txt, private/*"]]`))
	if !f.OK() {
		t.Fatal(f.Error())
	}
	g := New(c)
	check := func(name string, read, write, serve bool) {
		t.Helper()
		n := []byte(name)
		if g.MayRead(n) != read || g.MayWrite(n) != write || g.MayServe(n) != serve {
			t.Errorf("%s: read %v, write %v, serve %v; want %v, %v, %v", name, g.MayRead(n), g.MayWrite(n), g.MayServe(n), read, write, serve)
		}
	}
	check("index.html", true, true, true)
	check("a/b.css", true, true, true)
	check("certs/secret.bin", false, false, false)
	check("CERTS/Secret.BIN", false, false, false)
	check("secret.bin", true, true, true)
	for _, name := range []string{"server.key", "x/Client.KEY", "privkey.pem", "client.p12", "id_rsa", "conf9.json", "conf0.json",
		"sub/conf9.json", "mos.yml", "mos.json"} {
		check(name, false, false, false)
	}
	check("server.crt", true, false, true)
	check("ca.crt", true, false, true)
	check(".htpasswd", true, true, false)
	check("a/.b/c", true, true, false)
	check("notes.txt", true, true, false)
	check("a/notes.TXT", true, true, false)
	check("private/x", true, true, false)

	v, _, _ := json.Parse([]byte(`{"http":{"ssl_key":"other.bin"}}`))
	if f := c.Set(v); !f.OK() {
		t.Fatal(f.Error())
	}
	check("other.bin", false, false, false)
	check("certs/secret.bin", false, false, false) // still the key in use
}

func TestHoldsKey(t *testing.T) {
	for text, want := range map[string]bool{
		"-----BEGIN PRIVATE KEY-----\nMIG": true, "-----BEGIN RSA PRIVATE KEY-----": true,
		"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n-----BEGIN EC PRIVATE KEY-----\n": true,
		"-----BEGIN ENCRYPTED PRIVATE KEY-----": true, "-----BEGIN CERTIFICATE-----": false, "": false, "PRIVATE KEY": false,
	} {
		if HoldsKey([]byte(text)) != want {
			t.Errorf("HoldsKey(%q) = %v", text, !want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	c, _ := config.New([]byte(`[["http.hidden_files","*.txt"]]`))
	g, name := New(c), []byte("a/index.html")
	if n := testing.AllocsPerRun(100, func() { g.MayServe(name); g.MayWrite(name) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
