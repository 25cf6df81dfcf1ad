//go:build !subset || p256

package selftest

import "colibri/tlscore/primitive/p256"

var (
	p256Private   [p256.ScalarSize]byte
	p256Public    [p256.PointSize]byte
	p256Shared    [32]byte
	p256Signature [p256.SignatureSize]byte
)

// ECDH: RFC 5903, 8.1. Signatures: RFC 6979, A.2.5, SHA-256 of "sample"; without added entropy they are deterministic.
func init() {
	const (
		initiator    = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"
		initiatorPub = "04" +
			"dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180" +
			"5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3"
		responderPub = "04" +
			"d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63" +
			"56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"
		shared    = "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"
		signer    = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
		signerPub = "04" +
			"60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" +
			"7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
		sampleHash = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"
		signature  = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
			"f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
	)
	add("p256",
		Case{
			Name:  "P256PublicKey/impl=colibri",
			Setup: func() { unhex(p256Private[:], initiator) },
			Op:    func() { accepted = p256.PublicKey(&p256Public, &p256Private) },
			OK:    func() bool { return accepted && equal(p256Public[:], initiatorPub) },

			Secret: p256Secret,
		},
		Case{
			Name: "P256ECDH/impl=colibri",
			Setup: func() {
				unhex(p256Private[:], initiator)
				unhex(p256Public[:], responderPub)
			},
			Op: func() { accepted = p256.ECDH(&p256Shared, &p256Private, p256Public[:]) },
			OK: func() bool { return accepted && equal(p256Shared[:], shared) },

			Secret: p256Secret,
		},
		Case{
			Name: "P256Sign/impl=colibri",
			Setup: func() {
				unhex(p256Private[:], signer)
				unhex(digest[:], sampleHash)
			},
			Op: func() { accepted = p256.Sign(&p256Signature, &p256Private, digest[:32], nil) },
			OK: func() bool { return accepted && equal(p256Signature[:], signature) },

			Secret: p256Secret,
		},
		Case{
			Name: "P256Verify/impl=colibri",
			Setup: func() {
				unhex(p256Public[:], signerPub)
				unhex(digest[:], sampleHash)
				unhex(p256Signature[:], signature)
			},
			Op: func() { accepted = p256.Verify(p256Public[:], digest[:32], &p256Signature) },
			OK: yes,
		},
	)
}

// p256Secret makes a private key of a secret: not zero, and below the order.
func p256Secret(secret *[SecretSize]byte) {
	copy(p256Private[:], secret[:])
	p256Private[0] &= 0x7f
	p256Private[p256.ScalarSize-1] |= 1
}
