// Package site is what a board's image carries beside its code: the schema of its configuration, and the files that its file system
// begins with, certificates and key among them. Command pack makes it, as one file:
//
//	length of the name, 1 byte; name; length of the content, 4 bytes, little-endian; content
//
// and that again until the end. The first name is empty, and its content is the schema as config.New takes it. The bytes stay in
// flash: nothing here copies them.
package site

// Reader walks over a site.
type Reader struct{ rest string }

// Read returns a reader of the site in image and its schema; ok is false if it is none.
func Read(image string) (r Reader, schema string, ok bool) {
	r.rest = image
	name, schema, ok := r.Next()
	return r, schema, ok && name == ""
}

// Next returns the next file; ok is false after the last one, and where the site ends in the middle of one.
func (r *Reader) Next() (name, content string, ok bool) {
	p := r.rest
	if len(p) == 0 || len(p) < 5+int(p[0]) {
		return "", "", false
	}
	name, p = p[1:1+p[0]], p[1+int(p[0]):]
	size := uint64(p[0]) | uint64(p[1])<<8 | uint64(p[2])<<16 | uint64(p[3])<<24
	if p = p[4:]; uint64(len(p)) < size {
		return "", "", false
	}
	content, r.rest = p[:size], p[size:]
	return name, content, true
}

// Append adds a file to a site. The name has at most 255 bytes.
func Append(image []byte, name string, content []byte) []byte {
	n := len(content)
	image = append(append(image, byte(len(name))), name...)
	return append(append(image, byte(n), byte(n>>8), byte(n>>16), byte(n>>24)), content...)
}
