package tlscore

import "io"

// random fills p from rand; a source that fails, or brings nothing, is ErrNoEntropy. It is what io.ReadFull does but for one thing:
// that compares errors of any type, for which small compilers link a description of every type in the program.
func random(rand io.Reader, p []byte) error {
	for len(p) > 0 {
		n, err := rand.Read(p)
		if n <= 0 || n > len(p) || err != nil && n < len(p) {
			return ErrNoEntropy
		}
		p = p[n:]
	}
	return nil
}

// is reports whether err is e, by e's own type, for the same reason.
func is[E comparable](err error, e E) bool {
	found, ok := err.(E)
	return ok && found == e
}
