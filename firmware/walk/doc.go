//go:build unix

// Command walk shows the whole of it on one machine, and is what `make` runs: it builds the device for this
// host, makes the certificates that are absent, starts the device on a free port of the loopback interface,
// and does the application note's steps with the real curl. Each command is printed as it could be typed,
// with what came back and whether that is what should have. A short benchmark and a short fuzz run follow,
// and a table at the end. The exit status is 0 only if all of it passed.
//
//	go run ./firmware/walk           # the walk, under two minutes
//	go run ./firmware/walk -json     # the same, with a summary for programs on standard output
//	go run ./firmware/walk -run      # no steps: the device serves until interrupted, and the curl lines are printed
//	go run ./firmware/walk -keep     # the walk, and then as -run
//
// It ends the processes it started and no others, and writes below build/ only, or the folder that -dir
// names.
package main
