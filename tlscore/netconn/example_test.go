package netconn_test

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/signature"
)

// An HTTPS server: net/http over a Listener, with a certificate chain and a private key in PEM.
func Example() {
	certificates, privateKey, client := certificateFiles()

	var chain [][]byte
	for block, rest := pem.Decode(certificates); block != nil; block, rest = pem.Decode(rest) {
		chain = append(chain, block.Bytes)
	}
	key := new(signature.PrivateKey)
	if err := key.ParsePEM(make([]byte, len(privateKey)), privateKey); err != nil {
		log.Fatal(err)
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	listener, err := netconn.NewListener(inner, &tlscore.Config{
		Identities: []tlscore.Identity{{Chain: chain, Key: key}},
		Clock:      func() int64 { return time.Now().Unix() },
		Rand:       rand.Reader,
	})
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		ReadTimeout: 10 * time.Second, // the handshake included
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "hello from %s", r.Host)
		}),
	}
	go server.Serve(listener)
	defer server.Close()

	page, err := get(client, inner.Addr().String())
	fmt.Println(page, err)
	// Output: hello from changeme <nil>
}

// certificateFiles makes what the example would read from files, and a client's configuration that trusts it.
func certificateFiles() (certificates, privateKey []byte, client *tls.Config) {
	root, err := ca.New(ca.ECDSA, time.Now(), "example CA")
	if err != nil {
		log.Fatal(err)
	}
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	if err != nil {
		log.Fatal(err)
	}
	if privateKey, err = ca.KeyPEM(server.Key); err != nil {
		log.Fatal(err)
	}
	return ca.CertificatePEM(server.Chain...), privateKey, &tls.Config{RootCAs: root.Pool()}
}

// get asks for https://changeme/ at an address, by the standard library.
func get(config *tls.Config, address string) (string, error) {
	transport := &http.Transport{
		TLSClientConfig: config,
		Dial:            func(network, _ string) (net.Conn, error) { return net.Dial(network, address) },
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: limit}
	response, err := client.Get("https://changeme/")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}
