//go:build !subset || sha2

package selftest

import "colibri/tlscore/primitive/sha2"

// The hash of 4 KB of counting bytes. The answers were computed with Go's crypto/sha256 and crypto/sha512.
func init() {
	add("sha2",
		sum("SHA256/impl=colibri/size=64", sha2.SHA256, 64,
			"fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"),
		sum("SHA256/impl=colibri/size=4096", sha2.SHA256, 4096,
			"c8f5d0341d54d951a71b136e6e2afcb14d11ed8489a7ae126a8fee0df6ecf193"),
		sum("SHA384/impl=colibri/size=4096", sha2.SHA384, 4096,
			"166f9617070665894eb30e3968ee7642d7fd459089bee2ccae3aa4ae1b658eb53e2780a0b9e10ae5efe7ed112be3bf59"),
		sum("SHA512/impl=colibri/size=4096", sha2.SHA512, 4096,
			"034a1bd3ad5dbddf6c9aed6b1705661487e110dc7e158fe330c94363e8ffb53b1c92f883010fd73ce8a86115b7b4712b"+
				"a0f3a9279760ed6220a5773eb54425f0"),
	)
}

func sum(name string, a sha2.Algorithm, size int, want string) Case {
	return Case{
		Name:  name,
		Setup: fillAll,
		Op:    func() { sha2.Sum(a, digest[:], message[:size]) },
		OK:    func() bool { return equal(digest[:a.Size()], want) },
	}
}
