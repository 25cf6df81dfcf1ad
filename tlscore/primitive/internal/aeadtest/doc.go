// Package aeadtest holds the tests that the AEAD packages have in common. Only tests import it.
//
// A package lists its implementations, the one that the build selects and the portable one, and hands them to
// Wycheproof, Properties, Agree and Fuzz.
package aeadtest
