package httpd

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
)

// one returns the only response in out, with its body.
func one(t testing.TB, out []byte, method string) (*http.Response, string) {
	t.Helper()
	b := bufio.NewReader(bytes.NewReader(out))
	r, err := http.ReadResponse(b, &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	if b.Buffered() > 0 {
		t.Fatalf("bytes after the response: %q", out)
	}
	return r, string(body)
}

func TestFiles(t *testing.T) {
	k := newKit(t)
	for _, c := range []struct {
		path   string
		status int
		body   string
		mime   string
	}{
		{"/", 200, "<h1>hello</h1>", "text/html; charset=utf-8"}, {"/index.html", 200, "<h1>hello</h1>", "text/html; charset=utf-8"},
		{"/?q=1", 200, "<h1>hello</h1>", "text/html; charset=utf-8"}, {"http://h/a.txt", 200, letters, "text/plain; charset=utf-8"},
		{"HTTPS://h", 200, "<h1>hello</h1>", "text/html; charset=utf-8"}, {"http://h?x", 200, "<h1>hello</h1>", "text/html; charset=utf-8"},
		{"/a.txt", 200, letters, "text/plain; charset=utf-8"}, {"/%61.t%78t", 200, letters, "text/plain; charset=utf-8"},
		{"/big.bin", 200, string(big), "application/octet-stream"}, {"/empty", 200, "", ""}, {"/two%20words.txt", 200, "two", "text/plain; charset=utf-8"},
		{"/sub/", 200, "sub", "text/html; charset=utf-8"}, {"/sub/index.html", 200, "sub", "text/html; charset=utf-8"},
		{"/sub", 301, "Moved Permanently\n", "text/plain; charset=utf-8"},
		// not there
		{"/nothing", 404, "Not Found\n", ""}, {"/noindex/", 404, "Not Found\n", ""}, {"/noindex", 404, "Not Found\n", ""},
		{"/a.txt/", 404, "Not Found\n", ""}, {"/A.TXT", 404, "Not Found\n", ""}, {"/" + strings.Repeat("x", 97), 404, "Not Found\n", ""},
		// not to be seen
		{"/server.key", 404, "Not Found\n", ""}, {"/SERVER.KEY", 404, "Not Found\n", ""}, {"/conf9.json", 404, "Not Found\n", ""},
		{"/secret.log", 404, "Not Found\n", ""}, {"/.dot", 404, "Not Found\n", ""}, {"/.git/config", 404, "Not Found\n", ""},
		{"/innocent.txt", 404, "Not Found\n", ""}, {"/server%2ekey", 404, "Not Found\n", ""},
		// no way out
		{"/../outside.txt", 404, "Not Found\n", ""}, {"/sub/../../outside.txt", 404, "Not Found\n", ""},
		{"/%2e%2e/outside.txt", 404, "Not Found\n", ""}, {"/..%2foutside.txt", 404, "Not Found\n", ""},
		{"/%2e%2e%2foutside.txt", 404, "Not Found\n", ""}, {"/..%5coutside.txt", 404, "Not Found\n", ""},
		{"/sub%2findex.html", 404, "Not Found\n", ""}, {"//a.txt", 404, "Not Found\n", ""}, {"/./a.txt", 404, "Not Found\n", ""},
		{"/sub//index.html", 404, "Not Found\n", ""}, {"/%252e%252e/outside.txt", 404, "Not Found\n", ""},
		{"/c:/a.txt", 404, "Not Found\n", ""}, {"/a.txt.", 404, "Not Found\n", ""}, {"/a.txt%20", 404, "Not Found\n", ""},
		{"/\\..\\outside.txt", 404, "Not Found\n", ""}, {"/www/a.txt", 404, "Not Found\n", ""},
		{"/a.txt%00.html", 400, "Bad Request\n", ""}, {"/%", 400, "Bad Request\n", ""}, {"/%4", 400, "Bad Request\n", ""},
		{"/%zz", 400, "Bad Request\n", ""}, {"/%0d%0aSet-Cookie:x", 400, "Bad Request\n", ""}, {"/%c0%af", 404, "Not Found\n", ""},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			request := get(c.path)
			if method == "HEAD" {
				request = append([]byte("HEAD"), request[3:]...)
			}
			out, closed := k.serve(request, len(request), 500)
			r, body := one(t, out, method)
			want := c.body
			if method == "HEAD" {
				want = ""
			}
			if r.StatusCode != c.status || body != want || closed {
				t.Errorf("%s %s: %d, %d bytes, closed %v, want %d, %d bytes", method, c.path, r.StatusCode, len(body), closed, c.status, len(want))
			}
			if n := r.Header.Get("Content-Length"); n != strconv.Itoa(len(c.body)) {
				t.Errorf("%s %s: Content-Length %s, want %d", method, c.path, n, len(c.body))
			}
			if got := r.Header.Get("Content-Type"); c.mime != "" && got != c.mime {
				t.Errorf("%s: Content-Type %s", c.path, got)
			}
			if r.Header.Get("X-Extra") != "1" || r.Header.Get("X-Content-Type-Options") != "nosniff" ||
				r.Header.Get("Date") != "Sun, 06 Nov 1994 08:49:37 GMT" {
				t.Errorf("%s: fields %v", c.path, r.Header)
			}
			if location := r.Header.Get("Location"); (c.status == 301) != (location == c.path+"/") {
				t.Errorf("%s: Location %q", c.path, location)
			}
		}
	}
}

