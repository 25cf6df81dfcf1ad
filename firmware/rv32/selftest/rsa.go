//go:build !subset || rsa

package selftest

import (
	"colibri/tlscore/primitive/rsa"
	"colibri/tlscore/primitive/sha2"
)

// A 2048-bit key made for this test, and signatures of the SHA-256 hash of "sample". The one by PKCS #1 v1.5 was computed
// with Go's crypto/rsa; the one by PSS, whose salt is counting bytes, after RFC 8017, 9.1.1, and verified by crypto/rsa.
const (
	rsaN = "cb87e9c1c4b802bcc3a635a88258ebc4aae7511c3ff9f32ef029805541aaa98fd2107844ebd9b1a19b5a68538ec83391" +
		"05129b0bcaba0b4d4b2f84737249c871311d5c1da92362f8a6befe8ced3259111f1c78bff7aa5eab7f697e75b300c138" +
		"bcce6bbe0439afd1d7e9b7884604c111913d7a021631b833ece4730a6f2ccd154011292aad657bc75f5ed61527b228ff" +
		"51ac70bc92e04119f7706c06d5d21741d64402330d5eae5c7360050400e1e20667a307dbda81e8dcf8fe1bae5bfa3a90" +
		"83b7b47c89306b4dfff171413a8079e06615fe116e3dc443a91c7d27fb19236310354dc835c8899a8a562bb8d8f4901c" +
		"af14fa4fa7febf70a5b135e875a61de7"
	rsaP = "de046c83f20241c6b6ce64051065de2a20c06f5475b39e4f78e577f634b2865413ec459b1fa9691bd1a497cd221d7c33" +
		"ee258d14df7fea7baa2aed414b3f07bddd08e6d9152700e738983bc079e55bb580ebc0a833a9c42aeb5a09cba0e98323" +
		"58195b19c05a73f9936ac62f53fcb73b86a7dc20e93fefd706281a92d8fecc9f"
	rsaQ = "eaaf1d73dc4533d0539799285a6be61ae4216c2df3476dbc6d9a585243eca8d81cd034e65466e6dbe1cc16b66b173809" +
		"4a61e80cf465f7672571aa98f791231c1ca82b4b061cbfcbef5f385843311248f47e1b2c842b8fdf477d6b2c933d3973" +
		"2d4096d693f629102b7a6073379b1006b0aa1a5bc31b594633f24f91688461b9"
	rsaDp = "609e9a3f1dce1fa4042073e4c44b20d142a99c89ac237c2ce7d72d4ac78a3ded4f324ee48075f0993bb61e9e164fb0a2" +
		"c4ec30a6b9d168516330054a9a1d9717e89e9c203315634e3d11fb46fb857650da073f33b430187ff9269906b643895f" +
		"93528d93fa6322ffa5491d70b16354b6a21661352d6d36ca641285e60c6b6ecf"
	rsaDq = "0f7ea65c2af3eabadb7a0be3ad2ca891a7f448f733b3c89c034488864df3c72615a8ed85339763b0aad4d5bf0f8d05e7" +
		"1f211db8153ed239de30060a7975fcb27375eafdd61679d756239c4dbf89f2e21c3a6342ea2b1221b4cfa40eda5dd578" +
		"3449aa6bda730b3d0511dc625f0e7edd6236a8ecdc11e7300a67fa36e886ad09"
	rsaQinv = "5eeea3b0550f4833b4c19b2c24130df0091902da776e6f6b9dd96b50bca2fd37d9f15dd9627256e8dea6da5fe5749922" +
		"6e7439f0fc784302f2807cdb13868a2f761dd4dc61c5ad68c832e7394966037c4f387fcbe5eab02e820369475546be16" +
		"4f4d909b35e71a602a8777f02d3f79632cac5f661a5d84efad23cefc9e65ace7"
	rsaPSS = "9f6c799bc763471fdd98febbc0b2a71c11276a1b27adf1846bc97c24f42f8bc89ce18cbdfcf9bed1b24e75cb72e727f0" +
		"32d26581e254ce0ae307182009e2d4250eee0437a5117f1d7899943f8d016d16c13f2b8169348aec198771982f32e491" +
		"9d63dee3d6d17e356b753e2390565907769b4f1f5b77646ae3248036d784c8634eaedc90a29fe9cd420ed4e58a84ef25" +
		"9fb28786372681c708862afbd6a313f2d80277d996a373c99149d2e7e33706aaf28278f2180d6e70f0bd03446f9a250e" +
		"14804bc4c7bd1194535d06f622d6fb350857da112c475c055dbefa4a18536d2d9c25b7b5a8f1d4cf08b20df55f4642c0" +
		"200e40afbd1225090ac8fe7e9475fc6d"
	rsaPKCS1v15 = "3f7613cd05592f2ecb5e4d9a3fcfa0e4786a19de8e6c89d2cf224f509f12e4118748e8f890f768102f8ca8732937c2b3" +
		"63e4ed53a49ec729b92fc984f4d9c0b55ac759f41235a635a0baf6b5bc8ee3ebcfbe7c4584f21798c31977d4a4347b32" +
		"4890e08f49c95dca3360a1bb57c8359b5e310c38bef91b3f4c84c46a8be5b2e020e050d10ea22e9735e0aa9f881f573f" +
		"76f0d388552770afca3c3c6129838ced5d0790ac7dea768c469b4095fbc04990b1b4128165c04d0674933c7eb0bad5bb" +
		"664b918b113db01dc849e3e35af03e7ad2905806e2aadab21a392163a0e269ed8a74d76e1bc1aaf708283d82fa70b557" +
		"a96fd00aaf00ea949014c46f71325529"
	rsaDigest = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"
)

