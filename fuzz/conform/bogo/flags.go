package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"colibri/tlscore"
	"colibri/tlscore/primitive/sha2"
)

// options is what the runner's flags ask for, for one connection.
type options struct {
	port        int
	shimID      uint64
	ipv6        bool
	server      bool
	resumeCount int

	credentials []*credential // of -new-x509-credential and the like
	fallback    *credential   // what was described before those, and is used after them
	trustCert   string
	verifyPeer  bool
	requireCert bool

	verifyFail   bool // the application objects to the peer, with the alert of BoringSSL's
	customVerify bool // newer interface or of its older one,
	judgeAgain   bool // in a resumed session too,
	softVerify   bool // or only notes that, without -verify-peer,
	failEarly    bool // or fails when there is a ClientHello,
	failLater    bool // or when that was read,
	failCert     bool // or when it should choose a certificate,
	failOCSP     bool // or judge or give an OCSP response

	minVersion, maxVersion uint16
	without                [4]bool // -no-tls1 to -no-tls13
	curves                 []uint16
	verifyPrefs            []uint16
	suites                 []tlscore.SuiteID // -cipher
	clientOrder            bool              // of suites
	keyShares              []uint16
	noKeyShares            bool
	peerTypes              []uint16 // certificate types (RFC 7250)
	ownTypes               []uint16 // of a client
	grease                 bool
	policy                 *policy  // nil: none
	authorities            [][]byte // that a server names to clients
	requestOCSP            bool
	compresses             bool   // certificates, by all algorithms of the runner
	compressesBy           uint16 // or by this one
	noOCSP                 bool   // do not staple

	hostName     string
	noNameAck    bool   // of a server
	alpn         string // of a client, as on the wire
	alpnPick     string // of a server
	noALPN       bool
	badALPN      bool
	noTickets    bool
	renewTickets bool // their keys before every connection
	delay        int  // seconds between this connection and the next

	async           bool // deliver everything byte by byte
	peek            bool
	readSize        int
	maxFragment     int
	writesFirst     bool
	initialWrite    string
	initialRepeats  int
	unfinishedWrite bool
	manySizes       bool
	shutsDown       bool
	closeNotify     bool
	updateOften     bool // keys, before each reply

	early      bool     // there may be early data
	earlyAfter int      // the message of the server behind which a client writes it
	retry      *options // what follows in a connection whose early data was rejected

	exportTraffic bool   // secrets
	exportUnique  bool   // tls-unique
	fallsBack     bool   // it is a connection's second try
	npn           string // protocols for clients that know NPN, and no ALPN

	falseStart, falseStartAlways bool // the second: without ALPN as well
	wholeHandshake               bool // comes before anything is written, all the same
	sendAlert                    bool // and end
	exportSize                   int
	exportLabel                  string
	exportContext                string
	exportWith                   bool // there is a context

	expectVersion     uint16
	expectCipher      uint16
	expectCurve       uint16
	expectServerName  string
	expectNoName      bool
	expectALPN        string
	expectOfferedALPN string
	expectPeerCert    string
	expectNoPeerCert  bool
	expectMiss        bool
	expectHash        bool // of a client's certificate
	expectRetry       bool
	expectNoRetry     bool
	expectIdentity    *int
	expectScheme      uint16
	expectOCSP        []byte
	expectKey         []byte // SHA-256 of a raw public key
	expectPeerType    uint16
	expectEarly       bool // early data was accepted
	expectNoEarly     bool // it was not
	expectNoOffer     bool // a client has not offered any
	expectReason      string
	expectSkew        *int64   // of a client's clock, in seconds
	expectCached      bool     // the session is in the server's cache
	expectNotCached   bool     // or is not
	expectNoSession   bool     // a client has none to resume
	expectRenewal     bool     // each session is resumed by a ticket of its own
	expectEarlyTicket bool     // there may be early data in the next connection
	expectSchemes     []uint16 // that the peer accepts
	expectAuthorities [][]byte // that the server names
	expectTypes       []byte   // of keys that a server of TLS 1.2 asks for
}

// credential is a certificate with its key, or a key that is shared, as flags describe it.
type credential struct {
	psk               *tlscore.PSK // nil: none
	context           []byte       // to import it with
	certFile, keyFile string
	signingPrefs      []uint16
	ocsp              []byte
	mustMatchIssuer   bool
	raw               bool // a raw public key: without certFile
}

// A setter acts on a flag; arg is its argument, "" if it has none.
type setter func(o *options, arg string) error

// flag is one that the shim knows.
type flag struct {
	hasArg bool
	set    setter
}

