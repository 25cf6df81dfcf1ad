package netconn

import (
	"bytes"
	"compress/zlib"
	"io"
	"sync"

	"colibri/tlscore"
)

// Zlib returns zlib, of the standard library, for certificate compression (RFC 8879): tlscore.CompressionClient(netconn.Zlib()).
func Zlib() tlscore.Compression {
	return tlscore.Compression{Algorithm: tlscore.Zlib, Decompress: inflate}
}

// Compress has k keep what id shows, compressed by zlib, for peers that ask for an OCSP response and for those that do not, where that
// is shorter than it was.
func Compress(k *tlscore.Compressions, id *tlscore.Identity) {
	size := 2 * len(id.OCSP)
	for _, der := range id.Chain {
		size += 2 * len(der)
	}
	size += 64 + 10*len(id.Chain) // Heads, and lengths.
	k.Compress(id, tlscore.Zlib, false, make([]byte, size), deflate)
	if len(id.OCSP) > 0 {
		k.Compress(id, tlscore.Zlib, true, make([]byte, size), deflate)
	}
}

// deflate compresses src into dst, and fails if it does not get shorter.
func deflate(dst, src []byte) (n int, ok bool) {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		return 0, false
	}
	if _, err := w.Write(src); err != nil || w.Close() != nil || b.Len() >= len(src) {
		return 0, false
	}
	return copy(dst, b.Bytes()), b.Len() <= len(dst)
}

// inflaters are io.ReadClosers of package zlib, which are zlib.Resetters: their 40 KB are worth keeping.
var inflaters sync.Pool

// inflate decompresses src, all of it, into dst. It makes no more than one byte that does not fit.
func inflate(dst, src []byte) (n int, ok bool) {
	rest := bytes.NewReader(src)
	r, _ := inflaters.Get().(io.ReadCloser)
	var err error
	if r == nil {
		r, err = zlib.NewReader(rest)
	} else {
		err = r.(zlib.Resetter).Reset(rest, nil)
	}
	if err != nil {
		return 0, false
	}
	defer inflaters.Put(r)
	for n < len(dst) && err == nil {
		var k int
		k, err = r.Read(dst[n:])
		n += k
	}
	if err == nil {
		// Its checksum is behind the last byte.
		var more [1]byte
		var k int
		if k, err = r.Read(more[:]); k > 0 {
			return n, false
		}
	}
	return n, err == io.EOF && rest.Len() == 0
}
