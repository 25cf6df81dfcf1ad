package files

import (
	"time"

	"colibri/firmware/pki/ca"
)

// The names of the pairs of files, without extension and below the family's folder.
const (
	CA            = "ca"
	Server        = "server"
	Client        = "sandboxclient"
	OtherServer   = "bad/otherserver"
	SHA1Client    = "bad/sha1client"
	ExpiredClient = "bad/expiredclient"
	FutureClient  = "bad/futureclient"
	ServerOnly    = "bad/serveronlyclient"
	ForeignCA     = "bad/foreignca"
	ForeignClient = "bad/foreignclient"
)

// spec describes one pair of files, a certificate and its key.
type spec struct {
	name    string
	issuer  string // the name of the pair that signs; "" where this one is an authority
	common  string // the authority's common name
	purpose string
	p12     bool       // a PKCS #12 file as well
	stale   bool       // its dates are wrong on purpose
	request ca.Request // what a leaf shall be
}

// specs lists the set of one family in the order in which it is made: issuers first.
func specs(o *Options, family ca.Family) []spec {
	const day = 24 * time.Hour
	client := ca.Request{Names: []string{o.clientName()}, Usage: ca.Client}
	with := func(change func(r *ca.Request)) ca.Request {
		r := client
		change(&r)
		return r
	}
	return []spec{{
		name: CA, common: "colibri CA (" + family.String() + ")",
		purpose: "signs the server's and the clients' certificates; curl --cacert, http.ssl_ca_cert",
	}, {
		name: Server, issuer: CA, request: ca.Request{Names: o.serverNames(), Usage: ca.Server},
		purpose: "the device: http.ssl_cert, http.ssl_key",
	}, {
		name: Client, issuer: CA, request: client, p12: true,
		purpose: "the client: curl --cert, --key; the .p12 for a browser, password empty",
	}, {
		name: OtherServer, issuer: CA, request: ca.Request{Names: []string{"otherserver"}, Usage: ca.Server},
		purpose: "refused by clients: a server of another name",
	}, {
		name: SHA1Client, issuer: CA, request: with(func(r *ca.Request) { r.SHA1 = true }),
		purpose: "refused by the device: signed with SHA-1, as the old note's was",
	}, {
		name: ExpiredClient, issuer: CA, stale: true, request: with(func(r *ca.Request) {
			r.NotBefore, r.NotAfter = o.Now.Add(-60*day), o.Now.Add(-30*day)
		}),
		purpose: "refused by the device: its validity has ended",
	}, {
		name: FutureClient, issuer: CA, stale: true, request: with(func(r *ca.Request) {
			r.NotBefore = o.Now.Add(5 * 365 * day)
		}),
		purpose: "refused by the device: its validity has not begun",
	}, {
		name: ServerOnly, issuer: CA, request: with(func(r *ca.Request) { r.Usage = ca.Server }),
		purpose: "refused by the device: extended key usage without clientAuth",
	}, {
		name: ForeignCA, common: "a foreign CA (" + family.String() + ")",
		purpose: "a CA that neither the device nor its clients know",
	}, {
		name: ForeignClient, issuer: ForeignCA, request: client,
		purpose: "refused by the device: issued by the foreign CA",
	}}
}

// serverNames returns the names for a server's certificate that has to be made.
func (o *Options) serverNames() []string {
	if len(o.ServerNames) == 0 {
		return []string{DefaultServerName}
	}
	return o.ServerNames
}

// clientName is the same for the client.
func (o *Options) clientName() string {
	if o.ClientName == "" {
		return DefaultClientName
	}
	return o.ClientName
}