// errUnimplemented is a wish that the shim cannot fulfil.
type errUnimplemented string

func (e errUnimplemented) Error() string { return "unimplemented: " + string(e) }

func on(field func(*options) *bool) flag {
	return flag{set: func(o *options, _ string) error { *field(o) = true; return nil }}
}

func text(field func(*options) *string) flag {
	return flag{true, func(o *options, arg string) error { *field(o) = arg; return nil }}
}

func number[T int | uint16 | uint64](field func(*options) *T) flag {
	return flag{true, func(o *options, arg string) error {
		n, err := strconv.ParseUint(arg, 10, 63)
		*field(o) = T(n)
		if err == nil && uint64(*field(o)) != n {
			err = strconv.ErrRange
		}
		return err
	}}
}

func numbers(field func(*options) *[]uint16) flag {
	return flag{true, func(o *options, arg string) error {
		n, err := strconv.ParseUint(arg, 10, 16)
		*field(o) = append(*field(o), uint16(n))
		return err
	}}
}

func octets(field func(*options) *[]byte) flag {
	return flag{true, func(o *options, arg string) (err error) {
		*field(o), err = base64.StdEncoding.DecodeString(arg)
		return err
	}}
}

// names reads a list of distinguished names.
func names(list string) (ders [][]byte, err error) {
	for _, name := range strings.Split(list, ",") {
		der, err := hex.DecodeString(name)
		if err != nil {
			return nil, err
		}
		ders = append(ders, der)
	}
	return ders, nil
}

// natural are the flags that ask for what the shim does anyway, or for the way BoringSSL's interface is used.
func natural(hasArg bool) flag {
	return flag{hasArg, func(*options, string) error { return nil }}
}

// fixed are the flags that set what cannot be set here, if they set it to what it is.
func fixed(what ...uint16) flag {
	return flag{true, func(_ *options, arg string) error {
		n, err := strconv.ParseUint(arg, 10, 16)
		if err == nil && !slices.Contains(what, uint16(n)) {
			return errUnimplemented(arg)
		}
		return err
	}}
}

// current returns the credential that the flags describe at the moment.
func (o *options) current() *credential {
	if n := len(o.credentials); n > 0 {
		return o.credentials[n-1]
	}
	if o.fallback == nil {
		o.fallback = new(credential)
	}
	return o.fallback
}

// key returns the shared key that the flags describe at the moment.
func (o *options) key() *tlscore.PSK {
	c := o.current()
	if c.psk == nil {
		c.psk = new(tlscore.PSK)
	}
	return c.psk
}

// setSuites reads a list of suites as BoringSSL writes it. Those in brackets are equal: the client may say which. Suites that we do
// not have are left out.
func (o *options) setSuites(list string) error {
	o.clientOrder = strings.ContainsAny(list, "[")
	if list == "DEFAULT:!AES" {
		o.suites = []tlscore.SuiteID{tlscore.ECDHEECDSAChaCha20Poly1305, tlscore.ECDHERSAChaCha20Poly1305}
		return nil
	}
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(":|[]", r) }) {
		for id := tlscore.SuiteID(0xc000); id < 0xcd00; id++ {
			if id.String() == name {
				o.suites = append(o.suites, id)
			}
		}
	}
	if len(o.suites) == 0 {
		return errUnimplemented("-cipher " + list)
	}
	return nil
}

