package files

import (
	"crypto"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

var one = []ca.Family{ca.ECDSA}

func TestEverythingIsMadeAndVerifiesAsMeant(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	entries := ensure(t, Options{Dir: dir, Families: []ca.Family{ca.ECDSA, ca.RSA}, Now: now})
	if want := 2 * (10*2 + 1); len(snapshot(t, dir)) != want {
		t.Errorf("%d files, not %d", len(snapshot(t, dir)), want)
	}
	certs := map[string]*x509.Certificate{}
	for _, e := range entries {
		if len(e.Kept) > 0 || len(e.Made) < 2 {
			t.Errorf("%s: made %q, kept %q", e.Name, e.Made, e.Kept)
		}
		certs[e.Family.String()+e.Name] = e.Cert
	}
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		verify := func(name string, usage x509.ExtKeyUsage, host string) error {
			roots := x509.NewCertPool()
			roots.AddCert(certs[family.String()+CA])
			_, err := certs[family.String()+name].Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now, DNSName: host,
				KeyUsages: []x509.ExtKeyUsage{usage}})
			return err
		}
		server, client := x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth
		for _, c := range []struct {
			name  string
			usage x509.ExtKeyUsage
			host  string
			want  string // part of the error; "" for none
		}{
			{Server, server, "changeme", ""},
			{Client, client, "sandboxclient", ""},
			{OtherServer, server, "otherserver", ""},
			{OtherServer, server, "changeme", "valid for otherserver, not changeme"},
			{SHA1Client, client, "", "insecure algorithm"},
			{ExpiredClient, client, "", "has expired"},
			{FutureClient, client, "", "not yet valid"},
			{ServerOnly, client, "", "incompatible key usage"},
			{ForeignClient, client, "", "unknown authority"},
		} {
			err := verify(c.name, c.usage, c.host)
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v %s for %q: %v, not %q", family, c.name, c.host, err, c.want)
			}
		}
	}
	t.Run("openssl", func(t *testing.T) { opensslAgrees(t, dir) })
}

// opensslAgrees asks OpenSSL for its opinion of every certificate and of the .p12 file.
func opensslAgrees(t *testing.T, dir string) {
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("openssl is not installed, so its opinion is missing")
	}
	for _, family := range []string{"ecdsa", "rsa"} {
		at := func(name string) string { return filepath.Join(dir, family, filepath.FromSlash(name)) }
		sha1 := map[string]string{"ecdsa": "ecdsa-with-SHA1", "rsa": "sha1WithRSAEncryption"}[family]
		for _, c := range []struct {
			args string
			want string // in the output
		}{
			{"verify -x509_strict -purpose sslserver -verify_hostname changeme -CAfile @ca.crt @server.crt", "server.crt: OK"},
			{"verify -x509_strict -purpose sslclient -CAfile @ca.crt @sandboxclient.crt", "sandboxclient.crt: OK"},
			{"verify -purpose sslserver -verify_hostname changeme -CAfile @ca.crt @bad/otherserver.crt", "hostname mismatch"},
			{"verify -purpose sslclient -CAfile @ca.crt @bad/expiredclient.crt", "certificate has expired"},
			{"verify -purpose sslclient -CAfile @ca.crt @bad/futureclient.crt", "certificate is not yet valid"},
			{"verify -purpose sslclient -CAfile @ca.crt @bad/foreignclient.crt", "unable to get local issuer certificate"},
			{"verify -purpose sslclient -CAfile @bad/foreignca.crt @bad/foreignclient.crt", "OK"},
			{"verify -auth_level 2 -purpose sslclient -CAfile @ca.crt @bad/sha1client.crt", "digest algorithm too weak"},
			{"verify -auth_level 0 -purpose sslclient -CAfile @ca.crt @bad/sha1client.crt", "OK"},
			// Version 3.0 calls it unsupported, later ones unsuitable.
			{"verify -purpose sslclient -CAfile @ca.crt @bad/serveronlyclient.crt", "certificate purpose"},
			{"x509 -noout -text -in @bad/sha1client.crt", sha1},
			{"pkcs12 -in @sandboxclient.p12 -passin pass: -nodes", "BEGIN PRIVATE KEY"},
			{"pkcs12 -in @sandboxclient.p12 -passin pass: -nokeys -info", "CN = sandboxclient"},
		} {
			var args []string
			for _, arg := range strings.Fields(c.args) {
				if name, ok := strings.CutPrefix(arg, "@"); ok {
					arg = at(name)
				}
				args = append(args, arg)
			}
			out, _ := exec.Command("openssl", args...).CombinedOutput() // what it says decides, also where it exits with 1
			text := strings.ReplaceAll(string(out), "CN=", "CN = ")
			if !strings.Contains(text, c.want) {
				t.Errorf("%s: openssl %s: no %q in\n%s", family, c.args, c.want, out)
			}
		}
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	o := Options{Dir: dir, Families: one, Now: time.Now()}
	ensure(t, o)
	before := snapshot(t, dir)
	for path := range before {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		secret := !strings.HasSuffix(path, ".crt")
		if runtime.GOOS != "windows" && secret && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	}
	for _, e := range ensure(t, o) {
		if len(e.Made) > 0 {
			t.Errorf("%s: %q was made again", e.Name, e.Made)
		}
	}
	unchanged(t, "second run", dir, before)

}

