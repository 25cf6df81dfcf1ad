package rpc

import (
	"colibri/firmware/device/fs"
	"colibri/firmware/device/guard"
	"colibri/firmware/device/text"
)

// fsList is FS.List: the names in a directory, those of directories with a slash at the end.
func (c *Call) fsList() { c.listFiles(false) }

// fsListExt is FS.ListExt: names and sizes.
func (c *Call) fsListExt() { c.listFiles(true) }

func (c *Call) listFiles(ext bool) {
	path, entry := c.Args.Get("path"), &c.entry
	n, ok := path.Text(c.name[:])
	dir := fs.Trim(c.name[:n])
	if !ok && path != nil || !fs.ValidDir(dir) {
		c.Fail(codeBadRequest, "path is the name of a directory")
		return
	}
	out, files := c.Out, c.service.Files
	out.Array()
	for pos := 0; !out.Full(); pos++ {
		n, info, err := files.List(dir, pos, entry[:fs.MaxName])
		if err == fs.ErrEnd {
			break
		}
		if err == fs.ErrName {
			continue
		}
		if err != nil {
			c.failFile(err)
			return
		}
		if info.Dir {
			entry[n] = '/'
			n++
		}
		if !ext {
			out.Text(entry[:n])
			continue
		}
		out.Object()
		out.Key("name")
		out.Text(entry[:n])
		out.Key("size")
		out.Int(info.Size)
		out.EndObject()
	}
	out.EndArray()
}

// failFile makes a file system's error the call's.
func (c *Call) failFile(err error) {
	code := int64(codeInternal)
	switch err {
	case fs.ErrName, fs.ErrIsDir:
		code = codeBadRequest
	case fs.ErrNotExist:
		code = codeNotFound
	case fs.ErrNoSpace:
		code = codeNoSpace
	}
	c.Fail(code, err.Error())
}

// fileName reads the name of a file from an argument into name; the call has failed if it returns nil.
func (c *Call) fileName(arg string, name *[fs.MaxName + 1]byte) []byte {
	n, ok := c.Args.Get(arg).Text(name[:])
	file := fs.Trim(name[:n])
	if !ok || !fs.Valid(file) || name[n-1] == '/' {
		c.Fail(codeBadRequest, arg, " is required, the name of a file")
		return nil
	}
	return file
}

// protected makes the call fail because of a file that is out of reach.
func (c *Call) protected() { c.Fail(codeForbidden, "this file is protected") }

// mayGet reports whether the client may read file name: what package guard lets out, and for a client without
// a certificate only what is served as a page.
func (c *Call) mayGet(name []byte) bool {
	s := c.service
	if c.Trusted() {
		return s.Guard.MayRead(name)
	}
	root := fs.Trim(s.Config.Text("http.document_root"))
	n := len(root)
	in := n == 0 || len(name) > n && name[n] == '/' && text.HasPrefix(name, root)
	return in && s.Guard.MayServe(name)
}

// fsGet is FS.Get: a part of a file in base64, and how many bytes are left after it. It sends as much as fits
// in a response; a client that wants the rest asks again from where it is.
func (c *Call) fsGet() {
	name := c.fileName("filename", &c.name)
	if name == nil {
		return
	}
	offset, length := int64(0), int64(1)<<31-1
	if v := c.Args.Get("offset"); v != nil {
		n, ok := v.Int()
		if !ok || n < 0 {
			c.Fail(codeBadRequest, "offset is a number from 0")
			return
		}
		offset = n
	}
	if v := c.Args.Get("len"); v != nil {
		n, ok := v.Int()
		if !ok || n < -1 {
			c.Fail(codeBadRequest, "len is a number from 0, or -1 for all")
			return
		}
		if n >= 0 {
			length = min(length, n)
		}
	}
	if !c.mayGet(name) {
		c.protected()
		return
	}
	files := c.service.Files
	file, info, err := files.Open(name)
	if err != nil {
		c.failFile(err)
		return
	}
	defer files.Close(file)
	offset = min(offset, info.Size)
	length = min(length, info.Size-offset)

	out := c.Out
	out.Object()
	out.Key("data")
	// The bytes are read to the end of the response's memory and encoded in place. The beginning of the file,
	// which might show a private key, passes through the same memory first.
	sniff := out.Lend(guard.SniffLen, 0)
	n, err := files.ReadAt(file, sniff, 0)
	if err == nil && guard.HoldsKey(sniff[:n]) {
		c.protected()
		return
	}
	const rest = len(`,"left":9223372036854775807}`) + frameEnd
	lent := out.Lend(int(length), rest)
	if err == nil {
		n, err = files.ReadAt(file, lent, offset)
	}
	if err != nil {
		c.failFile(err)
		return
	}
	out.Base64(n)
	out.Key("left")
	out.Int(info.Size - offset - int64(n))
	out.EndObject()
}