var (
	rsaKey       rsa.PrivateKey
	rsaMemory    [256 + 5*128]byte // of the key's numbers
	rsaSignature [256]byte
	rsaBlinding  [256]byte
	rsaScratch   rsa.Scratch
	rsaErr       error
)

func init() {
	add("rsa",
		Case{
			Name:  "RSA2048SignPSS/impl=colibri",
			Setup: rsaSetup,
			Op: func() {
				rsaErr = rsa.SignPSS(rsaSignature[:], &rsaKey, sha2.SHA256, digest[:32], message[:32], rsaBlinding[:], &rsaScratch)
			},
			OK: func() bool { return rsaErr == nil && equal(rsaSignature[:], rsaPSS) },

			Secret: rsaSecret,
		},
		Case{
			Name:  "RSA2048SignPKCS1v15/impl=colibri",
			Setup: rsaSetup,
			Op: func() {
				rsaErr = rsa.SignPKCS1v15(rsaSignature[:], &rsaKey, sha2.SHA256, digest[:32], rsaBlinding[:], &rsaScratch)
			},
			OK: func() bool { return rsaErr == nil && equal(rsaSignature[:], rsaPKCS1v15) },
		},
		Case{
			Name: "RSA2048VerifyPSS/impl=colibri",
			Setup: func() {
				rsaSetup()
				unhex(rsaSignature[:], rsaPSS)
			},
			Op: func() {
				accepted = rsa.VerifyPSS(&rsaKey.PublicKey, sha2.SHA256, digest[:32], rsaSignature[:], &rsaScratch)
			},
			OK: yes,
		},
		Case{
			Name: "RSA2048VerifyPKCS1v15/impl=colibri",
			Setup: func() {
				rsaSetup()
				unhex(rsaSignature[:], rsaPKCS1v15)
			},
			Op: func() {
				accepted = rsa.VerifyPKCS1v15(&rsaKey.PublicKey, sha2.SHA256, digest[:32], rsaSignature[:], &rsaScratch)
			},
			OK: yes,
		},
	)
}

// rsaSetup lays out the key, the hash, the salt (in message) and numbers for blinding.
func rsaSetup() {
	fillAll()
	unhex(digest[:], rsaDigest)
	fill(rsaBlinding[:])
	free := rsaMemory[:]
	take := func(digits string) []byte {
		number := unhex(free, digits)
		free = free[len(number):]
		return number
	}
	rsaKey = rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: take(rsaN), E: 65537},
		P:         take(rsaP), Q: take(rsaQ), Dp: take(rsaDp), Dq: take(rsaDq), Qinv: take(rsaQinv),
	}
}

// rsaSecret makes numbers of the size of a key of a secret. Its factors are not prime, so that what is computed is no signature,
// for all secrets alike; that is found in the end.
func rsaSecret(secret *[SecretSize]byte) {
	for i, number := range [...][]byte{rsaKey.P, rsaKey.Q, rsaKey.Dp, rsaKey.Dq, rsaKey.Qinv} {
		for j := range number {
			number[j] = secret[(i+j)%SecretSize] ^ secret[j/SecretSize]
		}
	}
	last := len(rsaKey.P) - 1
	for _, factor := range [...][]byte{rsaKey.P, rsaKey.Q} {
		factor[0] |= 0xc0
		factor[last] |= 1
	}
	// N is their product, multiplied as on paper, to the base 256.
	clear(rsaKey.N)
	for i := last; i >= 0; i-- {
		carry := uint32(0)
		for j := last; j >= 0; j-- {
			carry += uint32(rsaKey.P[i])*uint32(rsaKey.Q[j]) + uint32(rsaKey.N[i+j+1])
			rsaKey.N[i+j+1] = byte(carry)
			carry >>= 8
		}
		rsaKey.N[i] = byte(carry)
	}
	copy(rsaBlinding[:], secret[:])
}
