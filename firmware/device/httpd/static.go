package httpd

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/guard"
)

// serveFile answers GET and HEAD with the file or the index file that the path names.
func (s *Server) serveFile(ws *workspace) {
	r, w := &ws.request, &ws.response
	name, status := s.resolve(ws)
	if status != 0 {
		if status == MovedPermanently {
			// The path as it came is encoded well, begins with one slash only and has no line ends.
			w.location = r.target.path
		}
		w.Status = status
		return
	}
	file, info, err := s.Files.Open(name)
	if err != nil {
		w.Status = ServiceUnavailable
		if err == fs.ErrNotExist || err == fs.ErrIsDir || err == fs.ErrName {
			w.Status = NotFound
		}
		return
	}
	n, err := s.Files.ReadAt(file, ws.sniff[:], 0)
	if err != nil || guard.HoldsKey(ws.sniff[:n]) {
		s.Files.Close(file)
		w.Status = NotFound
		return
	}
	entityTag(&w.tag, info.Version)
	w.tagged = true
	if w.Status = r.fields.precondition(w.tag[:]); w.Status != 0 {
		s.Files.Close(file)
		return
	}
	w.Status, w.ContentType = OK, contentType(name)
	w.file, w.size, w.whole = file, info.Size, info.Size
	if r.Method != Get {
		return
	}
	from, size, ok, status := r.fields.rangeOf(info.Size, w.tag[:])
	if status != 0 {
		s.Files.Close(file)
		w.file, w.size = 0, 0
		w.Status, w.ranged = status, true
		return
	}
	if ok {
		w.Status, w.from, w.size, w.ranged = PartialContent, from, size, true
	}
}

// resolve returns the name in the file system of the file to serve: below the document root, an index file
// for a directory, none that the guard holds back.
func (s *Server) resolve(ws *workspace) ([]byte, Status) {
	r := &ws.request
	root := fs.Trim(s.Config.Text("http.document_root"))
	n, ok := join(&ws.path, root, r.Path)
	if !ok {
		return nil, NotFound
	}
	name := ws.path[:n]
	info, err := s.Files.Stat(name)
	switch {
	case err != nil:
		return nil, NotFound
	case !info.Dir && (r.dir || !s.Guard.MayServe(name)):
		return nil, NotFound
	case !info.Dir:
		return name, 0
	case len(name) > 0 && !s.Guard.MayServe(name):
		return nil, NotFound
	}
	l := config.Items(s.Config.Text("http.index_files"))
	for l.Next() {
		m, ok := join(&ws.path, name, l.Item)
		if !ok || !s.Guard.MayServe(ws.path[:m]) {
			continue
		}
		if info, err := s.Files.Stat(ws.path[:m]); err == nil && !info.Dir {
			if !r.dir {
				return nil, MovedPermanently
			}
			return ws.path[:m], 0
		}
	}
	return nil, NotFound
}

// join writes dir, a slash and name to p, without the slash if one of them is empty. Dir may be the beginning
// of p.
func join(p *[fs.MaxName]byte, dir, name []byte) (n int, ok bool) {
	n = copy(p[:], dir)
	if n > 0 && len(name) > 0 {
		if n == len(p) {
			return 0, false
		}
		p[n] = '/'
		n++
	}
	if len(name) > len(p)-n {
		return 0, false
	}
	return n + copy(p[n:], name), true
}
