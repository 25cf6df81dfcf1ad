// Package httpd is an HTTP/1.1 server for files and handlers (RFC 9110, RFC 9112) that works on the windows
// of a connection: it neither blocks nor allocates, and its result does not depend on how the bytes arrive.
//
// A Conn belongs to each connection and is small; what a request needs beyond it (its head, its body, the
// response's head) stands in a Workspace, which a connection borrows with the first byte of a request and
// gives back when the response needs it no more. A file streams through the connection's write window,
// however large it is, without a workspace. So idle connections and long downloads cost next to nothing.
//
// Requests are read strictly, because two readers who understand one message differently are how requests are
// smuggled: the head is checked byte by byte (head.go) before lneto's httpraw parses it; bare line feeds,
// folded lines, blanks before the colon, two lengths, a length beside a transfer coding, a second Host are
// all refused with 400, and the connection ends, since nobody knows where the next request would begin. What
// is too large is refused before it is stored.
//
// Names of files are checked after percent decoding (target.go, fs.Valid), and rules about them (package
// guard) compare without regard to case; a path that is not the one spelling of a file is 404. Responses to
// browsers carry nosniff; handlers see no request that another site made a browser send (Request.CrossSite).
package httpd
