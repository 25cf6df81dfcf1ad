package tlscore_test

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/signature"
)

// serve answers one connection: it sends back in upper case what the client sends, until the client is done.
func serve(cfg *tlscore.Config, pool *tlscore.Pool, transport net.Conn) error {
	var c tlscore.Conn
	if err := c.Server(cfg, pool); err != nil {
		return err // ErrPoolEmpty if too many handshakes are under way
	}
	defer c.Release()
	for !c.Closed() {
		if w := c.SendWindow(); len(w) > 0 {
			n, err := transport.Write(w)
			if err != nil {
				return err
			}
			c.Sent(n)
		} else if in, out := c.ReadWindow(), c.WriteWindow(); len(in) > 0 && len(out) > 0 {
			n := min(len(in), len(out))
			for i := range n {
				out[i] = in[i]
				if 'a' <= in[i] && in[i] <= 'z' {
					out[i] -= 'a' - 'A'
				}
			}
			c.Written(n)
			c.Flush()
			c.Consumed(n)
		} else if w := c.RecvWindow(); len(w) > 0 {
			n, err := transport.Read(w)
			c.Received(n)
			if err != nil {
				c.RecvEOF()
			}
		} else if c.PeerClosed() {
			c.Close()
		}
	}
	return c.Err()
}

// A server on the four windows of a Conn, here over a socket: a board would have its own TCP in the place of net.Conn.
func Example() {
	chain, der, roots := exampleCertificate()
	key := new(signature.PrivateKey)
	if err := key.Parse(der); err != nil {
		log.Fatal(err)
	}
	cfg := &tlscore.Config{
		Identities: []tlscore.Identity{{Chain: chain, Key: key}},
		Clock:      func() int64 { return time.Now().Unix() },
		Rand:       rand.Reader,
	}
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048, LargeBuffers: 1})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close()
	done := make(chan error)
	go func() {
		transport, err := listener.Accept()
		if err == nil {
			defer transport.Close()
			transport.SetDeadline(time.Now().Add(10 * time.Second)) // a Conn has no clock for this
			err = serve(cfg, pool, transport)
		}
		done <- err
	}()

	client, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{ServerName: "changeme", RootCAs: roots})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprint(client, "hello")
	client.CloseWrite()
	answer, err := io.ReadAll(client)
	fmt.Printf("%s %v\n", answer, err)
	fmt.Println(<-done)
	// Output:
	// HELLO <nil>
	// <nil>
}

// exampleCertificate makes a certificate for the server called changeme, its private key in PKCS #8 form, and the roots that a
// client has to trust.
func exampleCertificate() (chain [][]byte, privateKey []byte, roots *x509.CertPool) {
	root, err := ca.New(ca.ECDSA, time.Now(), "example CA")
	if err != nil {
		log.Fatal(err)
	}
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	if err != nil {
		log.Fatal(err)
	}
	if privateKey, err = x509.MarshalPKCS8PrivateKey(server.Key); err != nil {
		log.Fatal(err)
	}
	return server.Chain, privateKey, root.Pool()
}