func TestOneFileMissing(t *testing.T) {
	full := t.TempDir()
	now := time.Now()
	ensure(t, Options{Dir: full, Families: one, Now: now})
	for path := range snapshot(t, full) {
		name, err := filepath.Rel(full, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(full)); err != nil {
				t.Fatal(err)
			}
			missing := filepath.Join(dir, name)
			remove(t, missing)
			before := snapshot(t, dir)
			_, err := Ensure(Options{Dir: dir, Families: one, Now: now})
			unchanged(t, "the rest", dir, before)
			_, remade := snapshot(t, dir)[missing]
			switch base := filepath.Base(name); {
			case base == "ca.key" || base == "foreignca.key": // may be kept elsewhere
				if err != nil || remade {
					t.Errorf("made again %t, %v", remade, err)
				}
			case filepath.Ext(base) == ".key": // lost for ever, and its certificate with it
				if err == nil || !strings.Contains(err.Error(), missing+" is absent") || remade {
					t.Errorf("made again %t, %v", remade, err)
				}
			case base == "sandboxclient.crt": // a new one would not be the one in the .p12
				if err == nil || !strings.Contains(err.Error(), "its certificate is not the one in") || remade {
					t.Errorf("made again %t, %v", remade, err)
				}
			default:
				if err != nil || !remade {
					t.Errorf("made again %t, %v", remade, err)
				}
			}
		})
	}
}

func TestPartialSetIsCompletedConsistently(t *testing.T) {
	dir := t.TempDir()
	o := Options{Dir: dir, Families: one, Now: time.Now()}
	ensure(t, o)
	// All certificates go, all keys stay: as if the run had been interrupted in the worst way.
	keys := map[string]string{}
	for path, content := range snapshot(t, dir) {
		if strings.HasSuffix(path, ".key") {
			keys[path] = content
		} else if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range ensure(t, o) {
		if !ca.Matches(e.Cert, loadKey(t, Path(dir, e.Family, e.Name)+".key")) {
			t.Errorf("%s does not fit its key", e.Name)
		}
	}
	unchanged(t, "keys", dir, keys)
	pfx, err := os.ReadFile(Path(dir, ca.ECDSA, Client) + ".p12")
	if err != nil {
		t.Fatal(err)
	}
	key, cert, chain, err := pkcs12.DecodeChain(pfx, "")
	if err != nil || cert.Subject.CommonName != "sandboxclient" || len(chain) != 1 || !chain[0].IsCA {
		t.Fatalf("the .p12 holds %v, %v, %v", cert, chain, err)
	}
	if !ca.Matches(cert, key.(crypto.Signer)) || !ca.Matches(cert, loadKey(t, Path(dir, ca.ECDSA, Client)+".key")) {
		t.Error("the key in the .p12 is another one")
	}
	if err := cert.CheckSignatureFrom(chain[0]); err != nil {
		t.Error(err)
	}
}

func TestConflictsAreReportedAndNothingWritten(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name   string
		change func(t *testing.T, at func(name string) string)
		o      Options
		want   string
	}{
		{"another CA", func(t *testing.T, at func(string) string) { remove(t, at("ca.crt"), at("ca.key")) }, Options{},
			"server.crt: it was not issued by the CA"},
		{"keys exchanged", func(t *testing.T, at func(string) string) {
			remove(t, at("server.key"))
			if err := os.Link(at("ca.key"), at("server.key")); err != nil {
				t.Fatal(err)
			}
		}, Options{}, "server.crt: it does not fit the key"},
		{"garbage", func(t *testing.T, at func(string) string) { write(t, at("server.crt"), "garbage") }, Options{},
			"server.crt: there is no PEM block CERTIFICATE in it"},
		{"garbage in a key", func(t *testing.T, at func(string) string) { write(t, at("ca.key"), "") }, Options{},
			"ca.key: there is no PEM block PRIVATE KEY in it"},
		{"garbage in the p12", func(t *testing.T, at func(string) string) {
			write(t, at("sandboxclient.p12"), "x")
		}, Options{}, "does not open with an empty password"},
		{"p12 of another certificate", func(t *testing.T, at func(string) string) {
			remove(t, at("sandboxclient.crt"))
		}, Options{}, "its certificate is not the one in"},
		{"leaf to be made without the CA's key", func(t *testing.T, at func(string) string) {
			remove(t, at("ca.key"), at("server.crt"), at("server.key"))
		}, Options{}, "it takes the CA's key"},
		{"other names asked for", func(*testing.T, func(string) string) {},
			Options{ServerNames: []string{"changeme", "10.0.0.1"}},
			`it is for ["changeme"], not for ["changeme" "10.0.0.1"] as asked`},
		{"another client asked for", func(*testing.T, func(string) string) {}, Options{ClientName: "someone"},
			`it is for ["sandboxclient"], not for ["someone"] as asked`},
		{"years later", func(*testing.T, func(string) string) {}, Options{Now: now.AddDate(3, 0, 0)},
			"server.crt: it has expired on " + now.Add(ca.LeafLifetime-ca.Backdate).UTC().Format("2006-")},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			ensure(t, Options{Dir: dir, Families: one, Now: now})
			c.change(t, func(name string) string { return filepath.Join(dir, "ecdsa", name) })
			before := snapshot(t, dir)
			c.o.Dir, c.o.Families = dir, one
			if c.o.Now.IsZero() {
				c.o.Now = now
			}
			_, err := Ensure(c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, not %q", err, c.want)
			}
			unchanged(t, "conflict", dir, before)
		})
	}
}

