//go:build unix

package main

import (
	"fmt"
	"regexp"

	"colibri/firmware/pki/ca"
	"colibri/firmware/pki/files"
)

// step is one curl command and what has to come of it.
type step struct {
	title string
	env   []string // KEY=VALUE, for curl
	args  []string // for curl, after the ones that every command has
	want  want
}

// want is what has to come of a step.
type want struct {
	refusal refusal
	status  int            // of the response, when nobody refuses
	body    *regexp.Regexp // that the response's content has to match
	stderr  string         // part of curl's message, when curl refuses
	alert   string         // the alert's name as OpenSSL puts it, when the server refuses
	log     string         // part of a line that the device has to log
}

// refusal says who must end the connection.
type refusal uint8

const (
	byNobody refusal = iota
	byCurl           // it does not trust the server's certificate
	byDevice         // it does not accept the client's certificate, and sends an alert
)

// place is where a device listens and what its certificates are.
type place struct {
	*layout
	family ca.Family
	mutual bool // clients must show a certificate
	port   int
}

func (p place) String() string {
	if p.mutual {
		return p.family.String() + ", mutual"
	}
	return p.family.String()
}

func (p place) file(name, ext string) string { return files.Path(p.pki, p.family, name) + ext }

// url returns the address of a path under the name in the server's certificate.
func (p place) url(path string) string {
	return fmt.Sprintf("https://%s:%d%s", files.DefaultServerName, p.port, path)
}

// known returns the arguments with which curl knows the CA and finds the device by the name in its
// certificate.
func (p place) known() []string {
	resolve := fmt.Sprintf("%s:%d:127.0.0.1", files.DefaultServerName, p.port)
	return []string{"--cacert", p.file(files.CA, ".crt"), "--resolve", resolve}
}

// as returns the arguments for a client certificate.
func (p place) as(name string) []string {
	return append(p.known(), "--cert", p.file(name, ".crt"), "--key", p.file(name, ".key"))
}

// What the device answers. FS.List's and TLS.Info's results are JSON; how it is spaced does not matter.
var (
	thePage  = regexp.MustCompile(`(?i)<html`)
	theFiles = regexp.MustCompile(`^\s*\[[^]]*"index\.html"[^]]*\]\s*$`)
	theFrame = regexp.MustCompile(`"id"\s*:\s*42\b[^}]*"result"\s*:\s*\[[^]]*"index\.html"`)
	tls12    = regexp.MustCompile(`(?i)tls\s*v?1\.2`)
	tls13    = regexp.MustCompile(`(?i)tls\s*v?1\.3`)
	theName  = regexp.MustCompile(`sandboxclient`)
)

// serverSteps are the steps with a device that asks clients for nothing.
func serverSteps(p place) []step {
	with := func(args ...string) []string { return append(p.known(), args...) }
	return []step{{
		title: "a client that does not know the CA refuses the device",
		args:  []string{"--resolve", fmt.Sprintf("%s:%d:127.0.0.1", files.DefaultServerName, p.port), p.url("/")},
		want:  want{refusal: byCurl, stderr: "certificate"},
	}, {
		title: "a client that knows another CA refuses it",
		args: []string{"--cacert", p.file(files.ForeignCA, ".crt"), "--resolve",
			fmt.Sprintf("%s:%d:127.0.0.1", files.DefaultServerName, p.port), p.url("/")},
		want: want{refusal: byCurl, stderr: "certificate"},
	}, {
		title: "a client that knows the CA refuses it under a name that is not in the certificate",
		args:  []string{"--cacert", p.file(files.CA, ".crt"), fmt.Sprintf("https://127.0.0.1:%d/", p.port)},
		want:  want{refusal: byCurl, stderr: "subject name"},
	}, {
		title: "under its own name the device serves the page",
		args:  with(p.url("/")),
		want:  want{status: 200, body: thePage},
	}, {
		title: "the connection is TLS 1.3",
		args:  with("--tlsv1.3", p.url("/rpc/TLS.Info")),
		want:  want{status: 200, body: tls13},
	}, {
		title: "with a client that knows no more it is TLS 1.2",
		args:  with("--tls-max", "1.2", p.url("/rpc/TLS.Info")),
		want:  want{status: 200, body: tls12},
	}, {
		title: "TLS 1.1 and older are refused",
		args:  with("--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", p.url("/")),
		want:  want{refusal: byDevice, alert: "protocol version", log: "version"},
	}, {
		title: "who shows no certificate may look and change nothing",
		args:  with("-d", `{"filename":"index.html","data":""}`, p.url("/rpc/FS.Put")),
		want:  want{status: 403},
	}, {
		title: "the device's private key is not among the pages",
		args:  with(p.url("/server.key")),
		want:  want{status: 404},
	}, {
		title: "nothing outside the document root is, either",
		args:  with("--path-as-is", p.url("/../../server.key")),
		want:  want{status: 404},
	}}
}

// mutualSteps are the steps with a device that lets in only clients whose certificate the CA issued.
func mutualSteps(p place) []step {
	as := func(name string, args ...string) []string { return append(p.as(name), args...) }
	return []step{{
		title: "a client without a certificate is refused",
		args:  append(p.known(), p.url("/")),
		want:  want{refusal: byDevice, alert: "certificate required", log: "TLS client has no certificate"},
	}, {
		title: "with its certificate it gets the page",
		args:  as(files.Client, p.url("/")),
		want:  want{status: 200, body: thePage},
	}, {
		title: "also over TLS 1.2",
		args:  as(files.Client, "--tls-max", "1.2", p.url("/")),
		want:  want{status: 200, body: thePage},
	}, {
		title: "the same from the PKCS #12 file made for browsers",
		args:  append(p.known(), "--cert-type", "P12", "--cert", p.file(files.Client, ".p12"), p.url("/")),
		want:  want{status: 200, body: thePage},
	}, {
		title: "the device knows who is calling",
		args:  as(files.Client, p.url("/rpc/TLS.Info")),
		want:  want{status: 200, body: theName},
	}, {
		title: "remote procedure call by GET",
		args:  as(files.Client, p.url("/rpc/FS.List")),
		want:  want{status: 200, body: theFiles},
	}, {
		title: "remote procedure call by POST of a frame",
		args:  as(files.Client, "-d", `{"id":42,"method":"FS.List","args":{}}`, p.url("/rpc")),
		want:  want{status: 200, body: theFrame},
	}, {
		title: "a certificate signed with SHA-1 is refused",
		env:   []string{"OPENSSL_CONF=" + p.sha1Config()},
		args:  as(files.SHA1Client, p.url("/")),
		want: want{refusal: byDevice, alert: "bad certificate",
			log: "The certificate is signed with an unacceptable hash"},
	}, {
		title: "a certificate of another CA is refused",
		args:  as(files.ForeignClient, p.url("/")),
		want: want{refusal: byDevice, alert: "unknown ca",
			log: "The certificate is not correctly signed by the trusted CA"},
	}, {
		title: "an expired certificate is refused",
		args:  as(files.ExpiredClient, p.url("/")),
		want:  want{refusal: byDevice, alert: "certificate expired", log: "The certificate validity has expired"},
	}, {
		title: "a certificate that is not valid yet is refused",
		args:  as(files.FutureClient, p.url("/")),
		want:  want{refusal: byDevice, alert: "bad certificate", log: "The certificate validity starts in the future"},
	}, {
		title: "a certificate for servers only is refused as a client's",
		args:  as(files.ServerOnly, p.url("/")),
		want: want{refusal: byDevice, alert: "unsupported certificate",
			log: "Usage does not match the extendedKeyUsage extension"},
	}}
}
