package rpc

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/json"
)

// configGet is Config.Get: all values, or those of a group, or one. Secrets appear as config.Mask.
func (c *Call) configGet() {
	var key [config.MaxKey]byte
	v := c.Args.Get("key")
	n, ok := v.Text(key[:])
	if v != nil && !ok || !c.service.Config.Emit(c.Out, key[:n]) {
		c.Fail(codeNotFound, "no such key; Config.Get without arguments shows all")
	}
}

// configSet is Config.Set: changes values, all or none, and with save keeps them.
func (c *Call) configSet() {
	save, okSave := optional(c.Args.Get("save"))
	reboot, okReboot := optional(c.Args.Get("reboot"))
	if !okSave || !okReboot {
		c.Fail(codeBadRequest, "save and reboot are true or false")
		return
	}
	v := c.Args.Get("config")
	if v.Kind() != json.Object {
		c.Fail(codeBadRequest, `config is required, an object like {"http": {"enable": true}}`)
		return
	}
	if !c.filesExist(v) {
		return
	}
	if c.fault = c.service.Config.Set(v); !c.fault.OK() {
		c.Fail(codeBadRequest)
		c.msgLen = c.fault.Text(c.message[:])
		return
	}
	// From here on the arguments are spoiled.
	if save && !c.save() {
		return
	}
	c.answerSaved(save, reboot)
}

// filesExist checks that the files are there which TLS would need after a restart: a device that cannot start cannot be
// mended from afar.
func (c *Call) filesExist(v json.Value) bool {
	http := v.Get("http")
	for _, key := range [...]string{"ssl_cert", "ssl_key", "ssl_ca_cert"} {
		n, ok := http.Get(key).Text(c.name[:])
		file := fs.Trim(c.name[:n])
		if !ok || len(file) == 0 {
			continue // not set, emptied, or refused by its rule
		}
		if info, err := c.service.Files.Stat(file); err != nil || info.Dir {
			c.Fail(codeBadRequest, "http.", key, ": there is no such file")
			return false
		}
	}
	return true
}

// configSave is Config.Save: keeps what differs from the defaults.
func (c *Call) configSave() {
	reboot, ok := optional(c.Args.Get("reboot"))
	if !ok {
		c.Fail(codeBadRequest, "reboot is true or false")
		return
	}
	if !c.save() {
		return
	}
	c.answerSaved(true, reboot)
}

// answerSaved answers whether the overlay was saved, and lets the device restart soon if it is to.
func (c *Call) answerSaved(saved, reboot bool) {
	if reboot {
		c.service.reboots = max(c.Now+rebootDelay, 1)
	}
	c.Out.Object()
	c.Out.Key("saved")
	c.Out.Bool(saved)
	c.Out.EndObject()
}

// save writes the overlay by way of the request's memory, in which the arguments stand.
func (c *Call) save() bool {
	s := c.service
	if err := s.Config.Save(s.Files, c.request.Body[:cap(c.request.Body)]); err != nil {
		c.failFile(err)
		return false
	}
	return true
}

// optional reads a boolean that may be absent, which means false.
func optional(v json.Value) (b, ok bool) {
	if v == nil {
		return false, true
	}
	return v.Bool()
}
