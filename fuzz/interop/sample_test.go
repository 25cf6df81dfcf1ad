package interop

import "testing"

// property is one of a cell's, which the cell has in common with others.
type property any

// pairs returns all pairs of properties that c has. Version and suite are one property, as a suite has a version.
func (c cell) pairs() (all [][2]property) {
	properties := []property{c.suite, c.group, c.identity, c.mode}
	for i, p := range properties {
		for _, q := range properties[:i] {
			all = append(all, [2]property{p, q})
		}
	}
	return all
}

// sample returns some of the cells, in their order, which have all pairs of properties that the cells have. It takes cells with the
// most new pairs first, the earliest of them, so that the same cells give the same sample.
func sample(cells []cell) (some []cell) {
	seen := map[[2]property]bool{}
	taken := map[cell]bool{}
	for want := len((cell{}).pairs()); want > 0; want-- {
		for _, c := range cells {
			fresh := 0
			for _, p := range c.pairs() {
				if !seen[p] {
					fresh++
				}
			}
			if fresh < want {
				continue
			}
			taken[c] = true
			for _, p := range c.pairs() {
				seen[p] = true
			}
		}
	}
	for _, c := range cells {
		if taken[c] {
			some = append(some, c)
		}
	}
	return some
}

func TestSampleHasAllPairs(t *testing.T) {
	all := cells()
	want := map[[2]property]bool{}
	for _, c := range all {
		for _, p := range c.pairs() {
			want[p] = true
		}
	}
	some := sample(all)
	for _, c := range some {
		for _, p := range c.pairs() {
			delete(want, p)
		}
	}
	if len(want) > 0 || len(some) > len(all)/5 {
		t.Errorf("%d of %d cells lack %d pairs", len(some), len(all), len(want))
	}
}
