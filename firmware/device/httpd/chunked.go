package httpd

// chunked decodes the chunked transfer coding (RFC 9112, section 7.1), a byte at a time. Extensions are
// passed over and trailer fields are dropped, both within bounds.
type chunked struct {
	state  chunkState
	size   int // of the chunk under way, what is left of it once its data has begun
	digits int
	extra  int  // bytes of extensions and trailers so far
	any    bool // an extension or the name of a trailer field has begun
}

type chunkState uint8

const (
	chunkSize    chunkState = iota // digits of a size
	chunkExt                       // what follows them, up to the CR
	chunkSizeLF                    // the LF after the size
	chunkData                      // data
	chunkDataCR                    // the CR after the data
	chunkDataLF                    // the LF after it
	chunkTrailer                   // in the name of a trailer field, or before it
	chunkValue                     // in its value
	chunkLineLF                    // the LF of that line
	chunkEndLF                     // the LF of the empty line that ends all
	chunkDone
)

// maxExtra bounds the bytes of extensions and trailers.
const maxExtra = 512

// next takes a byte. It reports whether the byte belongs to the body, and a status other than 0 if the coding
// is broken or the body, room bytes of which are left, too large.
func (k *chunked) next(c byte, room int) (data bool, s Status) {
	switch k.state {
	case chunkSize:
		if d := unhex(c); d <= 15 {
			// Leading zeros are allowed; a size beyond the bound stays there instead of overflowing.
			if k.digits++; k.digits > 16 {
				return false, BadRequest
			}
			k.size = min(k.size<<4|int(d), 1<<24)
			return false, 0
		}
		if k.digits == 0 {
			return false, BadRequest
		}
		k.state = chunkExt
		return k.next(c, room)
	case chunkExt:
		switch {
		case c == '\r':
			k.state = chunkSizeLF
		case !k.any && c != ';' && c != ' ' && c != '\t', c < 0x20 && c != '\t', c == 0x7f:
			return false, BadRequest
		default:
			k.any = k.any || c == ';'
			return false, k.count()
		}
	case chunkSizeLF:
		if c != '\n' {
			return false, BadRequest
		}
		switch {
		case k.size == 0:
			k.state, k.any = chunkTrailer, false
		case k.size > room:
			return false, ContentTooLarge
		default:
			k.state = chunkData
		}
	case chunkData:
		if k.size--; k.size == 0 {
			k.state = chunkDataCR
		}
		return true, 0
	case chunkDataCR:
		if c != '\r' {
			return false, BadRequest
		}
		k.state = chunkDataLF
	case chunkDataLF:
		if c != '\n' {
			return false, BadRequest
		}
		*k = chunked{extra: k.extra}
	case chunkTrailer:
		switch {
		case c == '\r' && !k.any:
			k.state = chunkEndLF
		case c == ':' && k.any:
			k.state = chunkValue
			return false, k.count()
		case !isToken(c):
			return false, BadRequest
		default:
			k.any = true
			return false, k.count()
		}
	case chunkValue:
		switch {
		case c == '\r':
			k.state = chunkLineLF
		case c < 0x20 && c != '\t', c == 0x7f:
			return false, BadRequest
		default:
			return false, k.count()
		}
	case chunkLineLF:
		if c != '\n' {
			return false, BadRequest
		}
		k.state, k.any = chunkTrailer, false
	case chunkEndLF:
		if c != '\n' {
			return false, BadRequest
		}
		k.state = chunkDone
	}
	return false, 0
}

func (k *chunked) count() Status {
	if k.extra++; k.extra > maxExtra {
		return HeaderFieldsTooLarge
	}
	return 0
}