func TestMethods(t *testing.T) {
	k := newKit(t)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"OPTIONS", "*", 204, "GET, HEAD, POST, OPTIONS"}, {"OPTIONS", "/a.txt", 204, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/echo", 204, "GET, POST"}, {"POST", "/a.txt", 405, "GET, HEAD, OPTIONS"}, {"PUT", "/a.txt", 405, "GET, HEAD, OPTIONS"},
		{"DELETE", "/echo", 405, "GET, POST"}, {"HEAD", "/echo", 405, "GET, POST"}, {"TRACE", "/", 405, "GET, HEAD, OPTIONS"},
		{"BREW", "/", 501, ""}, {"get", "/", 501, ""}, {"GET", "*", 400, ""}, {"CONNECT", "h:443", 400, ""},
		{"POST", "/echo/x?y", 200, ""}, {"POST", "/echo", 200, ""}, {"POST", "/echoes", 405, "GET, HEAD, OPTIONS"},
	} {
		out, _ := k.serve([]byte(c.method+" "+c.path+" HTTP/1.1\r\nHost: h\r\n\r\n"), 1000, 1000)
		r, _ := one(t, out, c.method)
		if r.StatusCode != c.status || r.Header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q, want %d, %q", c.method, c.path, r.StatusCode, r.Header.Get("Allow"), c.status, c.allow)
		}
	}
	if got := strings.Join(k.echo.seen, "|"); got != "echo/x?y |echo? " {
		t.Errorf("the handler saw %s", got)
	}
}

