//go:build !subset || mlkem

package selftest

import "colibri/tlscore/primitive/mlkem"

var (
	mlkemSeed       [mlkem.SeedSize]byte
	mlkemMessage    [mlkem.MessageSize]byte
	mlkemPublic     [mlkem.PublicKeySize]byte
	mlkemCiphertext [mlkem.CiphertextSize]byte
	mlkemShared     [mlkem.SharedSize]byte
)

// The first of the known answers of Kyber, round 3, carried over to FIPS 203.
func init() {
	const (
		seed = "7c9935a0b07694aa0c6d10e4db6b1add2fd81a25ccb148032dcd739936737f2d" +
			"8626ed79d451140800e03b59b956f8210e556067407d13dc90fa9e8b872bfb8f"
		message = "147c03f7a5bebba406c8fae1874d7f13c80efe79a3a9a874cc09fe76f6997615"
		shared  = "e7184a0975ee3470878d2d159ec83129c8aec253d4ee17b4810311d198cd0368"
	)
	public := func() { mlkem.PublicKey(&mlkemPublic, &mlkemSeed) }
	encapsulate := func() {
		accepted = mlkem.Encapsulate(&mlkemShared, &mlkemCiphertext, mlkemPublic[:], &mlkemMessage)
	}
	decapsulate := func() {
		accepted = mlkem.Decapsulate(&mlkemShared, &mlkemSeed, mlkemCiphertext[:])
	}
	setup := func() {
		unhex(mlkemSeed[:], seed)
		unhex(mlkemMessage[:], message)
		public()
	}
	right := func() bool { return accepted && equal(mlkemShared[:], shared) }
	add("mlkem",
		Case{
			Name:  "MLKEM768PublicKey/impl=colibri",
			Setup: func() { unhex(mlkemSeed[:], seed) },
			Op:    public,
			// The key is right when what is encapsulated for it is.
			OK: func() bool { setup(); encapsulate(); return right() },
		},
		Case{
			Name:  "MLKEM768Encapsulate/impl=colibri",
			Setup: setup,
			Op:    encapsulate,
			OK:    right,

			Secret: func(secret *[SecretSize]byte) { copy(mlkemMessage[:], secret[:]) },
		},
		Case{
			Name:  "MLKEM768Decapsulate/impl=colibri",
			Setup: func() { setup(); encapsulate(); clear(mlkemShared[:]) },
			Op:    decapsulate,
			OK:    right,

			// What the key's seed decides in part is public, the matrix, and takes its time to draw. Of each ciphertext a bit is turned
			// over that the secret says, so that it is refused, but for the first one.
			Secret: func(secret *[SecretSize]byte) {
				copy(mlkemMessage[:], secret[:])
				encapsulate()
				if secret[1] != 0 {
					mlkemCiphertext[secret[0]] ^= secret[1]
				}
			},
		},
	)
}
