// Package aes is AES-128 and AES-256 encryption (FIPS 197) for 32-bit cores without AES instructions, in
// constant time: no table, no branch and no index depends on key or data.
//
// Two blocks are encrypted at once, bitsliced: they are transposed into eight words, word k of which holds
// bit k of each of the 32 bytes, and the S-box is a circuit of logical instructions. ShiftRows is never
// carried out: as in fixslicing (Adomnicai and Peyrin, "Fixslicing AES-like Ciphers", IACR ePrint 2020/1123)
// the bytes stay where they are, MixColumns takes them from where they stand, which repeats every four
// rounds, and the round keys are laid out to match.
//
// Decryption of blocks is not here: GCM and CCM do without it.
package aes
