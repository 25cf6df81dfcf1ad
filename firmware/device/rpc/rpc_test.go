package rpc

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/guard"
	"colibri/firmware/device/httpd"
	"colibri/firmware/device/log"
)

// kit is a service behind a server, over files in memory.
type kit struct {
	*Service
	server *httpd.Server
	files  *fs.Mem
	log    []string
	// of the next connection
	trusted bool
}

func (k *kit) Line(_ log.Level, line []byte) { k.log = append(k.log, string(line)) }

func newKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{files: fs.NewMem(40, 1<<16), trusted: true}
	for _, f := range [][2]string{
		{"www/index.html", "<h1>"}, {"www/big", strings.Repeat("0123456789", 1000)}, {"www/.hidden", "h"}, {"notes", "n"},
		{"server.key", "KEY"}, {"server.crt", "CERT"}, {"ca.crt", "CA"}, {"conf9.json", `{"wifi":{"ap":{"pass":"hunter2hunter2"}}}`},
		{"pem", "-----BEGIN RSA PRIVATE KEY-----"}, {"www/empty", ""},
	} {
		if err := k.files.Write([]byte(f[0]), []byte(f[1]), false); err != nil {
			t.Fatal(err)
		}
	}
	c, f := config.New([]byte(`[["http.document_root","www"],["http.ssl_key","server.key"],["http.ssl_cert","server.crt"],
		["http.ssl_ca_cert","ca.crt"],["wifi.ap.pass","hunter2hunter2"]]`))
	if !f.OK() {
		t.Fatal(f.Error())
	}
	logger := &log.Logger{}
	logger.Init(k, log.Info)
	g := guard.New(c)
	k.Service = New(Settings{Files: k.files, Config: c, Guard: g, Log: logger,
		Info:    Info{ID: "colibri_1", App: "test", Version: "1.0", Arch: "go", RAM: func() (int64, int64, int64) { return 3, 2, 1 }},
		Methods: []Method{{Name: "Lamp.On", Args: "{pin: %d}", Serve: func(c *Call) { c.Out.Raw(c.Args.Get("pin")) }}},
		Quota:   Quota{File: 12_000, Total: 30_000, Entries: 12}})
	k.server = httpd.New(httpd.Settings{Files: k.files, Config: c, Guard: g, Log: logger, MaxReply: 2048,
		Routes: []httpd.Route{{Prefix: "rpc", Handler: k.Service, Allow: httpd.Set(httpd.Get, httpd.Post)}}})
	k.server.SetTime(5000, 0)
	return k
}

type stream struct{ in, out, window []byte }

func (s *stream) ReadWindow() []byte  { return s.in }
func (s *stream) Consumed(n int)      { s.in = s.in[n:] }
func (s *stream) WriteWindow() []byte { return s.window }
func (s *stream) Written(n int)       { s.out = append(s.out, s.window[:n]...) }
func (s *stream) Flush()              {}

// do sends a request and returns the status and the body.
func (k *kit) do(t testing.TB, method, path, body string, fields ...string) (int, string) {
	t.Helper()
	request := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n", method, path, len(body))
	for _, f := range fields {
		request += f + "\r\n"
	}
	s := &stream{in: []byte(request + "\r\n" + body), window: make([]byte, 4096)}
	var c httpd.Conn
	c.Session.AddrLen = copy(c.Session.Addr[:], "192.168.4.2:5000")
	c.Session.Secure = true
	c.Session.Version, c.Session.Suite, c.Session.Group = "TLSv1.3", "TLS_AES_128_GCM_SHA256", "x25519"
	c.Session.Peer.Verified = k.trusted
	c.Open(k.server)
	for c.Step(k.server, s, true) {
	}
	r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(s.out)), nil)
	if err != nil {
		t.Fatalf("%s %s: %q: %v", method, path, s.out, err)
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	byServer := strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") // before the call reached the service
	if byServer != (r.StatusCode >= 400 && !bytes.HasPrefix(b, []byte("{"))) ||
		!byServer && (r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Cache-Control") != "no-store" || !json.Valid(b)) {
		t.Fatalf("%s %s: %q", method, path, s.out)
	}
	return r.StatusCode, strings.TrimSuffix(string(b), "\r\n")
}

