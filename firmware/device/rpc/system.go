package rpc

// list is RPC.List: the names of all methods.
func (c *Call) list() {
	c.Out.Array()
	for i := range c.service.Methods {
		c.Out.Str(c.service.Methods[i].Name)
	}
	for i := range c.service.builtin {
		c.Out.Str(c.service.builtin[i].Name)
	}
	c.Out.EndArray()
}

// describe is RPC.Describe: the arguments of a method.
func (c *Call) describe() {
	m := c.service.find(c.Args.Get("name"))
	if m == nil {
		c.Fail(codeNotFound, "no such method; RPC.List shows all")
		return
	}
	c.Out.Object()
	c.Out.Key("name")
	c.Out.Str(m.Name)
	c.Out.Key("args_fmt")
	c.Out.Str(m.Args)
	c.Out.EndObject()
}

// ping is RPC.Ping: how and from where the client is connected.
func (c *Call) ping() {
	var info [64]byte
	n := copy(info[:], "HTTP ")
	if c.Session.Secure {
		n = copy(info[:], "HTTPS ")
	}
	n += copy(info[n:], c.Session.Address())
	c.Out.Object()
	c.Out.Key("channel_info")
	c.Out.Text(info[:n])
	c.Out.EndObject()
}

// getInfo is Sys.GetInfo: what the device is and what it has left.
func (c *Call) getInfo() {
	info, out := &c.service.Info, c.Out
	out.Object()
	for _, f := range [...][2]string{{"id", info.ID}, {"app", info.App}, {"fw_version", info.Version},
		{"fw_id", info.Build}, {"mac", info.MAC}, {"arch", info.Arch}} {
		out.Key(f[0])
		out.Str(f[1])
	}
	out.Key("uptime")
	out.Int(c.Now / 1000)
	if info.RAM != nil {
		size, free, least := info.RAM()
		out.Key("ram_size")
		out.Int(size)
		out.Key("ram_free")
		out.Int(free)
		out.Key("ram_min_free")
		out.Int(least)
	}
	used, size := c.service.Files.Usage()
	out.Key("fs_size")
	out.Int(size)
	out.Key("fs_free")
	out.Int(max(size-used, 0))
	out.EndObject()
}

// reboot is Sys.Reboot.
func (c *Call) reboot() {
	delay := int64(rebootDelay)
	if v := c.Args.Get("delay_ms"); v != nil {
		n, ok := v.Int()
		if !ok || n < 0 || n > 60_000 {
			c.Fail(codeBadRequest, "delay_ms is 0 to 60000")
			return
		}
		delay = n
	}
	c.service.reboots = max(c.Now+delay, 1)
	c.Out.Null()
}

// tlsInfo is TLS.Info: what was negotiated on this connection, and who the client is.
func (c *Call) tlsInfo() {
	s, out := c.Session, c.Out
	out.Object()
	out.Key("secure")
	out.Bool(s.Secure)
	if s.Secure {
		for _, f := range [...][2]string{{"version", s.Version}, {"suite", s.Suite}, {"group", s.Group},
			{"alpn", s.ALPN}} {
			out.Key(f[0])
			out.Str(f[1])
		}
		out.Key("resumed")
		out.Bool(s.Resumed)
	}
	out.Key("client")
	if s.Peer.Verified {
		out.Object()
		out.Key("subject")
		out.Text(s.Peer.Subject())
		out.Key("names")
		out.Text(s.Peer.Names())
		out.Key("sha256")
		out.Hex(s.Peer.Fingerprint[:])
		out.EndObject()
	} else {
		out.Null()
	}
	out.EndObject()
}
