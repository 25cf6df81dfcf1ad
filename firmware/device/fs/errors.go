package fs

// Error is why an operation on a file failed.
type Error uint8

// The errors of this package; every method of FS answers with one of them or nil.
const (
	_           Error = iota
	ErrName           // the name does not obey Valid, or a buffer is too small for it
	ErrNotExist       // there is no such file or directory
	ErrIsDir          // the name is a directory and a file was asked for
	ErrEnd            // List: there is no entry at this position
	ErrBusy           // too many files are open, or this one is open and cannot change now
	ErrNoSpace        // the file system is full or has no place for another file
	ErrHandle         // the handle is not open
	ErrIO             // the medium failed
)

var errorTexts = [...]string{
	ErrName:     "fs: not a valid file name",
	ErrNotExist: "fs: no such file",
	ErrIsDir:    "fs: is a directory",
	ErrEnd:      "fs: no more entries",
	ErrBusy:     "fs: too many open files",
	ErrNoSpace:  "fs: no space left",
	ErrHandle:   "fs: not an open file",
	ErrIO:       "fs: input or output failed",
}

// Error returns the text for people.
func (e Error) Error() string {
	if e == 0 || int(e) >= len(errorTexts) {
		return "fs: unknown error"
	}
	return errorTexts[e]
}
