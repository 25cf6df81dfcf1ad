package config

import "colibri/firmware/device/text"

// Distance returns the number of single-byte insertions, deletions, substitutions and swaps of neighbours
// that turn a into b (the optimal string alignment distance). What lies beyond MaxKey bytes is left out.
func Distance[K text.Of](a K, b string) int {
	a, b = a[:min(len(a), MaxKey)], b[:min(len(b), MaxKey)]
	// Three rows of the matrix of distances between prefixes.
	var rows [3][MaxKey + 1]uint8
	for j := range len(b) + 1 {
		rows[0][j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		two, one, row := &rows[(i+1)%3], &rows[(i+2)%3], &rows[i%3]
		row[0] = uint8(i)
		for j := 1; j <= len(b); j++ {
			cost := uint8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
	}
	return int(rows[len(a)%3][len(b)])
}

// nearest returns the known key which resembles key most, or "" if none does: at most a third of it may differ.
func (c *Config) nearest(key []byte) string {
	best, least := "", len(key)/3+1
	for i := range c.entries {
		if d := Distance(key, c.entries[i].key); d < least {
			best, least = c.entries[i].key, d
		}
	}
	return best
}