func TestConditionsAndRanges(t *testing.T) {
	k := newKit(t)
	out, _ := k.serve(get("/a.txt"), 1000, 1000)
	r, _ := one(t, out, "GET")
	tag := r.Header.Get("Etag")
	if len(tag) != tagLen {
		t.Fatalf("ETag %q", tag)
	}
	for _, c := range []struct {
		fields       []string
		status       int
		body, ranged string
	}{
		{[]string{"If-None-Match: " + tag}, 304, "", ""}, {[]string{"If-None-Match: W/" + tag}, 304, "", ""},
		{[]string{`If-None-Match: "x", ` + tag + " "}, 304, "", ""}, {[]string{"If-None-Match: *"}, 304, "", ""},
		{[]string{`If-None-Match: "x"`}, 200, letters, ""}, {[]string{"If-Match: " + tag}, 200, letters, ""},
		{[]string{`If-Match: "x"`}, 412, "Precondition Failed\n", ""}, {[]string{"If-Match: W/" + tag}, 412, "Precondition Failed\n", ""},
		{[]string{"Range: bytes=0-0"}, 206, "a", "bytes 0-0/26"}, {[]string{"Range: bytes=2-4"}, 206, "cde", "bytes 2-4/26"},
		{[]string{"Range: bytes=24-"}, 206, "yz", "bytes 24-25/26"}, {[]string{"Range: bytes=-2"}, 206, "yz", "bytes 24-25/26"},
		{[]string{"Range: bytes=20-99999999999999999999"}, 206, "uvwxyz", "bytes 20-25/26"},
		{[]string{"Range: bytes=-99"}, 206, letters, "bytes 0-25/26"}, {[]string{"range: BYTES=0-1"}, 206, "ab", "bytes 0-1/26"},
		{[]string{"Range: bytes=26-"}, 416, "Range Not Satisfiable\n", "bytes */26"}, {[]string{"Range: bytes=-0"}, 416, "Range Not Satisfiable\n", "bytes */26"},
		{[]string{"Range: bytes=0-1,3-4"}, 200, letters, ""}, {[]string{"Range: bytes=4-2"}, 200, letters, ""},
		{[]string{"Range: bytes=-"}, 200, letters, ""}, {[]string{"Range: items=0-1"}, 200, letters, ""},
		{[]string{"Range: bytes=a-b"}, 200, letters, ""}, {[]string{"Range: bytes=0-1", "Range: bytes=0-1"}, 200, letters, ""},
		{[]string{"Range: bytes=0-1", "If-Range: " + tag}, 206, "ab", "bytes 0-1/26"},
		{[]string{"Range: bytes=0-1", `If-Range: "x"`}, 200, letters, ""}, {[]string{"Range: bytes=0-1", "If-Range: W/" + tag}, 200, letters, ""},
	} {
		out, _ := k.serve(get("/a.txt", c.fields...), 1000, 7)
		r, body := one(t, out, "GET")
		if r.StatusCode != c.status || body != c.body || r.Header.Get("Content-Range") != c.ranged {
			t.Errorf("%q: %d %q %q, want %d %q %q", c.fields, r.StatusCode, body, r.Header.Get("Content-Range"), c.status, c.body, c.ranged)
		}
	}
	out, _ = k.serve(get("/empty", "Range: bytes=0-"), 1000, 100)
	if r, _ := one(t, out, "GET"); r.StatusCode != 416 {
		t.Errorf("a range of nothing: %d", r.StatusCode)
	}
	if err := k.files.Write([]byte("www/a.txt"), []byte("new"), false); err != nil {
		t.Fatal(err)
	}
	out, _ = k.serve(get("/a.txt", "If-None-Match: "+tag), 1000, 1000)
	if r, body := one(t, out, "GET"); r.StatusCode != 200 || body != "new" {
		t.Errorf("after a change: %d %q", r.StatusCode, body)
	}
}

func TestCrossSite(t *testing.T) {
	k := newKit(t)
	for _, c := range []struct {
		fields []string
		status int
	}{
		{nil, 200}, {[]string{"Origin: https://h"}, 200}, {[]string{"Origin: HTTPS://H"}, 200}, {[]string{"Origin: null"}, 403},
		{[]string{"Origin: https://evil"}, 403}, {[]string{"Origin: https://h.evil"}, 403}, {[]string{"Origin: https://h:1"}, 403},
		{[]string{"Sec-Fetch-Site: same-origin"}, 200}, {[]string{"Sec-Fetch-Site: none"}, 200}, {[]string{"Sec-Fetch-Site: cross-site"}, 403},
		{[]string{"Sec-Fetch-Site: same-site"}, 403}, {[]string{"Sec-Fetch-Site: same-origin", "Origin: https://other"}, 200}, {[]string{"Origin:"}, 403},
	} {
		out, _ := k.serve(get("/echo", c.fields...), 1000, 1000)
		if r, _ := one(t, out, "GET"); r.StatusCode != c.status {
			t.Errorf("%q: %d, want %d", c.fields, r.StatusCode, c.status)
		}
	}
}

