package fs

// File is the number of an open file. The zero value is never one.
type File int32

// Info describes a file or a directory.
type Info struct {
	Size    int64  // bytes; 0 for a directory
	Version uint64 // differs whenever the content differs from that of another time; makes the ETag
	Dir     bool
}

// FS is the device's file system. Calls come from one goroutine at a time, return quickly and keep no slice
// they were handed. Names obey Valid; an implementation refuses others with ErrName all the same, and never
// follows a name out of its root.
type FS interface {
	// List copies the name (one segment) of the entry at position pos, counted from 0, of directory dir to
	// name and returns its length. The root directory is the empty name. Positions stand still as long as
	// nothing is written. ErrEnd after the last entry; ErrNotExist: no such directory; ErrName: the name does
	// not fit (the entry can be passed over by going on with pos+1).
	List(dir []byte, pos int, name []byte) (n int, info Info, err error)

	// Stat describes the file or directory name; the empty name is the root.
	Stat(name []byte) (Info, error)

	// Open opens a file for reading. What is read through the handle is the content of this moment or an
	// error, not a mixture of it and of a later Write. ErrIsDir, ErrNotExist, ErrBusy.
	Open(name []byte) (File, Info, error)

	// ReadAt fills p from offset off, and returns fewer bytes than len(p) only at the end of the file.
	ReadAt(f File, p []byte, off int64) (int, error)

	// Close ends the use of f. Closing what is not open does nothing.
	Close(f File)

	// Write makes data the content of file name, or with extend adds it at the end (of nothing, if there is
	// no such file). It is atomic: after an error or a loss of power the file is as before or as asked.
	// Parent directories come into being as needed.
	Write(name, data []byte, extend bool) error

	// Remove deletes a file. ErrIsDir for a directory: directories go with their last file.
	Remove(name []byte) error

	// Rename gives a file another name, atomically and in the place of any file of that name.
	Rename(from, to []byte) error

	// Usage returns the bytes that files occupy and the bytes there are in all; size 0 means that nobody knows.
	Usage() (used, size int64)
}
