package rpc

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/guard"
	"colibri/firmware/device/httpd"
	"colibri/firmware/device/json"
	"colibri/firmware/device/log"
)

// Method is a procedure.
type Method struct {
	Name string

	// Args are the arguments as RPC.Describe shows them, {name: %Q, ...}: %Q is a text, %d a number, %B true or
	// false, %M an object, %V base64. What is not listed is refused.
	Args string

	Changes bool // changes something: see the package's doc for who may call it
	Serve   func(c *Call)
}

// Info is what Sys.GetInfo tells, as Mongoose OS names it.
type Info struct {
	ID      string // of the device; also the source of response frames
	App     string
	Version string // of the firmware
	Build   string
	MAC     string
	Arch    string
	// RAM returns the bytes of memory in all, free now, and free when they were least; nil if nobody knows.
	RAM func() (size, free, least int64)
}

// Settings are what a service is made of.
type Settings struct {
	Files   fs.FS
	Config  *config.Config
	Guard   *guard.Guard
	Log     *log.Logger
	Info    Info
	Methods []Method // beside the built-in ones

	// Anonymous lets clients without a certificate do what verified ones may, as Mongoose OS does by default.
	Anonymous bool

	Quota Quota
}

// Quota bounds what FS.Put may fill; the zero values stand for the defaults.
type Quota struct {
	File    int64 // bytes of one file; 256 KiB
	Total   int64 // bytes of all files; 4 MiB, or what the file system holds if that is less
	Entries int   // files and directories in one directory; 128
}

// Service answers calls. It is a httpd.Handler for the path "rpc" and belongs to one goroutine.
type Service struct {
	Settings
	builtin []Method
	call    Call
	reboots int64 // when to restart, in milliseconds since the start; 0: no restart is asked for
}

// rebootDelay is the time between a call that asks for a restart and the restart, so that its response gets
// out; Mongoose OS has the same.
const rebootDelay = 500

// New makes a service.
func New(settings Settings) *Service {
	s := &Service{Settings: settings, builtin: builtin[:]}
	q := &s.Quota
	if q.File == 0 {
		q.File = 256 << 10
	}
	if q.Total == 0 {
		q.Total = 4 << 20
	}
	if q.Entries == 0 {
		q.Entries = 128
	}
	return s
}

// RebootAt returns when to restart, in milliseconds since the start, as a call has asked for; 0 if none has.
func (s *Service) RebootAt() int64 { return s.reboots }

// Call is a call under way.
type Call struct {
	Args    json.Value   // an object, or absent
	Out     *json.Writer // takes the result, exactly one value
	Session *httpd.Session
	Now     int64 // milliseconds since the start

	service *Service
	request *httpd.Request
	method  *Method
	writer  json.Writer
	code    int64
	message [200]byte
	msgLen  int

	// Room for names. It stands here because what is passed to the file system's interface must not stand on
	// the stack.
	name, other, entry [fs.MaxName + 1]byte
	quoted             [64]byte
	fault              config.Fault
}

// Fail makes the call end with an error, in the place of any result.
func (c *Call) Fail(code int64, message ...string) {
	c.code, c.msgLen = code, 0
	for _, m := range message {
		c.msgLen += copy(c.message[c.msgLen:], m)
	}
}

// addToMessage adds a text from elsewhere.
func (c *Call) addToMessage(p []byte) { c.msgLen += copy(c.message[c.msgLen:], p) }

// Trusted reports whether the client may do everything.
func (c *Call) Trusted() bool { return c.Session.Peer.Verified || c.service.Anonymous }

// find returns a method by its name, or nil. The methods of the application come first.
func (s *Service) find(name json.Value) *Method {
	for i := range s.Methods {
		if name.Is(s.Methods[i].Name) {
			return &s.Methods[i]
		}
	}
	for i := range s.builtin {
		if name.Is(s.builtin[i].Name) {
			return &s.builtin[i]
		}
	}
	return nil
}

// builtin are the methods of this package. They see the table by way of the service only: referring to it
// directly would make its initialisation depend on itself.
var builtin = [...]Method{
	{Name: "RPC.List", Args: "", Serve: (*Call).list},
	{Name: "RPC.Describe", Args: "{name: %Q}", Serve: (*Call).describe},
	{Name: "RPC.Ping", Args: "", Serve: (*Call).ping},
	{Name: "Sys.GetInfo", Args: "", Serve: (*Call).getInfo},
	{Name: "Sys.Reboot", Args: "{delay_ms: %d}", Changes: true, Serve: (*Call).reboot},
	{Name: "TLS.Info", Args: "", Serve: (*Call).tlsInfo},
	{Name: "FS.List", Args: "{path: %Q}", Serve: (*Call).fsList},
	{Name: "FS.ListExt", Args: "{path: %Q}", Serve: (*Call).fsListExt},
	{Name: "FS.Get", Args: "{filename: %Q, offset: %d, len: %d}", Serve: (*Call).fsGet},
	{Name: "FS.Put", Args: "{filename: %Q, data: %V, append: %B}", Changes: true, Serve: (*Call).fsPut},
	{Name: "FS.Remove", Args: "{filename: %Q}", Changes: true, Serve: (*Call).fsRemove},
	{Name: "FS.Rename", Args: "{src: %Q, dst: %Q}", Changes: true, Serve: (*Call).fsRename},
	{Name: "Config.Get", Args: "{key: %Q}", Serve: (*Call).configGet},
	{Name: "Config.Set", Args: "{config: %M, save: %B, reboot: %B}", Changes: true, Serve: (*Call).configSet},
	{Name: "Config.Save", Args: "{reboot: %B}", Changes: true, Serve: (*Call).configSave},
}
