//go:build !colibri_compact

package profile

// Compact says that the program was built with the tag colibri_compact.
const Compact = false
