// Package interop shows that other people's TLS and ours understand each other. Its matrix crosses version, cipher suite, group,
// kind of identity, authentication of the client and resumption, with our server before their clients and our client before their
// servers; the tests beside it look at one feature each.
//
//	cell_test.go     what a cell of the matrix is, and which there are
//	sample_test.go   a choice of cells that has every pair of properties
//	site_test.go     the certificates of a kind, on disk and in memory
//	matrix_test.go   the matrix itself: our server, our client, and what makes a cell pass
//	table_test.go    the table that is printed
//	openssl_test.go, curl_test.go, gnutls_test.go, nss_test.go, botan_test.go, lighttpd_test.go, gotls_test.go  the peers
//	peer_test.go     running programs
//
// A cell passes if our side negotiated exactly what the cell says, knows whom it talked to, and 128 KB went each way unchanged.
// Where a peer cannot do something, or we cannot, the table has a dash and the reason. Our client tries every cell. Their clients, which are a
// process for each connection, try every cell if they are OpenSSL or crypto/tls, and of the others a sample that has each pair of a
// version and suite, a group, an identity and a mode; make interop tries all.
//
// A program that is not installed is skipped with a word on how to install it; under CI=true it must be there.
package interop
