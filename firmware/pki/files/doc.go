// Package files keeps the certificates of the note's walk on disk: for each family of keys the CA, the
// server's certificate, the client's one with its PKCS #12 file for browsers, and in the folder bad/ those
// that a device or a client must refuse. [Ensure] makes what is absent and never changes what is there.
//
// It first reads everything and compares it: a key must fit its certificate, a certificate its issuer, names
// what was asked for, dates the clock. Only when all that is there can stay as it is does it write, so that a
// run either completes the set or leaves the folder as it was and says what to remove. Files appear whole:
// they are written under a temporary name and linked to their own, which fails where a file of that name
// exists.
//
//	DIR/ecdsa/ca.crt ca.key
//	          server.crt server.key
//	          sandboxclient.crt sandboxclient.key sandboxclient.p12
//	          bad/...
//	DIR/rsa/  the same
package files