func TestNamesAskedForAndFound(t *testing.T) {
	dir := t.TempDir()
	o := Options{Dir: dir, Families: one, Now: time.Now(), ClientName: "me",
		ServerNames: []string{"my.local", "192.168.4.1", "::1"}}
	ensure(t, o)
	o.ServerNames = []string{"0:0:0:0:0:0:0:1", "MY.local", "192.168.4.1"} // the same, spelt otherwise
	ensure(t, o)
	o.ServerNames, o.ClientName = nil, "" // what is there will do
	for _, e := range ensure(t, o) {
		if e.Name == Server && !slices.Equal(Names(e.Cert), []string{"my.local", "192.168.4.1", "::1"}) {
			t.Errorf("names %q", Names(e.Cert))
		}
	}
}

func TestAuthorityWithoutItsKeyIsWhole(t *testing.T) {
	dir := t.TempDir()
	o := Options{Dir: dir, Families: one, Now: time.Now()}
	ensure(t, o)
	key := Path(dir, ca.ECDSA, CA) + ".key"
	remove(t, key)
	ensure(t, o)
	if _, err := os.Stat(key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a new key for the CA: %v", err)
	}
}

func TestCreateKeepsWhatItFinds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "file")
	for name, create := range map[string]func(string, []byte, fs.FileMode) error{"link": create, "plain": createPlain} {
		os.Remove(path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := create(path, []byte("first"), 0o600); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := create(path, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: second time: %v", name, err)
		}
		if got := snapshot(t, filepath.Dir(path)); len(got) != 1 || got[path] != "first" {
			t.Errorf("%s: left %q", name, got)
		}
	}
}

func TestTableNamesEveryFile(t *testing.T) {
	dir := t.TempDir()
	o := Options{Dir: dir, Families: one, Now: time.Now()}
	ensure(t, o)
	remove(t, Path(dir, ca.ECDSA, Client)+".p12")
	var out strings.Builder
	if err := Table(&out, dir, ensure(t, o)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"ecdsa/sandboxclient.crt .key .p12    made .p12  sandboxclient ", "ecdsa/server.crt .key", "ECDSA-SHA1 ", "files made: 1;"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func ensure(t *testing.T, o Options) []Entry {
	t.Helper()
	entries, err := Ensure(o)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// snapshot reads all files below dir, by path.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// unchanged checks that the files of before are there as they were.
func unchanged(t *testing.T, what, dir string, before map[string]string) {
	t.Helper()
	after := snapshot(t, dir)
	for path, content := range before {
		if after[path] != content {
			t.Errorf("%s: %s changed", what, path)
		}
	}
	if what == "conflict" && len(after) != len(before) {
		t.Errorf("%s: %d files became %d", what, len(before), len(after))
	}
}

func loadKey(t *testing.T, path string) crypto.Signer {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ca.ParseKeyPEM(text)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return key
}

func remove(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
