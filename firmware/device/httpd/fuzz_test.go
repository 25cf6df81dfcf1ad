package httpd

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"colibri/firmware/device/fs"
)

// seeds are the requests of the conformance cases.
func seeds(f *testing.F) {
	file, err := os.ReadFile("testdata/conformance.txt")
	if err != nil {
		f.Fatal(err)
	}
	request := ""
	for _, line := range strings.Split(string(file), "\n") {
		if text, ok := strings.CutPrefix(line, "> "); ok {
			if s, err := strconv.Unquote(text); err == nil {
				request += s
			}
			continue
		}
		if request != "" {
			f.Add([]byte(request))
		}
		request = ""
	}
	for _, path := range []string{"/%2e%2e/outside.txt", "/sub/../../outside.txt", "/server.key", "/sub", "/innocent.txt"} {
		f.Add(get(path, "Range: bytes=0-5", `If-None-Match: "x"`))
	}
}

// FuzzRequests: whatever a client sends,
//   - the answer is the same however the bytes are chopped and whatever the size of the write window,
//   - it is a sequence of well-formed responses, each with its length,
//   - nothing comes from outside the document root, nor any key or hidden file,
//   - no workspace and no file is lost (serve and this function check that),
//   - net/http, given the same bytes, sees the same requests: it accepts all that we accept, and finds the
//     same methods, targets and bodies. That is the defence against smuggling, put to a test.
func FuzzRequests(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		k := newKit(t)
		out, closed := k.serve(input, max(len(input), 1), 4096)
		again := newKit(t)
		if out2, closed2 := again.serve(input, 1, 33); !bytes.Equal(out, out2) || closed != closed2 {
			t.Fatalf("whole: %q %v\npieces: %q %v", out, closed, out2, closed2)
		}
		for _, secret := range []string{"outside", "KEY", "hidden", "AAAA", "[core]"} {
			if bytes.Contains(out, []byte(secret)) && !bytes.Contains(input, []byte(secret)) {
				t.Fatalf("%s leaves: %q", secret, out)
			}
		}
		summary(t, out, closed, *k.log)
		var files []fs.File
		for range 16 {
			file, _, err := k.files.Open([]byte("www/a.txt"))
			if err != nil {
				t.Fatalf("a file is still open: %v", err)
			}
			files = append(files, file)
		}
		for _, file := range files {
			k.files.Close(file)
		}
		compare(t, input, *k.log, k.echo.seen)
	})
}

// compare lets net/http read the requests that the log says were understood.
func compare(t *testing.T, input []byte, lines logLines, seen []string) {
	b := bufio.NewReader(bytes.NewReader(bytes.TrimLeft(input, "\r\n")))
	for _, line := range lines {
		words := strings.Fields(line[strings.Index(line, "peer"):])
		if len(words) != 5 || words[1] == "unreadable" {
			return // or cut by the log
		}
		refused := strings.HasPrefix(words[3], "4") || strings.HasPrefix(words[3], "5")
		r, err := http.ReadRequest(b)
		if err != nil && refused {
			return
		}
		if err != nil {
			t.Fatalf("%q: net/http refuses what gave %q: %v", input, line, err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil && !refused {
			t.Fatalf("%q: net/http refuses the body of what gave %q: %v", input, line, err)
		}
		if r.Method != words[1] {
			t.Fatalf("%q: net/http sees method %s, we %s", input, r.Method, words[1])
		}
		if strings.HasPrefix(words[3], "200") && strings.HasPrefix(words[2], "/echo") && (words[1] == "GET" || words[1] == "POST") {
			if len(seen) == 0 {
				t.Fatalf("%q: %q was never handled", input, line)
			}
			if want := r.URL.Path[1:] + "?" + r.URL.RawQuery + " " + string(body); seen[0] != want {
				t.Fatalf("%q: the handler saw %q, net/http %q", input, seen[0], want)
			}
			seen = seen[1:]
		}
		if refused && err != nil {
			return
		}
		// Between requests we pass over up to four line ends, net/http over none.
		for {
			if p, err := b.Peek(1); err != nil || p[0] != '\r' && p[0] != '\n' {
				break
			}
			b.Discard(1)
		}
	}
}

// FuzzDecode: a decoded path is a valid name, and it is what net/url makes of it.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"/a%2fb", "/%2e%2e/x", "/a/b/", "/", "/%00", "/%e4", "/a%", "//"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, path []byte) {
		if len(path) == 0 || path[0] != '/' {
			t.Skip("not a path")
		}
		var name [fs.MaxName]byte
		n, dir, s := decode(&name, path)
		if s != 0 {
			return
		}
		if n > 0 && !fs.Valid(name[:n]) || n == 0 && string(path) != "/" {
			t.Fatalf("decode(%q) = %q", path, name[:n])
		}
		want := "/" + string(name[:n])
		if dir && n > 0 {
			want += "/"
		}
		if got, ok := unescape(string(path)); !ok || got != want {
			t.Fatalf("decode(%q) = %q, want %q", path, want, got)
		}
	})
}

func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		c, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(c))
		i += 2
	}
	return b.String(), true
}
