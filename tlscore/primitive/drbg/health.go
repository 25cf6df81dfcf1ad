package drbg

// window is the number of samples that the adaptive proportion test looks at (SP 800-90B, section 4.4.2,
// sources that are not binary).
const window = 512

// cutoffs are the numbers of equal samples at which the tests fail, by the min-entropy of a sample in
// bits, for false alarms with a probability of 2^-20: 1 + ceil(20/H), and 1 + the quantile of the
// binomial distribution of 512 samples with probability 2^-H (sections 4.4.1 and 4.4.2).
var cutoffs = [...]struct{ repetition, proportion uint16 }{
	1: {21, 311}, 2: {11, 177}, 3: {8, 103}, 4: {6, 62}, 5: {5, 39}, 6: {5, 25}, 7: {4, 18}, 8: {4, 13},
}

// health is the state of the continuous tests.
type health struct {
	quality    uint8  // min-entropy of a sample, in bits
	last       byte   // the sample before
	first      byte   // the sample that the window began with
	repetition uint16 // how often last came in a row; 0 before the first sample
	proportion uint16 // how often first came in the window
	seen       uint16 // samples in the window
}

// test takes samples and returns 0 or the test that they fail.
func (h *health) test(samples []byte) Error {
	limit := cutoffs[h.quality]
	for _, s := range samples {
		if s == h.last && h.repetition > 0 {
			h.repetition++
			if h.repetition >= limit.repetition {
				return ErrRepetition
			}
		} else {
			h.last, h.repetition = s, 1
		}

		if h.seen == 0 {
			h.first, h.proportion = s, 1
		} else if s == h.first {
			h.proportion++
			if h.proportion >= limit.proportion {
				return ErrProportion
			}
		}
		h.seen = (h.seen + 1) % window
	}
	return 0
}