// TestConformance runs testdata/conformance.txt; its format stands at its head.
func TestConformance(t *testing.T) {
	file, err := os.ReadFile("testdata/conformance.txt")
	if err != nil {
		t.Fatal(err)
	}
	var name, request string
	cases := 0
	for i, line := range strings.Split(string(file), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "= "):
			name, request = line[2:], ""
		case strings.HasPrefix(line, "> "):
			times := 1
			text := line[2:]
			if n, rest, ok := strings.Cut(text, " x "); ok {
				if times, err = strconv.Atoi(n); err != nil {
					t.Fatalf("line %d: %v", i+1, err)
				}
				text = rest
			}
			s, err := strconv.Unquote(text)
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			request += strings.Repeat(s, times)
		case strings.HasPrefix(line, "< "):
			cases++
			want := line[2:]
			for _, piece := range []int{len(request), 1, 7} {
				k := newKit(t)
				out, closed := k.serve([]byte(request), max(piece, 1), 1+piece%300)
				if got := summary(t, out, closed, *k.log); got != want {
					t.Errorf("%s (line %d), in pieces of %d: %s, want %s\n%q", name, i+1, piece, got, want, out)
				}
			}
		default:
			t.Fatalf("line %d: %q", i+1, line)
		}
	}
	if cases < 80 {
		t.Errorf("only %d cases", cases)
	}
}

