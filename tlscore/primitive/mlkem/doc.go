// Package mlkem is ML-KEM-768 (FIPS 203), the key encapsulation that TLS joins with X25519 in the group
// X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem, section 4).
//
// It stands on cloudflare/circl everywhere, which is in constant time in the secrets. All randomness is
// the caller's, and a private key is its seed: what circl expands it to lives no longer than a call, on
// the heap. Built by Go that is 6.5 KB in one allocation for Encapsulate and 8 KB in four for the others;
// built by TinyGo, which moves more to the heap, up to 29 KB. Therefore the smallest profile goes without
// this package; nothing links it that does not offer the group. What circl leaves in memory behind a call
// is not wiped.
package mlkem
