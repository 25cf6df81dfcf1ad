// Package dirfs lends the device a directory of the host as its file system (package firmware/device/fs has
// the contract).
//
// No name leads out of the directory: all access goes through os.Root, symbolic links included. A file is
// written under the name ".writing." beside its place and renamed into it once it is on the disk; that name
// ends in a dot, which no name the device can utter does. What is neither a regular file nor a directory, or
// has a name the device has no word for, is not there.
package dirfs
