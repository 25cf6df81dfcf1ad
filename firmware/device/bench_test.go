package device

import (
	"fmt"
	"testing"
)

// BenchmarkRequest measures a request on a connection without TLS, from the bytes of the request to those of the response.
func BenchmarkRequest(b *testing.B) {
	const call = `{"id":1,"method":"Config.Get","args":{"key":"http"}}`
	for name, request := range map[string]string{
		"page": "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: curl/8.0\r\nAccept: */*\r\n\r\n",
		"rpc":  fmt.Sprintf("POST /rpc HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(call), call),
		"160k": "GET /big HTTP/1.1\r\nHost: h\r\n\r\n",
	} {
		b.Run("request="+name, func(b *testing.B) {
			k := newKit(b, `[]`, nil, nil)
			k.Device.log.Init(nil, 0)
			w := k.network.dial()
			w.toClient = make([]byte, 0, 1<<18)
			k.network.window = 1 << 18
			client, bytes := w.toClient, []byte(request)
			k.poll()
			b.ReportAllocs()
			for b.Loop() {
				w.toDevice, w.toClient = bytes, client
				k.poll()
				b.SetBytes(int64(len(w.toClient)))
			}
		})
	}
}
