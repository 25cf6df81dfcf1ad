// Package guard decides which files leave the device and which may be changed over the network. Static
// serving and the FS methods ask the same guard, so that there is one list of what is secret.
//
//   - A private key is never read nor written: the file that http.ssl_key names now or named at the start,
//     whatever has the name of a key or of a key store (see keyNames), and any file whose beginning shows a
//     PEM private key, whatever its name.
//   - The configuration (conf*.json, mos.yml and its JSON form) is never read nor written as a file:
//     passwords stand in it. Config.Get and Config.Set are its doors.
//   - The certificates that http.ssl_cert and http.ssl_ca_cert name may be read, for they are public, but not
//     written: who can replace the CA lets anyone in.
//   - Hidden files (http.hidden_files, and every name with a segment that begins with a dot) and all of the
//     above are not served as pages either; for a client they do not exist.
package guard

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/text"
)

// Guard is the list. It allocates nothing after New.
type Guard struct {
	config *config.Config
	key    [config.MaxText]byte // http.ssl_key at the start
	keyLen int
}

// keyNames are the names under which tools keep private keys and stores of them.
var keyNames = [...]string{"*.key", "*key.pem", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.p8", "id_*"}

// configNames are the names of files of configuration.
var configNames = [...]string{"conf?.json", "conf.json", "mos.yml", "mos.json", "mos_*.yml"}

// New makes a guard that follows c from now on. It remembers the key's file of this moment, so that pointing
// http.ssl_key elsewhere does not open the key in use.
func New(c *config.Config) *Guard {
	g := &Guard{config: c}
	g.keyLen = copy(g.key[:], fs.Trim(c.Text("http.ssl_key")))
	return g
}

// MayRead reports whether a client may read file name, by its name. What the file begins with must pass
// HoldsKey too.
func (g *Guard) MayRead(name []byte) bool { return !g.isKey(name) && !isConfig(name) }

// MayWrite reports whether a client may write, remove or rename file name, or rename another to it.
func (g *Guard) MayWrite(name []byte) bool {
	return g.MayRead(name) && !g.names("http.ssl_cert", name) && !g.names("http.ssl_ca_cert", name)
}

// MayServe reports whether file name may be served as a page.
func (g *Guard) MayServe(name []byte) bool {
	if !g.MayRead(name) || name[0] == '.' {
		return false
	}
	for i := 1; i < len(name); i++ {
		if name[i] == '.' && name[i-1] == '/' {
			return false
		}
	}
	base := fs.Base(name)
	l := config.Items(g.config.Text("http.hidden_files"))
	for l.Next() {
		if fs.MatchFold(l.Item, name) || fs.MatchFold(l.Item, base) {
			return false
		}
	}
	return true
}

// names reports whether the value of key is file name.
func (g *Guard) names(key string, name []byte) bool {
	return text.EqualFold(fs.Trim(g.config.Text(key)), name)
}

func (g *Guard) isKey(name []byte) bool {
	if g.names("http.ssl_key", name) || text.EqualFold(g.key[:g.keyLen], name) {
		return true
	}
	base := fs.Base(name)
	for _, pattern := range keyNames {
		if fs.MatchFold(pattern, base) {
			return true
		}
	}
	return false
}

func isConfig(name []byte) bool {
	base := fs.Base(name)
	for _, pattern := range configNames {
		if fs.MatchFold(pattern, base) {
			return true
		}
	}
	return false
}

// SniffLen is how much of the beginning of a file HoldsKey wants to see: openssl writes EC parameters before
// a key.
const SniffLen = 512

// HoldsKey reports whether the beginning of a file shows a private key in PEM (RFC 7468, section 10, and the
// older labels of OpenSSL).
func HoldsKey(p []byte) bool {
	const mark = "PRIVATE KEY-----"
	for i := 0; i+len(mark) <= len(p); i++ {
		if text.HasPrefix(p[i:], mark) {
			return true
		}
	}
	return false
}
