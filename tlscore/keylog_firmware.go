//go:build tinygo

package tlscore

import "colibri/tlscore/keyschedule"

// Firmware has no key log: there is no way to ask for one, and no code that could write it.

// HostOnly is empty in firmware.
type HostOnly struct{}

func (c *Conn) logEarlySecret(*suite, *keyschedule.Secret) {}
func (c *Conn) logHandshakeSecrets()                       {}
func (c *Conn) logTrafficSecrets()                         {}
func (c *Conn) logMasterSecret(*keyschedule.Secret)        {}
