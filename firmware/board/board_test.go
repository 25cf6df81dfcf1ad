package board

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"colibri/firmware/board/site"
	"colibri/firmware/device"
	"colibri/firmware/device/log"
	"colibri/firmware/pki/ca"
)

type fakeClock struct{}

func (fakeClock) Milliseconds() int64 { return 1 }
func (fakeClock) Unix() int64         { return time.Now().UnixMilli() }
func (fakeClock) Set(int64) bool      { return true }

// noise is entropy of the host; broken noise has none.
type noise struct{ broken bool }

func (n noise) Sample(p []byte) bool {
	rand.Read(p)
	return !n.broken
}

type console struct{ strings.Builder }

func (c *console) Line(_ log.Level, line []byte) { c.WriteString(string(line) + "\n") }

type flash struct {
	kept   []byte
	broken bool
}

func (f *flash) Load(p []byte) int { return copy(p, f.kept) }

func (f *flash) Keep(p []byte) error {
	if f.broken {
		return errors.New("broken")
	}
	f.kept = append([]byte(nil), p...)
	return nil
}

// silence is a link on which nothing happens.
type silence struct{}

func (silence) Frame() []byte { return nil }
func (silence) Done()         {}
func (silence) Room() []byte  { return nil }
func (silence) Send(int)      {}

func image(t *testing.T, lines string) string {
	t.Helper()
	root, err := ca.New(ca.ECDSA, time.Now(), "test CA")
	if err != nil {
		t.Fatal(err)
	}
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	if err != nil {
		t.Fatal(err)
	}
	key, err := server.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	p := site.Append(nil, "", []byte(lines))
	p = site.Append(p, "index.html", []byte("hello"))
	p = site.Append(p, "server.crt", server.CertPEM())
	return string(site.Append(p, "server.key", key))
}

const lines = `[["http.listen_addr",":443"],["http.ssl_cert","server.crt"],["http.ssl_key","server.key"]]`

func options(t *testing.T) Options {
	return Options{Site: image(t, lines), Level: log.Info, Conns: 8, Memory: 32 << 10, Files: 8, Room: 4096,
		HTTP: device.HTTPSizes{MaxHead: 1024, MaxBody: 1024, MaxReply: 1024}}
}

func TestBoardStarts(t *testing.T) {
	var out console
	keep := new(flash)
	h := Hardware{MAC: [6]byte{2, 0, 0, 0xAB, 0xCD, 0xEF}, Noise: noise{}, Quality: 8, Clock: fakeClock{}, Console: &out, Writer: keep}
	b, err := New(h, options(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(silence{}, [4]byte{192, 168, 4, 1}); err != nil {
		t.Fatal(err)
	}
	if b.Poll() || !strings.Contains(out.String(), "HTTP server started on [192.168.4.1:443] (TLS)") {
		t.Errorf("log: %s", &out)
	}
	if err := b.files.Write([]byte("conf9.json"), []byte(`{"wifi":{"ap":{"channel":3}}}`), false); err != nil {
		t.Fatal(err)
	}
	if again, err := New(h, options(t)); err != nil || again.Config.Int("wifi.ap.channel") != 3 {
		t.Errorf("after a restart the channel is not 3: %v", err)
	}
	if keep.broken = true; b.files.Write([]byte("conf9.json"), []byte(`{}`), false) == nil || !strings.Contains(out.String(), "not saved: ") {
		t.Errorf("broken flash goes unnoticed; log: %s", &out)
	}
	h.Writer = nil
	if b, err = New(h, options(t)); err != nil {
		t.Fatal(err)
	}
	if b.files.Write([]byte("conf9.json"), []byte(`{}`), false) != nil || !strings.Contains(out.String(), "saved until the restart only") {
		t.Errorf("without a Writer; log: %s", &out)
	}
	h.Writer = keep
	keep.kept = []byte("{")
	if _, err := New(h, options(t)); err == nil {
		t.Error("started with a configuration that cannot be read")
	}
}

func TestBoardsThatDoNotStart(t *testing.T) {
	for name, change := range map[string]func(h *Hardware, o *Options){
		"no entropy": func(h *Hardware, _ *Options) { h.Noise = noise{broken: true} },
		"no site":    func(_ *Hardware, o *Options) { o.Site = "" },
		"no port":    func(_ *Hardware, o *Options) { o.Site = strings.Replace(o.Site, ":443", ":0\x20\x20", 1) },
		"many files": func(_ *Hardware, o *Options) { o.Files = 2 },
		"no memory":  func(_ *Hardware, o *Options) { o.Memory = 1 << 10 },
	} {
		h := Hardware{Noise: noise{}, Quality: 8, Clock: fakeClock{}, Console: new(console)}
		o := options(t)
		change(&h, &o)
		b, err := New(h, o)
		if err == nil {
			err = b.Start(silence{}, [4]byte{10, 0, 2, 15})
		}
		if err == nil {
			t.Errorf("%s: started", name)
		}
	}
}

func TestNames(t *testing.T) {
	mac := [6]byte{0x24, 0x0a, 0xc4, 0x12, 0x3f, 0xe9}
	for pattern, want := range map[string]string{"myESP_??????": "myESP_123FE9", "colibri": "colibri", "a?b??": "a?bE9", "": "",
		"????????????????": "????240AC4123FE9"} {
		if got := SSID([]byte(pattern), mac); got != want {
			t.Errorf("SSID(%q) = %q, not %q", pattern, got, want)
		}
	}
	for text, want := range map[string][4]byte{"192.168.4.1": {192, 168, 4, 1}, "0.0.0.255": {0, 0, 0, 255}} {
		if got, ok := IPv4([]byte(text)); !ok || got != want {
			t.Errorf("IPv4(%q) = %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1..2.3", "1.2.3.", "a.b.c.d", "1.2.3.0004"} {
		if got, ok := IPv4([]byte(text)); ok {
			t.Errorf("IPv4(%q) = %v", text, got)
		}
	}
}
