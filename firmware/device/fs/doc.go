// Package fs says what the device asks of a file system, and holds a whole one in memory for boards without
// flash and for tests. The host's file system stands in firmware/host.
//
// The interface is small on purpose: whatever is written is written in one call, whole or not at all, so that
// no crash and no full disk leaves half a file; whatever is read is read at an offset, so that a file of any
// size streams through a buffer of any size. Names travel as byte slices, because they are views into a
// request and a string would cost an allocation.
//
// A name is a path relative to the root of the file system: segments of printable ASCII joined by '/',
// without a leading slash (see Valid). Two spellings of one file would let a request slip past a rule that
// knows the other spelling, hence names with dot segments, empty segments, backslashes, colons, trailing dots
// or blanks do not exist here, and rules compare names without regard to case (see MatchFold), as the file
// systems of some hosts do.
package fs
