// Command gen writes the generated files of package p256. `go generate` runs it in the directory of the package.
package main

import (
	"bytes"
	"crypto/ecdh"
	"fmt"
	"math/big"

	"colibri/tlscore/primitive/internal/curvegen"
)

var curve = curvegen.Curve{
	Package: "p256",
	Words:   8,
	Prime:   curvegen.Number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
	Order:   curvegen.Number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
	Library: ecdh.P256(),
}

func main() { curvegen.Write(files()) }

// files returns the generated files by name.
func files() map[string][]byte {
	return map[string][]byte{"field_product.go": curve.Products(), "base_table.go": baseTable()}
}

// The shape of the comb. 4 KB with 52 additions and 12 doublings; twice the table would save 10 doublings.
const (
	combs  = 4
	teeth  = 5
	rounds = 13
)

// baseTable returns a file with the comb's table: of each comb the points whose highest tooth counts +1. Bit t of the index
// says whether tooth t counts +1 or -1.
func baseTable() []byte {
	var b bytes.Buffer
	b.WriteString(curve.Header())
	fmt.Fprintf(&b, `
// The shape of the comb: combs*teeth*rounds is the length of a recoded scalar in bits.
const (
	combs  = %d
	teeth  = %d
	rounds = %d
)

// baseTable[c][i] is the point
//
//	2^(teeth*rounds*c) * (2^(rounds*(teeth-1)) + sum over t < teeth-1 of (bit t of i ? 1 : -1) * 2^(rounds*t)) * G.
//
// Only read, so that compilers can leave it in flash.
var baseTable = [combs][1 << (teeth - 1)]affine{
`, combs, teeth, rounds)
	for c := range combs {
		b.WriteString("{\n")
		for i := range 1 << (teeth - 1) {
			m := power(rounds * (teeth - 1))
			for t := range teeth - 1 {
				if i>>t&1 == 1 {
					m.Add(m, power(rounds*t))
				} else {
					m.Sub(m, power(rounds*t))
				}
			}
			b.WriteString(curve.Affine(m.Mul(m, power(teeth*rounds*c))))
		}
		b.WriteString("},\n")
	}
	b.WriteString("}\n")
	return curvegen.Formatted(b.Bytes())
}

func power(e int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(e)) }