// summary reads responses as a client does and returns their codes, for handlers' with the body, and whether
// the connection was closed.
func summary(t testing.TB, out []byte, closed bool, lines logLines) string {
	t.Helper()
	b := bufio.NewReader(bytes.NewReader(out))
	var s []string
	for n := 0; ; n++ {
		if _, err := b.Peek(1); err == io.EOF {
			break
		}
		method := "GET"
		if n < len(lines) && strings.Contains(lines[n], " HEAD ") {
			method = "HEAD"
		}
		r, err := http.ReadResponse(b, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		if r.StatusCode == 100 {
			s = append(s, "100")
			n--
			continue
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		if r.ContentLength < 0 && r.StatusCode != 204 && r.StatusCode != 304 {
			t.Fatalf("%q: no length", out)
		}
		if r.Header.Get("Content-Type") == "text/plain" {
			s = append(s, fmt.Sprintf("%d %s", r.StatusCode, strconv.Quote(string(body))))
		} else {
			s = append(s, strconv.Itoa(r.StatusCode))
		}
	}
	if closed {
		s = append(s, "close")
	} else {
		s = append(s, "open")
	}
	return strings.Join(s, ", ")
}

func TestTimeouts(t *testing.T) {
	for _, c := range []struct {
		name, request string
		show          int
		window        int
		after         int64
		status        string
	}{
		{"idle", "", 0, 100, 15_000, ""},
		{"head", "GET / HTTP/1.1\r\nHo", 100, 1000, 10_000, "HTTP/1.1 408"},
		{"body", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc", 100, 1000, 20_000, "HTTP/1.1 408"},
		{"send", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 100, 0, 15_000, ""},
	} {
		k := newKit(t)
		s := newStream([]byte(c.request), c.show, c.window)
		var conn Conn
		conn.Open(k.Server)
		conn.Step(k.Server, s, false)
		if conn.Deadline() != 1000+c.after {
			t.Errorf("%s: deadline %d, want %d", c.name, conn.Deadline(), 1000+c.after)
		}
		k.SetTime(1000+c.after-1, 0)
		conn.Step(k.Server, s, false)
		if conn.Done() || len(s.out) > 0 {
			t.Errorf("%s: ended too early", c.name)
		}
		k.SetTime(1000+c.after, 0)
		conn.Step(k.Server, s, false)
		if !conn.Done() || !strings.HasPrefix(string(s.out), c.status) || c.status == "" && len(s.out) > 0 {
			t.Errorf("%s: done %v, %q", c.name, conn.Done(), s.out)
		}
		if len(k.free) != k.Workspaces {
			t.Errorf("%s: a workspace is lost", c.name)
		}
	}
}

func TestBusy(t *testing.T) {
	k := newKit(t)
	conns := make([]Conn, k.Workspaces+1)
	streams := make([]*stream, len(conns))
	for i := range conns {
		streams[i] = newStream(get("/a.txt"), 5, 1000)
		conns[i].Open(k.Server)
		conns[i].Step(k.Server, streams[i], false)
	}
	last := len(conns) - 1
	if conns[last].Done() || len(streams[last].out) > 0 {
		t.Fatal("does not wait")
	}
	streams[0].show = 1000 // one request ends, and the one that waits gets on
	conns[0].Step(k.Server, streams[0], false)
	streams[last].show = 1000
	conns[last].Step(k.Server, streams[last], false)
	if r, _ := one(t, streams[last].out, "GET"); r.StatusCode != 200 {
		t.Errorf("after waiting: %d", r.StatusCode)
	}
	streams[0] = newStream(get("/a.txt"), 5, 1000)
	conns[0].Step(k.Server, streams[0], false)
	streams[last] = newStream(get("/a.txt"), 5, 1000)
	conns[last].Step(k.Server, streams[last], false)
	k.SetTime(1000+k.Timeouts.Idle, 0)
	conns[last].Step(k.Server, streams[last], false)
	if r, _ := one(t, streams[last].out, "GET"); r.StatusCode != 503 || !conns[last].Done() {
		t.Errorf("after waiting in vain: %d", r.StatusCode)
	}
}

func TestFileThatChangesWhileItIsSent(t *testing.T) {
	k := newKit(t)
	s := newStream(get("/big.bin"), 1000, 600)
	var c Conn
	c.Open(k.Server)
	s.window = s.window[:0]
	c.Step(k.Server, s, false)
	s.window = s.window[:600]
	k.files.Write([]byte("www/big.bin"), []byte("new"), false)
	c.Step(k.Server, s, false)
	if !c.Done() || len(s.out) > 600 {
		t.Errorf("done %v after %d bytes", c.Done(), len(s.out))
	}
	var handles int
	for range 16 {
		if f, _, err := k.files.Open([]byte("www/a.txt")); err == nil {
			defer k.files.Close(f)
			handles++
		}
	}
	if handles != 16 {
		t.Error("a file is still open")
	}
}

func TestLogLines(t *testing.T) {
	k := newKit(t)
	k.serve([]byte("GET /a.txt?secret=1 HTTP/1.1\r\nHost: h\r\n\r\nGET /%1b HTTP/1.1\r\nHost: h\r\n\r\n\x1b[2J / HTTP/1.1\r\n\r\n"), 1000, 1000)
	want := []string{"peer GET /a.txt 200 26", "peer GET /%1b 400 12", "peer unreadable request: 400 12"}
	for i, line := range *k.log {
		if i >= len(want) || !strings.HasSuffix(line, want[i]) {
			t.Errorf("line %q", line)
		}
	}
	if len(*k.log) != len(want) {
		t.Errorf("%d lines, want %d", len(*k.log), len(want))
	}
}

func TestRequestsDoNotAllocate(t *testing.T) {
	k := newKit(t)
	k.Log = nil
	requests := [][]byte{
		get("/big.bin"), get("/a.txt", "Range: bytes=1-2", "Accept: */*", "User-Agent: x"), get("/nothing"), get("/sub"),
		[]byte("BAD\r\n\r\n"), []byte("POST /none HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
	}
	s := newStream(nil, 0, 1400)
	s.out = make([]byte, 0, len(big)+1000)
	var c Conn
	for _, request := range requests {
		if n := testing.AllocsPerRun(20, func() {
			s.in, s.show, s.out = request, len(request), s.out[:0]
			c.Open(k.Server)
			c.Step(k.Server, s, false)
			c.Step(k.Server, s, true)
			if !c.Done() || len(s.out) == 0 {
				t.Fatal("no response")
			}
		}); n != 0 {
			t.Errorf("%.30q: %v allocations, want 0", request, n)
		}
	}
}
