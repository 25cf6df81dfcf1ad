//go:build !subset || p384

package selftest

import "colibri/tlscore/primitive/p384"

var (
	p384Private   [p384.ScalarSize]byte
	p384Public    [p384.PointSize]byte
	p384Shared    [48]byte
	p384Signature [p384.SignatureSize]byte
)

// ECDH: RFC 5903, 8.2. Signatures: RFC 6979, A.2.6, SHA-384 of "sample"; without added entropy they are deterministic.
func init() {
	const (
		initiator    = "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194"
		initiatorPub = "04" +
			"667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa" +
			"9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c"
		responderPub = "04" +
			"e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571" +
			"dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c"
		shared    = "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746"
		signer    = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5"
		signerPub = "04" +
			"ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13" +
			"8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720"
		sampleHash = "9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312313bca4a9b5b890efee42c77b1ee25fe"
		signature  = "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46" +
			"99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"
	)
	add("p384",
		Case{
			Name:  "P384PublicKey/impl=colibri",
			Setup: func() { unhex(p384Private[:], initiator) },
			Op:    func() { accepted = p384.PublicKey(&p384Public, &p384Private) },
			OK:    func() bool { return accepted && equal(p384Public[:], initiatorPub) },

			Secret: p384Secret,
		},
		Case{
			Name: "P384ECDH/impl=colibri",
			Setup: func() {
				unhex(p384Private[:], initiator)
				unhex(p384Public[:], responderPub)
			},
			Op: func() { accepted = p384.ECDH(&p384Shared, &p384Private, p384Public[:]) },
			OK: func() bool { return accepted && equal(p384Shared[:], shared) },

			Secret: p384Secret,
		},
		Case{
			Name: "P384Sign/impl=colibri",
			Setup: func() {
				unhex(p384Private[:], signer)
				unhex(digest[:], sampleHash)
			},
			Op: func() { accepted = p384.Sign(&p384Signature, &p384Private, digest[:48], nil) },
			OK: func() bool { return accepted && equal(p384Signature[:], signature) },

			Secret: p384Secret,
		},
		Case{
			Name: "P384Verify/impl=colibri",
			Setup: func() {
				unhex(p384Public[:], signerPub)
				unhex(digest[:], sampleHash)
				unhex(p384Signature[:], signature)
			},
			Op: func() { accepted = p384.Verify(p384Public[:], digest[:48], &p384Signature) },
			OK: yes,
		},
	)
}

// p384Secret makes a private key of a secret: not zero, and below the order.
func p384Secret(secret *[SecretSize]byte) {
	copy(p384Private[:], secret[:])
	p384Private[0] &= 0x7f
	p384Private[p384.ScalarSize-1] |= 1
}
