package httpd

import "colibri/firmware/device/fs"

// contentTypes are the types of the files that pages are made of.
var contentTypes = [...]struct{ ext, mime string }{
	{".html", "text/html; charset=utf-8"},
	{".htm", "text/html; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".mjs", "text/javascript; charset=utf-8"},
	{".json", "application/json"},
	{".txt", "text/plain; charset=utf-8"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".jpg", "image/jpeg"},
	{".jpeg", "image/jpeg"},
	{".gif", "image/gif"},
	{".webp", "image/webp"},
	{".ico", "image/x-icon"},
	{".woff2", "font/woff2"},
	{".wasm", "application/wasm"},
	{".xml", "application/xml"},
	{".pdf", "application/pdf"},
	{".crt", "application/x-x509-ca-cert"},
	{".pem", "application/x-pem-file"},
}

// contentType returns the type of the file name, by what it ends in.
func contentType(name []byte) string {
	for i := range contentTypes {
		ext := contentTypes[i].ext
		if len(name) > len(ext) && fs.MatchFold(ext, name[len(name)-len(ext):]) {
			return contentTypes[i].mime
		}
	}
	return "application/octet-stream"
}
