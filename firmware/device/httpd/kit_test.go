package httpd

import (
	"bytes"
	"strings"
	"testing"

	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/guard"
	"colibri/firmware/device/log"
)

// stream is a connection in memory: what the client sends, and what it receives.
type stream struct {
	in     []byte // not yet consumed; only the first show bytes are visible
	show   int
	out    []byte
	window []byte
}

func newStream(in []byte, show, window int) *stream {
	return &stream{in: in, show: show, window: make([]byte, window)}
}

func (s *stream) ReadWindow() []byte  { return s.in[:min(s.show, len(s.in))] }
func (s *stream) Consumed(n int)      { s.in = s.in[n:]; s.show -= n }
func (s *stream) WriteWindow() []byte { return s.window }
func (s *stream) Written(n int)       { s.out = append(s.out, s.window[:n]...) }
func (s *stream) Flush()              {}

// echo is a handler that tells what it was asked, and keeps it.
type echo struct{ seen []string }

func (e *echo) Serve(r *Request, w *Response) {
	e.seen = append(e.seen, string(r.Path)+"?"+string(r.Query)+" "+string(r.Body))
	w.ContentType = "text/plain"
	if r.CrossSite() {
		w.Status = Forbidden
	}
	w.SetBody(copy(w.Buffer(), e.seen[len(e.seen)-1]))
}

type logLines []string

func (l *logLines) Line(_ log.Level, line []byte) { *l = append(*l, string(line)) }

const letters = "abcdefghijklmnopqrstuvwxyz"

// big is content larger than any window.
var big = bytes.Repeat([]byte("0123456789abcdef"), 10_000)

// kit is a server over files in memory.
type kit struct {
	*Server
	echo  *echo
	log   *logLines
	files *fs.Mem
}

func newKit(t testing.TB) *kit {
	t.Helper()
	files := fs.NewMem(32, 1<<20)
	for _, file := range [][2]string{
		{"www/index.html", "<h1>hello</h1>"}, {"www/a.txt", letters}, {"www/big.bin", string(big)}, {"www/empty", ""},
		{"www/sub/index.html", "sub"}, {"www/noindex/x.txt", "x"}, {"www/server.key", "KEY"}, {"www/conf9.json", "{}"},
		{"www/secret.log", "hidden"}, {"www/.dot", "dot"}, {"www/.git/config", "[core]"}, {"www/two words.txt", "two"},
		{"www/innocent.txt", "-----BEGIN EC PRIVATE KEY-----\nAAAA"}, {"outside.txt", "outside"}, {"server.key", "KEY"},
	} {
		if err := files.Write([]byte(file[0]), []byte(file[1]), false); err != nil {
			t.Fatal(err)
		}
	}
	c, f := config.New([]byte(`[["http.document_root","/www"],["http.hidden_files","*.log"],["http.extra_headers","X-Extra: 1"]]`))
	if !f.OK() {
		t.Fatal(f.Error())
	}
	k := &kit{echo: &echo{}, log: &logLines{}, files: files}
	logger := &log.Logger{}
	logger.Init(k.log, log.Info)
	k.Server = New(Settings{Files: files, Config: c, Guard: guard.New(c), Log: logger, MaxHead: 1024, MaxBody: 256, MaxReply: 1024,
		Routes: []Route{{Prefix: "echo", Handler: k.echo, Allow: Set(Get, Post)}}})
	k.SetTime(1000, 784111777)
	return k
}

// serve lets a client send request, in pieces of so many bytes, and end; it returns all that it receives, and
// whether the server ended the connection before the client did.
func (k *kit) serve(request []byte, piece, window int) (response []byte, closed bool) {
	t := newStream(bytes.Clone(request), 0, window)
	var c Conn
	c.Session.AddrLen = copy(c.Session.Addr[:], "peer")
	c.Open(k.Server)
	for !c.Done() && t.show < len(t.in) {
		t.show = min(t.show+piece, len(t.in))
		c.Step(k.Server, t, false)
	}
	closed = c.Done()
	for !c.Done() {
		if !c.Step(k.Server, t, true) {
			panic("a connection neither goes on nor ends")
		}
	}
	if len(k.free) != k.Workspaces {
		panic("a workspace is lost")
	}
	return t.out, closed
}

// get is a well-formed GET.
func get(path string, fields ...string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n")
}