// fsPut is FS.Put: writes a file, or with append adds to it, whole or not at all.
func (c *Call) fsPut() {
	name := c.fileName("filename", &c.name)
	if name == nil {
		return
	}
	extend := false
	if v := c.Args.Get("append"); v != nil {
		var ok bool
		if extend, ok = v.Bool(); !ok {
			c.Fail(codeBadRequest, "append is true or false")
			return
		}
	}
	if !c.service.Guard.MayWrite(name) {
		c.protected()
		return
	}
	data := c.Args.Get("data")
	n, ok := data.DecodeBase64(data)
	if !ok {
		c.Fail(codeBadRequest, "data is required, in base64 with padding")
		return
	}
	if guard.HoldsKey(data[:min(n, guard.SniffLen)]) {
		c.Fail(codeForbidden, "a private key is not stored this way: it came over the network")
		return
	}
	if !c.fits(name, int64(n), extend) {
		return
	}
	if err := c.service.Files.Write(name, data[:n], extend); err != nil {
		c.failFile(err)
		return
	}
	c.Out.Null()
}

// maxDepth bounds the segments of names that FS.Put and FS.Rename make, and with them the directories.
const maxDepth = 3

// fits checks the quota for n bytes more in file name.
func (c *Call) fits(name []byte, n int64, extend bool) bool {
	s := c.service
	info, err := s.Files.Stat(name)
	if err != nil && !c.hasRoom(name) {
		return false
	}
	size, grows := n, n-info.Size
	if extend {
		size, grows = info.Size+n, n
	}
	used, _ := s.Files.Usage()
	if size > s.Quota.File || used+grows > s.Quota.Total {
		c.Fail(codeNoSpace, "quota exceeded")
		return false
	}
	return true
}

// hasRoom checks the quota for the file name, which does not exist, and for the directories that would come
// with it.
func (c *Call) hasRoom(name []byte) bool {
	parent, depth, found := 0, 1, true // the longest part of name that exists is name[:parent]; 0 is the root
	for i := range name {
		if name[i] == '/' {
			depth++
			if _, err := c.service.Files.Stat(name[:i]); found && err == nil {
				parent = i
			} else {
				found = false
			}
		}
	}
	if depth > maxDepth {
		c.Fail(codeNoSpace, "quota exceeded: directories too deep")
		return false
	}
	if _, _, err := c.service.Files.List(name[:parent], c.service.Quota.Entries-1, c.entry[:]); err == nil {
		c.Fail(codeNoSpace, "quota exceeded: too many files in a directory")
		return false
	}
	return true
}

// fsRemove is FS.Remove.
func (c *Call) fsRemove() {
	name := c.fileName("filename", &c.name)
	if name == nil {
		return
	}
	if !c.service.Guard.MayWrite(name) {
		c.protected()
		return
	}
	if err := c.service.Files.Remove(name); err != nil {
		c.failFile(err)
		return
	}
	c.Out.Null()
}

// fsRename is FS.Rename.
func (c *Call) fsRename() {
	src := c.fileName("src", &c.name)
	if src == nil {
		return
	}
	dst := c.fileName("dst", &c.other)
	if dst == nil {
		return
	}
	g := c.service.Guard
	if !g.MayWrite(src) || !g.MayWrite(dst) {
		c.protected()
		return
	}
	if _, err := c.service.Files.Stat(dst); err != nil && !c.hasRoom(dst) {
		return
	}
	if err := c.service.Files.Rename(src, dst); err != nil {
		c.failFile(err)
		return
	}
	c.Out.Null()
}
