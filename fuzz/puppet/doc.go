// Package puppet is a TLS 1.3 client, and a server, whose strings are in the hands of a test: it makes each message of a client's
// handshake, knows the keys, and leaves it to the test which messages are sent, in what order, in what records, and what is
// changed in them before. Only tests and fuzz targets import it.
package puppet
