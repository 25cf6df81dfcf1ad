// Package mldsa is ML-DSA (FIPS 204) in its three parameter sets, which the lengths of public keys and signatures tell apart. All
// randomness is the caller's. A private key is a seed of 32 bytes or the expanded form that it determines (FIPS 204, algorithm 24).
//
// It stands on cloudflare/circl everywhere. circl expands keys to matrices on the heap: to verify takes 23 KB of it with ML-DSA-44, 41 KB
// with ML-DSA-65 and 69 KB with ML-DSA-87, to sign 116, 169 and 240 KB, and about as much stack; the tests pin how often it allocates.
// So a smallest profile goes without this package, and nothing of it is linked but where a program names it.
//
// In reading order: sets.go, verify.go, key.go (private keys), derive.go (what their parts have to do with each other), sign.go, scheme.go (all
// of it as an interface).
//
// # Side channels
//
// How often a signature is begun anew depends on its message and on randomness, as the standard has it; for the rest see circl, which
// claims that its code takes a time that depends on no secret. What circl leaves in memory is not wiped.
package mldsa
