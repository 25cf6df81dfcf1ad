//go:build !cttestcount

package cttest

// measured is for the binary whose instructions are counted (measured_count.go).
func measured(func()) { panic("cttest: not built for counting") }
