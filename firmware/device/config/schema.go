package config

import "colibri/firmware/device/text"

// Kind is the type of a key's values.
type Kind uint8

// The kinds, and the letters that schema lines give them.
const (
	_    Kind = iota
	Bool      // "b"
	Int       // "i"
	Text      // "s"
)

// Bounds.
const (
	MaxKey  = 48  // bytes of a key
	MaxText = 128 // bytes of a text value
	MaxKeys = 64  // keys in all
)

// Mask stands for the value of a secret key.
const Mask = "********"

// definition is a key with its type, default and rule.
type definition struct {
	key    string
	kind   Kind
	num    int64  // default of Bool (0 or 1) and Int
	text   string // default of Text
	secret bool
	rule   rule
	title  string
}

// builtin are the keys that the firmware reads, with the names and meanings of Mongoose OS.
var builtin = [...]definition{
	{key: "http.enable", kind: Bool, num: 1, title: "Enable the HTTP server"},
	{key: "http.listen_addr", kind: Text, text: "80", rule: ruleListen,
		title: "Port, or address and port, to listen on"},
	{key: "http.document_root", kind: Text, text: "/", rule: ruleDir, title: "Directory of the files to serve"},
	{key: "http.index_files", kind: Text, text: "index.html", rule: ruleNames,
		title: "Comma-separated names that stand for their directory"},
	{key: "http.ssl_cert", kind: Text, rule: ruleFile, title: "Turn on TLS with this certificate chain (PEM)"},
	{key: "http.ssl_key", kind: Text, rule: ruleFile, title: "Private key of the certificate (PEM)"},
	{key: "http.ssl_ca_cert", kind: Text, rule: ruleFile, title: "Verify clients against this CA bundle (PEM)"},
	{key: "http.hidden_files", kind: Text, rule: rulePatterns,
		title: "Comma-separated patterns (* and ?) of files never to serve"},
	{key: "http.extra_headers", kind: Text, rule: ruleHeaders,
		title: "Header fields of every response, separated by CR LF"},
	{key: "sntp.server", kind: Text, rule: ruleServer,
		title: "Ask this address, in a board's own network, for the time"},
	{key: "sntp.update_interval", kind: Int, num: 7200, rule: ruleInterval, title: "Seconds between two questions"},
	{key: "wifi.ap.ssid", kind: Text, text: "colibri", rule: ruleSSID, title: "Name of the access point"},
	{key: "wifi.ap.pass", kind: Text, secret: true, rule: rulePass, title: "Password of the access point"},
	{key: "wifi.ap.channel", kind: Int, num: 6, rule: ruleChannel, title: "Channel of the access point"},
	{key: "wifi.ap.ip", kind: Text, text: "192.168.4.1", rule: ruleIPv4, title: "Address of the access point"},
	{key: "wifi.ap.netmask", kind: Text, text: "255.255.255.0", rule: ruleIPv4,
		title: "Network mask of the access point"},
	{key: "wifi.ap.gw", kind: Text, text: "192.168.4.1", rule: ruleIPv4,
		title: "Gateway that the access point announces"},
}

func kindOf(letter []byte) (Kind, bool) {
	if len(letter) != 1 {
		return 0, false
	}
	switch letter[0] {
	case 'b':
		return Bool, true
	case 'i':
		return Int, true
	case 's':
		return Text, true
	}
	return 0, false
}

// want is the remedy for a value of the wrong type.
func (k Kind) want() string {
	switch k {
	case Bool:
		return "use true or false"
	case Int:
		return "use a whole number"
	}
	return "use a text in quotes"
}

// validKey reports whether key can be one: segments of letters, digits and underscores, joined by dots.
func validKey(key []byte) bool {
	if len(key) == 0 || len(key) > MaxKey || key[0] == '.' || key[len(key)-1] == '.' {
		return false
	}
	for i, c := range key {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_':
		case c == '.' && key[i-1] != '.':
		default:
			return false
		}
	}
	return true
}

// before reports whether key a comes before b, in an order that keeps the keys of a group together.
func before(a, b string) bool {
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if x != y {
			return x == '.' || y != '.' && x < y
		}
	}
	return len(a) < len(b)
}

// inGroup reports whether key lies in group, "" being the group of all keys, and returns what follows the
// group's name.
func inGroup[K text.Of](key string, group K) (string, bool) {
	if len(group) == 0 {
		return key, true
	}
	if len(key) > len(group)+1 && key[len(group)] == '.' && text.HasPrefix(key, group) {
		return key[len(group)+1:], true
	}
	return "", false
}

// firstSegment cuts key at its first dot; rest is "" if there is none.
func firstSegment(key string) (first, rest string) {
	for i := range len(key) {
		if key[i] == '.' {
			return key[:i], key[i+1:]
		}
	}
	return key, ""
}

func hasDot(name []byte) bool {
	for _, c := range name {
		if c == '.' {
			return true
		}
	}
	return false
}