func TestMethods(t *testing.T) {
	k := newKit(t)
	const names = `["Lamp.On","RPC.List","RPC.Describe","RPC.Ping","Sys.GetInfo","Sys.Reboot","TLS.Info","FS.List","FS.ListExt",` +
		`"FS.Get","FS.Put","FS.Remove","FS.Rename","Config.Get","Config.Set","Config.Save"]`
	for _, c := range []struct {
		method, path, args string
		status             int
		want               string
	}{
		{"GET", "/rpc/RPC.List", "", 200, names}, {"POST", "/rpc/RPC.List", "", 200, names}, {"POST", "/rpc/RPC.List", " {} ", 200, names},
		{"POST", "/rpc/RPC.List", "null", 200, names},
		{"GET", "/rpc/RPC.Describe?name=FS.Get", "", 200, `{"name":"FS.Get","args_fmt":"{filename: %Q, offset: %d, len: %d}"}`},
		{"POST", "/rpc/RPC.Describe", `{"name":"None"}`, 404, `{"code":404,"message":"no such method; RPC.List shows all"}`},
		{"GET", "/rpc/RPC.Ping", "", 200, `{"channel_info":"HTTPS 192.168.4.2:5000"}`},
		{"GET", "/rpc/Sys.GetInfo", "", 200, `{"id":"colibri_1","app":"test","fw_version":"1.0","fw_id":"","mac":"","arch":"go","uptime":5,` +
			`"ram_size":3,"ram_free":2,"ram_min_free":1,"fs_size":65536,"fs_free":55449}`},
		{"GET", "/rpc/TLS.Info", "", 200, `{"secure":true,"version":"TLSv1.3","suite":"TLS_AES_128_GCM_SHA256","group":"x25519","alpn":"",` +
			`"resumed":false,"client":{"subject":"","names":"","sha256":"` + strings.Repeat("0", 64) + `"}}`},
		{"POST", "/rpc/Lamp.On", `{"pin":[1,{"a":2}]}`, 200, `[1,{"a":2}]`},
		{"GET", "/rpc/Nothing", "", 404, `{"code":404,"message":"no such method; RPC.List shows all"}`},
		{"GET", "/rpc/rpc.list", "", 404, `{"code":404,"message":"no such method; RPC.List shows all"}`},
		{"GET", "/rpc/" + strings.Repeat("x", 80), "", 404, `{"code":404,"message":"no such method; RPC.List shows all"}`},
		{"POST", "/rpc/RPC.List", "[]", 500, `{"code":400,"message":"arguments are an object"}`},
		{"POST", "/rpc/RPC.List", `{"x":1}`, 500, `{"code":400,"message":"unknown argument \"x\"; arguments are "}`},
		{"POST", "/rpc/FS.Put", `{"filename":"x","data":"","apend":true}`, 500,
			`{"code":400,"message":"unknown argument \"apend\"; arguments are {filename: %Q, data: %V, append: %B}"}`},
		{"POST", "/rpc/RPC.List", `{`, 500, `{"code":400,"message":"arguments: JSON ends too early"}`},
		{"GET", "/rpc/RPC.List?a=%zz", "", 500, `{"code":400,"message":"arguments: not valid JSON"}`},
		{"GET", "/rpc/RPC.Describe?name=RPC.List&name=x", "", 500, `{"code":400,"message":"arguments: JSON object names a member twice"}`},
	} {
		if status, got := k.do(t, c.method, c.path, c.args); status != c.status || got != c.want {
			t.Errorf("%s %s %s: %d %s\nwant %d %s", c.method, c.path, c.args, status, got, c.status, c.want)
		}
	}
	k.trusted = false
	if _, got := k.do(t, "GET", "/rpc/TLS.Info", ""); !strings.HasSuffix(got, `"client":null}`) {
		t.Errorf("TLS.Info without a client certificate: %s", got)
	}
}

