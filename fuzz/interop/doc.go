// Package interop shows that other people's clients and our server understand each other: OpenSSL's s_client, GnuTLS's
// gnutls-cli, curl and Go's crypto/tls, each with every cipher suite, group and identity, with mutual authentication. The
// table it prints is what the tests saw.
//
// A client that is not installed is skipped with a word on how to install it; under CI=true it must be there.
package interop
