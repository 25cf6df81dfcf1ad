package drbg

// Error says why there is no randomness.
type Error uint8

const (
	// ErrUnseeded: the generator was not initialised, or Init failed.
	ErrUnseeded Error = iota + 1
	// ErrQuality: the min-entropy of a sample is not from 1 to 8 bits.
	ErrQuality
	// ErrSource: the source has no samples.
	ErrSource
	// ErrRepetition: the source repeats a sample more often than its asserted min-entropy allows (SP
	// 800-90B, section 4.4.1).
	ErrRepetition
	// ErrProportion: one sample takes a greater part of 512 than the asserted min-entropy allows (section
	// 4.4.2).
	ErrProportion
)

var texts = [...]string{
	ErrUnseeded:   "drbg: the generator is not seeded",
	ErrQuality:    "drbg: the min-entropy of a sample must be from 1 to 8 bits",
	ErrSource:     "drbg: the entropy source gives no samples",
	ErrRepetition: "drbg: the entropy source is stuck (repetition count test)",
	ErrProportion: "drbg: the entropy source is biased (adaptive proportion test)",
}

// Error returns a sentence.
func (e Error) Error() string {
	if int(e) < len(texts) && texts[e] != "" {
		return texts[e]
	}
	return "drbg: unknown error"
}