func TestFrames(t *testing.T) {
	k := newKit(t)
	const invalid = `{"code":400,"message":"a frame is {\"id\": 1, \"method\": \"Some.Method\", \"args\": {...}}"}`
	for _, c := range []struct {
		frame  string
		status int
		want   string
	}{
		{`{"id":1,"method":"Lamp.On","args":{"pin":13}}`, 200, `{"id":1,"src":"colibri_1","result":13}`},
		{`{"method":"Lamp.On","args":{"pin":"x"}}`, 200, `{"src":"colibri_1","result":"x"}`},
		{`{"id":"a\u0041","src":"joe","tag":"t","method":"Lamp.On","args":{"pin":null}}`, 200,
			`{"id":"a\u0041","dst":"joe","tag":"t","src":"colibri_1","result":null}`},
		{`{"id":2,"method":"No.Such"}`, 200, `{"id":2,"src":"colibri_1","error":{"code":404,"message":"no such method; RPC.List shows all"}}`},
		{`{"id":3,"method":"FS.Get","args":{"filename":"server.key"}}`, 200, `{"id":3,"src":"colibri_1","error":{"code":403,"message":"this file is protected"}}`},
		{`{"id":4,"method":"FS.Get","args":[]}`, 200, `{"id":4,"src":"colibri_1","error":{"code":400,"message":"arguments are an object"}}`},
		{`{"id":5,"method":"FS.Remove","args":{"filename":"notes"}}`, 200, `{"id":5,"src":"colibri_1","result":null}`},
		{`{"id":[1],"method":"RPC.Ping"}`, 400, `{"code":400,"message":"id is a number or a text, src and tag are texts, of at most 64 bytes"}`},
		{`{"id":1,"src":7,"method":"RPC.Ping"}`, 400, `{"code":400,"message":"id is a number or a text, src and tag are texts, of at most 64 bytes"}`},
		{`{"id":"` + strings.Repeat("x", 63) + `","method":"RPC.Ping"}`, 400,
			`{"code":400,"message":"id is a number or a text, src and tag are texts, of at most 64 bytes"}`},
		{`{}`, 400, invalid}, {`[]`, 400, invalid}, {`{"method":1}`, 400, invalid}, {`{"id":1}`, 400, invalid},
		{``, 400, `{"code":400,"message":"frame: JSON ends too early"}`}, {`{"id":1,"id":2}`, 400, `{"code":400,"message":"frame: JSON object names a member twice"}`},
	} {
		for _, path := range []string{"/rpc", "/rpc/"} {
			if c.frame[max(len(c.frame)-9, 0):] == `"notes"}}` && path == "/rpc/" {
				continue // can be removed once only
			}
			if status, got := k.do(t, "POST", path, c.frame); status != c.status || got != c.want {
				t.Errorf("%s: %d %s\nwant %d %s", c.frame, status, got, c.status, c.want)
			}
		}
	}
	if status, _ := k.do(t, "GET", "/rpc", ""); status != 405 {
		t.Errorf("GET /rpc: %d", status)
	}
}

