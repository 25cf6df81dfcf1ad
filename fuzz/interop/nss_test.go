package interop

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

var nss = peer{
	name:     "nss",
	packages: "libnss3-tools",
	lacks: func(c cell) string {
		switch {
		case c.hybrid():
			return "3.87 has no ML-KEM"
		case c.ccm():
			return "has no AES-CCM in TLS"
		case c.identity == ca.Ed25519:
			return "has no Ed25519 in TLS"
		}
		return ""
	},
}

var nssClient = theirClient{nss.with("tstclnt", "certutil", "pk12util"), func(t *testing.T, s *site, c cell, r *reception) string {
	// It leaves when its input and the connection have both ended, so it gets the request as a file.
	arguments := []string{"-h", "127.0.0.1", "-p", r.port, "-a", hostName, "-d", s.nss(t), "-u", "-A", s.file("request"), "-I", nssGroups[c.group]}
	if c.version == version13 {
		arguments = append(arguments, "-V", "tls1.3:tls1.3")
	} else {
		arguments = append(arguments, "-V", "tls1.2:tls1.2")
	}
	if c.mode.mutual() {
		arguments = append(arguments, "-n", clientName)
	}
	if c.mode.resumed() {
		arguments = append(arguments, "-L", "2") // It crashes if there is also a list of suites; we have one anyway.
	} else {
		arguments = append(arguments, "-c", fmt.Sprintf(":%04X", uint16(c.suite)))
	}
	return run(t, "", "tstclnt", arguments...)
}}

var nssServer = theirServer{
	nss.with("selfserv", "certutil", "pk12util").choosing(func(c cell) tlscore.GroupID {
		if c.identity == ca.P384 && c.version == version12 {
			return tlscore.P384 // It wants no weaker key exchange than the certificate.
		}
		return c.first(tlscore.X25519, tlscore.P256, tlscore.P384)
	}),
	func(t *testing.T, s *site, mutual bool) (string, func() string) {
		// -g 0 makes it send blocks of 16 KB after its answer, until we leave.
		arguments := []string{"-d", s.nss(t), "-p", "PORT", "-V", "tls1.2:tls1.3", "-u", "-g", "0"}
		if s.root.Family == ca.RSA {
			arguments = append(arguments, "-n", hostName)
		} else {
			arguments = append(arguments, "-e", hostName)
		}
		if mutual {
			arguments = append(arguments, "-r", "-r")
		}
		return program(t, "selfserv", arguments...)
	},
	func(conn net.Conn) error {
		// It reads no more than 10 KB, and repeats that before its blocks.
		said := append(body[:9000:9000], "\r\n\r\n"...)
		if _, err := conn.Write(said); err != nil {
			return err
		}
		blocks := make([]byte, len(body)>>14<<14)
		for i := range blocks {
			blocks[i] = byte(i)
		}
		const head = 200 // There are no more bytes before what it repeats.
		got := make([]byte, head+len(said)+len(blocks))
		_, err := io.ReadFull(conn, got)
		if err != nil || !bytes.Contains(got, said) || !bytes.Contains(got, blocks) {
			return fmt.Errorf("%d bytes came, or others: %w", len(got), err)
		}
		return nil
	},
}

var nssGroups = map[tlscore.GroupID]string{
	tlscore.X25519: "x25519",
	tlscore.P256:   "P256",
	tlscore.P384:   "P384",
}