var flags = map[string]flag{
	"-port":         number(func(o *options) *int { return &o.port }),
	"-shim-id":      number(func(o *options) *uint64 { return &o.shimID }),
	"-ipv6":         on(func(o *options) *bool { return &o.ipv6 }),
	"-server":       on(func(o *options) *bool { return &o.server }),
	"-resume-count": number(func(o *options) *int { return &o.resumeCount }),

	"-new-x509-credential": {set: func(o *options, _ string) error {
		o.credentials = append(o.credentials, new(credential))
		return nil
	}},
	"-new-rpk-credential": {set: func(o *options, _ string) error {
		o.credentials = append(o.credentials, &credential{raw: true})
		return nil
	}},
	"-new-psk-credential": {set: func(o *options, _ string) error {
		o.credentials = append(o.credentials, &credential{psk: &tlscore.PSK{}})
		return nil
	}},
	"-psk-importer-key":               octets(func(o *options) *[]byte { return &o.key().Key }),
	"-psk-importer-identity":          octets(func(o *options) *[]byte { return &o.key().Identity }),
	"-psk-importer-context":           octets(func(o *options) *[]byte { return &o.current().context }),
	"-psk-importer-sha256":            {set: func(o *options, _ string) error { o.key().Hash = sha2.SHA256; return nil }},
	"-psk-importer-sha384":            {set: func(o *options, _ string) error { o.key().Hash = sha2.SHA384; return nil }},
	"-accepted-peer-cert-types":       numbers(func(o *options) *[]uint16 { return &o.peerTypes }),
	"-ocsp-response":                  octets(func(o *options) *[]byte { return &o.current().ocsp }),
	"-enable-ocsp-stapling":           on(func(o *options) *bool { return &o.requestOCSP }),
	"-enable-grease":                  on(func(o *options) *bool { return &o.grease }),
	"-cert-file":                      text(func(o *options) *string { return &o.current().certFile }),
	"-key-file":                       text(func(o *options) *string { return &o.current().keyFile }),
	"-signing-prefs":                  numbers(func(o *options) *[]uint16 { return &o.current().signingPrefs }),
	"-must-match-issuer":              on(func(o *options) *bool { return &o.current().mustMatchIssuer }),
	"-trust-cert":                     text(func(o *options) *string { return &o.trustCert }),
	"-verify-fail":                    on(func(o *options) *bool { return &o.verifyFail }),
	"-reverify-on-resume":             on(func(o *options) *bool { return &o.judgeAgain }),
	"-fail-early-callback":            on(func(o *options) *bool { return &o.failEarly }),
	"-install-ddos-callback":          natural(false),
	"-fail-ddos-callback":             on(func(o *options) *bool { return &o.failLater }),
	"-fail-cert-callback":             on(func(o *options) *bool { return &o.failCert }),
	"-fail-ocsp-callback":             on(func(o *options) *bool { return &o.failOCSP }),
	"-expect-sha256-client-cert":      on(func(o *options) *bool { return &o.expectHash }),
	"-verify-peer":                    on(func(o *options) *bool { return &o.verifyPeer }),
	"-expect-verify-result":           on(func(o *options) *bool { return &o.softVerify }),
	"-require-any-client-certificate": on(func(o *options) *bool { return &o.requireCert }),
	"-use-custom-verify-callback":     on(func(o *options) *bool { return &o.customVerify }),
	"-use-old-client-cert-callback":   natural(false),
	"-use-early-callback":             natural(false),

	"-min-version":   number(func(o *options) *uint16 { return &o.minVersion }),
	"-max-version":   number(func(o *options) *uint16 { return &o.maxVersion }),
	"-no-tls1":       on(func(o *options) *bool { return &o.without[0] }),
	"-no-tls11":      on(func(o *options) *bool { return &o.without[1] }),
	"-no-tls12":      on(func(o *options) *bool { return &o.without[2] }),
	"-no-tls13":      on(func(o *options) *bool { return &o.without[3] }),
	"-curves":        numbers(func(o *options) *[]uint16 { return &o.curves }),
	"-no-key-shares": on(func(o *options) *bool { return &o.noKeyShares }),
	"-key-shares":    numbers(func(o *options) *[]uint16 { return &o.keyShares }),

	"-host-name":          text(func(o *options) *string { return &o.hostName }),
	"-no-server-name-ack": on(func(o *options) *bool { return &o.noNameAck }),
	"-advertise-alpn":     text(func(o *options) *string { return &o.alpn }),
	"-select-alpn":        text(func(o *options) *string { return &o.alpnPick }),
	"-decline-alpn":       on(func(o *options) *bool { return &o.noALPN }),
	"-reject-alpn":        on(func(o *options) *bool { return &o.badALPN }),
	"-no-ticket":          on(func(o *options) *bool { return &o.noTickets }),
	"-resumption-delay":   number(func(o *options) *int { return &o.delay }),
	"-skip-ticket":        on(func(o *options) *bool { return &o.noTickets }),
	"-renew-ticket":       on(func(o *options) *bool { return &o.renewTickets }),

	"-async":                          on(func(o *options) *bool { return &o.async }),
	"-implicit-handshake":             natural(false),
	"-advertise-npn":                  text(func(o *options) *string { return &o.npn }),
	"-fallback-scsv":                  on(func(o *options) *bool { return &o.fallsBack }),
	"-false-start":                    on(func(o *options) *bool { return &o.falseStart }),
	"-allow-false-start-without-alpn": on(func(o *options) *bool { return &o.falseStartAlways }),
	"-no-op-extra-handshake":          natural(false),
	"-handshake-twice":                on(func(o *options) *bool { return &o.wholeHandshake }),
	"-handshake-never-done":           natural(false),
	"-partial-write":                  natural(false),
	"-peek-then-read":                 on(func(o *options) *bool { return &o.peek }),
	"-max-send-fragment":              number(func(o *options) *int { return &o.maxFragment }),
	"-read-size":                      number(func(o *options) *int { return &o.readSize }),
	"-shim-writes-first":              on(func(o *options) *bool { return &o.writesFirst }),
	"-shim-initial-write":             text(func(o *options) *string { return &o.initialWrite }),
	"-repeat-shim-initial-write":      number(func(o *options) *int { return &o.initialRepeats }),
	"-read-with-unfinished-write":     on(func(o *options) *bool { return &o.unfinishedWrite }),
	"-write-different-record-sizes":   on(func(o *options) *bool { return &o.manySizes }),
	"-shim-shuts-down":                on(func(o *options) *bool { return &o.shutsDown }),
	"-check-close-notify":             on(func(o *options) *bool { return &o.closeNotify }),

	"-verify-prefs": numbers(func(o *options) *[]uint16 { return &o.verifyPrefs }),
	"-cipher":       {true, (*options).setSuites},
	// Which order counts. We are a device with instructions for AES: what the others expect does not matter.
	"-expect-cipher-no-aes": natural(true),
	"-expect-cipher-aes": {true, func(o *options, arg string) error {
		o.clientOrder = true
		return number(func(o *options) *uint16 { return &o.expectCipher }).set(o, arg)
	}},

	"-available-client-cert-types": numbers(func(o *options) *[]uint16 { return &o.ownTypes }),
	"-server-preference":           natural(false),
	"-no-legacy-server-connect":    natural(false), // TLS 1.2 is never spoken with servers that do not know renegotiation_info.
	"-max-cert-list":               fixed(16384),   // what the buffers hold, which are for a record
	"-use-client-ca-list": {true, func(o *options, arg string) (err error) {
		if arg != "<NULL>" && arg != "<EMPTY>" {
			o.authorities, err = names(arg)
		}
		return err
	}},
	"-expect-client-ca-list": {true, func(o *options, arg string) (err error) {
		o.expectAuthorities, err = names(arg)
		return err
	}},
	"-expect-certificate-types": octets(func(o *options) *[]byte { return &o.expectTypes }),
	"-expect-peer-verify-pref":  numbers(func(o *options) *[]uint16 { return &o.expectSchemes }),

	// The sessions that our side keeps: a server's in its cache, or else in tickets, a client's until it has resumed them.
	"-expect-session-id":                 on(func(o *options) *bool { return &o.expectCached }),
	"-expect-no-session-id":              on(func(o *options) *bool { return &o.expectNotCached }),
	"-expect-no-session":                 on(func(o *options) *bool { return &o.expectNoSession }),
	"-expect-ticket-renewal":             on(func(o *options) *bool { return &o.expectRenewal }),
	"-expect-ticket-supports-early-data": on(func(o *options) *bool { return &o.expectEarlyTicket }),

	// Sessions have no more of a client than the application notes, and that is the hash of its certificate.
	"-retain-only-sha256-client-cert": natural(false),

	// Signed certificate timestamps are not known here. Those that a credential has are for who asks for them: that none come unasked is
	// what the runner checks. What would come of asking for them is in a flag of its own, which is not known.
	"-signed-cert-timestamps":        natural(true),
	"-enable-signed-cert-timestamps": natural(false),

	"-expect-ticket-age-skew": {true, func(o *options, arg string) error {
		n, err := strconv.ParseInt(arg, 10, 64)
		o.expectSkew = &n
		return err
	}},

	"-key-update":                       on(func(o *options) *bool { return &o.updateOften }),
	"-install-cert-compression-algs":    on(func(o *options) *bool { return &o.compresses }),
	"-install-one-cert-compression-alg": number(func(o *options) *uint16 { return &o.compressesBy }),

	"-export-keying-material": number(func(o *options) *int { return &o.exportSize }),
	"-tls-unique":             on(func(o *options) *bool { return &o.exportUnique }),
	"-export-traffic-secrets": on(func(o *options) *bool { return &o.exportTraffic }),
	"-send-alert":             on(func(o *options) *bool { return &o.sendAlert }),
	"-export-label":           text(func(o *options) *string { return &o.exportLabel }),
	"-export-context":         text(func(o *options) *string { return &o.exportContext }),
	"-use-export-context":     on(func(o *options) *bool { return &o.exportWith }),

	"-enable-early-data":          on(func(o *options) *bool { return &o.early }),
	"-early-write-after-message":  number(func(o *options) *int { return &o.earlyAfter }),
	"-expect-accept-early-data":   on(func(o *options) *bool { return &o.expectEarly }),
	"-expect-reject-early-data":   on(func(o *options) *bool { return &o.expectNoEarly }),
	"-expect-no-offer-early-data": on(func(o *options) *bool { return &o.expectNoOffer }),
	"-expect-early-data-reason":   text(func(o *options) *string { return &o.expectReason }),

	"-fips-202205":  underPolicy("-fips-202205"),
	"-wpa-202304":   underPolicy("-wpa-202304"),
	"-cnsa1-202603": underPolicy("-cnsa1-202603"),
	"-cnsa-202407":  underPolicy("-cnsa-202407"),

	// The response is the one that is configured, whenever BoringSSL asks for it.
	"-use-ocsp-callback":        natural(false),
	"-set-ocsp-in-callback":     natural(false),
	"-decline-ocsp-callback":    on(func(o *options) *bool { return &o.noOCSP }),
	"-use-ticket-callback":      natural(false),
	"-use-ticket-aead-callback": natural(false),

	"-expect-version":                  number(func(o *options) *uint16 { return &o.expectVersion }),
	"-expect-cipher":                   number(func(o *options) *uint16 { return &o.expectCipher }),
	"-expect-curve-id":                 number(func(o *options) *uint16 { return &o.expectCurve }),
	"-expect-server-name":              text(func(o *options) *string { return &o.expectServerName }),
	"-expect-no-server-name":           on(func(o *options) *bool { return &o.expectNoName }),
	"-expect-alpn":                     text(func(o *options) *string { return &o.expectALPN }),
	"-expect-advertised-alpn":          text(func(o *options) *string { return &o.expectOfferedALPN }),
	"-expect-peer-cert-file":           text(func(o *options) *string { return &o.expectPeerCert }),
	"-expect-no-peer-cert":             on(func(o *options) *bool { return &o.expectNoPeerCert }),
	"-expect-session-miss":             on(func(o *options) *bool { return &o.expectMiss }),
	"-expect-hrr":                      on(func(o *options) *bool { return &o.expectRetry }),
	"-expect-no-hrr":                   on(func(o *options) *bool { return &o.expectNoRetry }),
	"-expect-peer-signature-algorithm": number(func(o *options) *uint16 { return &o.expectScheme }),
	"-expect-ocsp-response":            octets(func(o *options) *[]byte { return &o.expectOCSP }),
	"-expect-peer-rpk-sha256":          octets(func(o *options) *[]byte { return &o.expectKey }),
	"-expect-peer-certificate-type":    number(func(o *options) *uint16 { return &o.expectPeerType }),
	"-expect-secure-renegotiation":     natural(false), // TLS 1.2 is refused without it,
	"-expect-extended-master-secret":   natural(false), // and without this.
	"-expect-selected-credential": {true, func(o *options, arg string) error {
		n, err := strconv.Atoi(arg)
		o.expectIdentity = &n
		return err
	}},
}