func TestFiles(t *testing.T) {
	k := newKit(t)
	call := func(method, args string, code int64, want string) {
		t.Helper()
		_, got := k.do(t, "POST", "/rpc/"+method, args)
		if code != 0 {
			want = fmt.Sprintf(`{"code":%d,"message":%q}`, code, want)
		}
		if got != want {
			t.Errorf("%s %s: %s\nwant %s", method, args, got, want)
		}
	}
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	call("FS.List", ``, 0, `["www/","notes","server.key","server.crt","ca.crt","conf9.json","pem"]`)
	call("FS.List", `{"path":"/"}`, 0, `["www/","notes","server.key","server.crt","ca.crt","conf9.json","pem"]`)
	call("FS.ListExt", `{"path":"/www"}`, 0, `[{"name":"index.html","size":4},{"name":"big","size":10000},{"name":".hidden","size":1},{"name":"empty","size":0}]`)
	call("FS.List", `{"path":"nowhere"}`, 404, "fs: no such file")
	call("FS.List", `{"path":"../www"}`, 400, "path is the name of a directory")
	call("FS.List", `{"path":1}`, 400, "path is the name of a directory")
	call("FS.Get", `{"filename":"/www/index.html"}`, 0, `{"data":"PGgxPg==","left":0}`)
	call("FS.Get", `{"filename":"www/index.html","offset":1,"len":2}`, 0, `{"data":"aDE=","left":1}`)
	call("FS.Get", `{"filename":"www/index.html","offset":100}`, 0, `{"data":"","left":0}`)
	call("FS.Get", `{"filename":"www/index.html","len":0}`, 0, `{"data":"","left":4}`)
	call("FS.Get", `{"filename":"www/empty","len":-1}`, 0, `{"data":"","left":0}`)
	call("FS.Get", `{"filename":"www/index.html","offset":-1}`, 400, "offset is a number from 0")
	call("FS.Get", `{"filename":"www/index.html","len":-2}`, 400, "len is a number from 0, or -1 for all")
	call("FS.Get", `{"filename":"nothing"}`, 404, "fs: no such file")
	call("FS.Get", `{"filename":"www"}`, 400, "fs: is a directory")
	for _, name := range []string{`""`, `"a/"`, `"../x"`, `"a\u0000"`, `7`, `null`, `"` + strings.Repeat("x", 99) + `"`} {
		call("FS.Get", `{"filename":`+name+`}`, 400, "filename is required, the name of a file")
	}
	call("FS.Get", `{}`, 400, "filename is required, the name of a file")
	for _, name := range []string{"server.key", "SERVER.KEY", "/server.key", "conf9.json", "pem", "x.p12"} {
		call("FS.Get", `{"filename":"`+name+`"}`, 403, "this file is protected")
	}
	call("FS.Get", `{"filename":"server.crt"}`, 0, `{"data":"`+b64("CERT")+`","left":0}`)
	for _, name := range []string{"server.key", "server.crt", "ca.crt", "CA.crt", "conf9.json", "new.key"} {
		call("FS.Put", `{"filename":"`+name+`","data":""}`, 403, "this file is protected")
		call("FS.Remove", `{"filename":"`+name+`"}`, 403, "this file is protected")
		call("FS.Rename", `{"src":"`+name+`","dst":"x"}`, 403, "this file is protected")
		call("FS.Rename", `{"src":"notes","dst":"`+name+`"}`, 403, "this file is protected")
	}
	call("FS.Put", `{"filename":"new/a.txt","data":"`+b64("hello")+`"}`, 0, "null")
	call("FS.Put", `{"filename":"new/a.txt","data":"`+b64(", world")+`","append":true}`, 0, "null")
	call("FS.Get", `{"filename":"new/a.txt"}`, 0, `{"data":"`+b64("hello, world")+`","left":0}`)
	call("FS.Rename", `{"src":"new/a.txt","dst":"new/b.txt"}`, 0, "null")
	call("FS.Rename", `{"src":"new/a.txt","dst":"new/c.txt"}`, 404, "fs: no such file")
	call("FS.Rename", `{"src":"new/b.txt"}`, 400, "dst is required, the name of a file")
	call("FS.Remove", `{"filename":"new/b.txt"}`, 0, "null")
	call("FS.Remove", `{"filename":"new/b.txt"}`, 404, "fs: no such file")
	call("FS.Put", `{"filename":"x"}`, 400, "data is required, in base64 with padding")
	call("FS.Put", `{"filename":"x","data":"a"}`, 400, "data is required, in base64 with padding")
	call("FS.Put", `{"filename":"x","data":"","append":1}`, 400, "append is true or false")
	call("FS.Put", `{"filename":"x","data":"`+b64("-----BEGIN PRIVATE KEY-----\n")+`"}`, 403,
		"a private key is not stored this way: it came over the network")
	call("FS.Put", `{"filename":"a/b/c/d","data":""}`, 507, "quota exceeded: directories too deep")
}

