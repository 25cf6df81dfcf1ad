package rsa

import (
	"bytes"
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"colibri/fuzz/vectors"
	"colibri/tlscore/primitive/sha2"
)

// wycheproof is a file of Project Wycheproof with signatures of RSA to verify.
type wycheproof struct {
	TestGroups []struct {
		PublicKey struct {
			Modulus, PublicExponent vectors.Hex
		}
		Sha, MgfSha string
		SLen        int
		Tests       []struct {
			TcID    int
			Comment string
			Msg     vectors.Hex
			Sig     vectors.Hex
			Result  string
		}
	}
}

var hashNames = map[string]sha2.Algorithm{"SHA-256": sha2.SHA256, "SHA-384": sha2.SHA384, "SHA-512": sha2.SHA512}

// TestWycheproof runs all files of both schemes. Groups with parameters that TLS does not use are skipped and counted by reason.
// What Wycheproof calls acceptable is a DigestInfo without its NULL; strictness refuses it.
func TestWycheproof(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(vectors.Dir(t), "wycheproof", "rsa_*.json.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range files {
		file := filepath.Base(path)
		pss := strings.HasPrefix(file, "rsa_pss")
		var data wycheproof
		vectors.Read(t, "wycheproof/"+file, &data)
		total, skipped := 0, map[string]int{}
		passed := make([]int, len(implementations))
		var scratch Scratch
		for _, g := range data.TestGroups {
			total += len(g.Tests)
			a, known := hashNames[g.Sha]
			switch {
			case !known:
				skipped[g.Sha+" is not supported"] += len(g.Tests)
				continue
			case pss && g.MgfSha != g.Sha:
				skipped["MGF1 with another hash"] += len(g.Tests)
				continue
			case pss && g.SLen != a.Size():
				skipped["salt not as long as the hash"] += len(g.Tests)
				continue
			}
			e := new(big.Int).SetBytes(g.PublicKey.PublicExponent)
			k := &PublicKey{N: bytes.TrimLeft(g.PublicKey.Modulus, "\x00"), E: uint32(e.Uint64())}
			for _, c := range g.Tests {
				digest := make([]byte, a.Size())
				sha2.Sum(a, digest, c.Msg)
				for i, impl := range implementations {
					verify := impl.verifyPKCS1v15
					if pss {
						verify = impl.verifyPSS
					}
					if got := verify(k, a, digest, c.Sig, &scratch); got != (c.Result == "valid") {
						t.Errorf("%s: %s: test %d (%s): %v, want %s", impl.name, file, c.TcID, c.Comment, got, c.Result)
						continue
					}
					passed[i]++
				}
			}
		}
		var skips []string
		for _, reason := range slices.Sorted(maps.Keys(skipped)) {
			skips = append(skips, fmt.Sprintf("%d skipped: %s", skipped[reason], reason))
		}
		remarks := strings.Join(skips, ", ")
		if remarks != "" {
			remarks = " (" + remarks + ")"
		}
		for i, impl := range implementations {
			t.Logf("%s: %s: %d tests, %d passed%s", impl.name, file, total, passed[i], remarks)
		}
	}
}
