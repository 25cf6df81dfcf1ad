// Package log writes lines for people: a time stamp, the source, the text.
//
//	[Nov 23 10:00:00.123] http         HTTP server started on [8443]
//
// A line is put together piece by piece in the logger's own buffer and handed to a Sink when it ends; nothing
// is formatted and nothing allocated when its level is off. Whatever came from the network goes through
// Bytes, which escapes control characters and everything beyond ASCII, so that no peer writes lines or
// terminal commands of its own into the log; it is cut when it is long. Secrets have no method: a key, a
// password or a plaintext body is never passed here.
//
// Without a clock the stamp shows the time since the start, [+12.345].
package log