func TestBigFileInPieces(t *testing.T) {
	k := newKit(t)
	var content []byte
	for calls := 0; ; calls++ {
		_, got := k.do(t, "POST", "/rpc", fmt.Sprintf(`{"id":1,"method":"FS.Get","args":{"filename":"www/big","offset":%d}}`, len(content)))
		var frame struct {
			Result struct {
				Data []byte
				Left int
			}
		}
		if err := json.Unmarshal([]byte(got), &frame); err != nil || len(frame.Result.Data) == 0 || calls > 20 {
			t.Fatalf("%s: %v", got, err)
		}
		content = append(content, frame.Result.Data...)
		if frame.Result.Left != 10_000-len(content) {
			t.Fatalf("left %d after %d", frame.Result.Left, len(content))
		}
		if frame.Result.Left == 0 {
			break
		}
	}
	if string(content) != strings.Repeat("0123456789", 1000) {
		t.Error("another content")
	}
}

func TestQuota(t *testing.T) {
	k := newKit(t)
	data := base64.StdEncoding.EncodeToString(make([]byte, 2000))
	for n := range 20 {
		_, got := k.do(t, "POST", "/rpc/FS.Put", `{"filename":"x","append":true,"data":"`+data+`"}`)
		if want := n < 6; (got == "null") != want {
			t.Fatalf("after %d bytes: %s", 2000*n, got)
		}
	}
	for n := range 20 {
		_, got := k.do(t, "POST", "/rpc/FS.Put", fmt.Sprintf(`{"filename":"f%d","data":""}`, n))
		if want := n < 4; (got == "null") != want {
			t.Fatalf("file %d: %s", n, got)
		}
	}
	for n := range 20 {
		_, got := k.do(t, "POST", "/rpc/FS.Put", fmt.Sprintf(`{"filename":"www/big%d","data":"%s"}`, n, data))
		if want := n < 3; (got == "null") != want {
			t.Fatalf("file %d in www: %s", n, got)
		}
	}
	if used, _ := k.files.Usage(); used > k.Quota.Total {
		t.Errorf("%d bytes used", used)
	}
}

