//go:build !colibri_small

package profile

// Small says that the program was built with the tag colibri_small.
const Small = false
