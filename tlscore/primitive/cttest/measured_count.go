//go:build cttestcount

package cttest

import _ "unsafe" // for go:linkname

// measured is the function that callgrind counts in. It runs f on the stack of the thread (16 KB), where the
// scheduler's request to give way does not reach: a function that meets it repeats its first instructions,
// and a change of stacks confuses callgrind.
func measured(f func()) { systemstack(func() { counted(f) }) }

//go:noinline
func counted(f func()) { f() }

// systemstack is the runtime's own. The binary is linked with -checklinkname=0, which permits this.
//
//go:linkname systemstack runtime.systemstack
//go:noescape
func systemstack(f func())