func TestConfig(t *testing.T) {
	k := newKit(t)
	call := func(method, args, want string) {
		t.Helper()
		if _, got := k.do(t, "POST", "/rpc/Config."+method, args); got != want {
			t.Errorf("%s %s: %s\nwant %s", method, args, got, want)
		}
	}
	call("Get", `{"key":"wifi.ap.pass"}`, `"********"`)
	call("Get", `{"key":"http.ssl_key"}`, `"server.key"`)
	call("Get", `{"key":"nothing"}`, `{"code":404,"message":"no such key; Config.Get without arguments shows all"}`)
	call("Get", `{"key":1}`, `{"code":404,"message":"no such key; Config.Get without arguments shows all"}`)
	if _, all := k.do(t, "GET", "/rpc/Config.Get", ""); strings.Contains(all, "hunter2") || !json.Valid([]byte(all)) {
		t.Errorf("Config.Get: %s", all)
	}
	call("Set", `{"config":{"wifi":{"ap":{"chanel":3}}}}`, `{"code":400,"message":"wifi.ap.chanel: unknown key; did you mean wifi.ap.channel?"}`)
	call("Set", `{"config":{"wifi":{"ap":{"channel":"3"}}}}`, `{"code":400,"message":"wifi.ap.channel: wrong type; use a whole number"}`)
	call("Set", `{"config":{"http":{"ssl_key":"none.key"}}}`, `{"code":400,"message":"http.ssl_key: there is no such file"}`)
	call("Set", `{"config":{"http":{"ssl_cert":"www"}}}`, `{"code":400,"message":"http.ssl_cert: there is no such file"}`)
	call("Set", `{"config":{"http":{"ssl_ca_cert":""}}}`, `{"saved":false}`)
	call("Set", `{"config":{"http":{"ssl_ca_cert":"/ca.crt"}}}`, `{"saved":false}`)
	call("Set", `{}`, `{"code":400,"message":"config is required, an object like {\"http\": {\"enable\": true}}"}`)
	call("Set", `{"config":{},"save":1}`, `{"code":400,"message":"save and reboot are true or false"}`)
	call("Set", `{"config":{"wifi":{"ap":{"channel":3}}}}`, `{"saved":false}`)
	if k.RebootAt() != 0 {
		t.Error("restarts unasked")
	}
	call("Set", `{"config":{"wifi":{"ap":{"ssid":"lab"}}},"save":true,"reboot":true}`, `{"saved":true}`)
	if k.RebootAt() != 5500 {
		t.Error("does not restart half a second later")
	}
	f, info, err := k.files.Open([]byte("conf9.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := make([]byte, info.Size)
	k.files.ReadAt(f, text, 0)
	if string(text) != `{"http":{"ssl_ca_cert":"/ca.crt"},"wifi":{"ap":{"channel":3,"ssid":"lab"}}}` {
		t.Errorf("saved %s", text)
	}
	call("Save", `{"reboot":0}`, `{"code":400,"message":"reboot is true or false"}`)
	call("Save", ``, `{"saved":true}`)
	for _, line := range k.log {
		if strings.Contains(line, "hunter2") {
			t.Errorf("the log has a password: %s", line)
		}
	}
}

func TestReboot(t *testing.T) {
	k := newKit(t)
	if _, got := k.do(t, "POST", "/rpc/Sys.Reboot", `{"delay_ms":-1}`); !strings.Contains(got, "delay_ms is 0 to 60000") {
		t.Error(got)
	}
	if _, got := k.do(t, "POST", "/rpc/Sys.Reboot", `{"delay_ms":7}`); got != "null" || k.RebootAt() != 5007 {
		t.Error(got)
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	k := newKit(t)
	const put = `{"filename":"x","data":""}`
	status := func(method, path, args string, want int, fields ...string) {
		t.Helper()
		if got, body := k.do(t, method, path, args, fields...); got != want {
			t.Errorf("trusted %v: %s %s %q: %d %s, want %d", k.trusted, method, path, fields, got, body, want)
		}
	}
	status("POST", "/rpc/FS.Put", put, 200)
	status("GET", "/rpc/FS.Put", put, 403)
	status("GET", "/rpc/FS.Put?filename=x&data=", "", 403)
	status("POST", "/rpc/FS.Put", put, 403, "Origin: https://evil")
	status("POST", "/rpc/FS.Put", put, 403, "Sec-Fetch-Site: cross-site")
	status("POST", "/rpc/FS.Put", put, 200, "Origin: https://h", "Sec-Fetch-Site: same-origin")
	status("GET", "/rpc/FS.Get?filename=notes", "", 200)
	k.trusted = false
	for _, m := range []string{"FS.Put", "FS.Remove", "FS.Rename", "Config.Set", "Config.Save", "Sys.Reboot"} {
		status("POST", "/rpc/"+m, `{}`, 403)
	}
	for _, m := range []string{"RPC.List", "RPC.Ping", "Sys.GetInfo", "TLS.Info", "FS.List", "FS.ListExt", "Config.Get"} {
		status("GET", "/rpc/"+m, "", 200)
	}
	status("GET", "/rpc/FS.Get?filename=www/index.html", "", 200)
	status("GET", "/rpc/FS.Get?filename=www/.hidden", "", 403)
	status("GET", "/rpc/FS.Get?filename=notes", "", 403)
	status("GET", "/rpc/FS.Get?filename=server.crt", "", 403)
	k.Anonymous = true
	status("POST", "/rpc/FS.Put", put, 200)
	status("GET", "/rpc/FS.Get?filename=server.key", "", 403)
}

func TestResultTooLong(t *testing.T) {
	k := newKit(t)
	for n := range 25 {
		name := fmt.Sprintf("long/%d%s", n, strings.Repeat("x", 80))
		if err := k.files.Write([]byte(name), nil, false); err != nil {
			t.Fatal(err)
		}
	}
	const message = `{"code":500,"message":"the result is too long; ask for less"}`
	if status, got := k.do(t, "POST", "/rpc/FS.List", `{"path":"long"}`); status != 500 || got != message {
		t.Errorf("%d %s", status, got)
	}
	if _, got := k.do(t, "POST", "/rpc", `{"id":1,"method":"FS.List","args":{"path":"long"}}`); got != `{"id":1,"src":"colibri_1","error":`+message+"}" {
		t.Errorf("%s", got)
	}
}

func TestCallsDoNotAllocate(t *testing.T) {
	k := newKit(t)
	k.Service.Log, k.server.Log = nil, nil
	s := &stream{window: make([]byte, 4096), out: make([]byte, 0, 1<<14)}
	var c httpd.Conn
	c.Session.Peer.Verified = true
	for _, call := range [][2]string{
		{"/rpc", `{"id":1,"method":"FS.Get","args":{"filename":"www/big"}}`}, {"/rpc/FS.ListExt", `{"path":"/"}`}, {"/rpc/Config.Get", ``},
		{"/rpc/Config.Set", `{"config":{"wifi":{"ap":{"channel":3}}},"save":true}`}, {"/rpc/TLS.Info", ""}, {"/rpc/No.Such", "{}"},
		{"/rpc/FS.Put", `{"filename":"new","data":"AAAA"}`}, {"/rpc/RPC.Describe", `{"name":"FS.Get"}`}, {"/rpc/Sys.GetInfo", `{"x":1}`},
	} {
		request := []byte(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", call[0], len(call[1]), call[1]))
		if n := testing.AllocsPerRun(20, func() {
			s.in, s.out = request, s.out[:0]
			c.Open(k.server)
			c.Step(k.server, s, true)
			if len(s.out) < 100 {
				t.Fatal("no response")
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations, want 0", call, n)
		}
	}
}

// FuzzCalls: whatever is called with whatever arguments, the answer is JSON, no secret leaves, and what is
// protected stays as it is.
func FuzzCalls(f *testing.F) {
	for _, m := range builtin {
		f.Add("/"+m.Name, `{"filename":"x","src":"notes","dst":"server.key","config":{"http":{"ssl_key":"x"}},"data":"AAAA","path":"/"}`, true)
		f.Add("/"+m.Name, `{"filename":"server.key"}`, false)
		f.Add("", `{"id":1,"method":"`+m.Name+`","args":{"filename":"notes","offset":1,"len":5,"key":"wifi"}}`, true)
	}
	f.Add("/FS.Get?filename=%2e%2e/x&offset=1", "", true)
	f.Fuzz(func(t *testing.T, path, body string, trusted bool) {
		k := newKit(t)
		k.trusted = trusted
		if _, err := url.ParseRequestURI("/rpc" + path); err != nil || !printable(path) || path != "" && path[0] != '/' {
			t.Skip("not a path of a call")
		}
		_, got := k.do(t, "POST", "/rpc"+path, body)
		if strings.Contains(got, "hunter2") && !strings.Contains(body, "hunter2") {
			t.Fatalf("the password leaves: %s", got)
		}
		if strings.Contains(got, base64.StdEncoding.EncodeToString([]byte("KEY"))) && !strings.Contains(body, "S0VZ") {
			t.Fatalf("the key leaves: %s", got)
		}
		for name, want := range map[string]string{"server.key": "KEY", "server.crt": "CERT", "ca.crt": "CA"} {
			file, info, err := k.files.Open([]byte(name))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			p := make([]byte, info.Size)
			k.files.ReadAt(file, p, 0)
			if string(p) != want {
				t.Fatalf("%s is now %q", name, p)
			}
		}
	})
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= 0x20 || s[i] > 0x7e || s[i] == '#' {
			return false
		}
	}
	return true
}