// parse reads the runner's command line. It returns what to do in the first connection of a test and in those that follow.
func parse(args []string) (initial, resume *options, err error) {
	initial, resume = newOptions(), newOptions()
	resume.retry = newOptions()
	for len(args) > 0 {
		name := args[0]
		args = args[1:]
		if strings.HasPrefix(name, "-on-handshaker-") {
			return nil, nil, errUnimplemented(name)
		}
		name = "-" + strings.TrimPrefix(strings.TrimPrefix(name, "-"), "on-shim-")
		targets := []*options{initial, resume, resume.retry}
		if rest, ok := strings.CutPrefix(name, "-on-initial-"); ok {
			name, targets = "-"+rest, targets[:1]
		} else if rest, ok := strings.CutPrefix(name, "-on-resume-"); ok {
			name, targets = "-"+rest, targets[1:2]
		} else if rest, ok := strings.CutPrefix(name, "-on-retry-"); ok {
			name, targets = "-"+rest, targets[2:]
		}
		f, known := flags[name]
		if !known {
			return nil, nil, errUnimplemented(name)
		}
		arg := ""
		if f.hasArg {
			if len(args) == 0 {
				return nil, nil, fmt.Errorf("%s lacks its argument", name)
			}
			arg, args = args[0], args[1:]
		}
		for _, o := range targets {
			if err := f.set(o, arg); err != nil {
				return nil, nil, fmt.Errorf("%s %q: %w", name, arg, err)
			}
		}
	}
	return initial, resume, nil
}

func newOptions() *options {
	return &options{initialWrite: "hello", initialRepeats: 1, readSize: 512}
}
