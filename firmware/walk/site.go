//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"colibri/firmware/pki/files"
)

// layout says where the walk finds things and puts what it makes, relative to the top of the repository.
type layout struct {
	pki    string // the certificates
	binary string // the device, built for this host
	sites  string // folders that are file systems of devices
	pages  string // what such a folder has besides certificates
	schema string // the device's configuration schema
}

// layoutIn is the layout with everything that is made below dir.
func layoutIn(dir string) layout {
	return layout{
		pki:    filepath.Join(dir, "pki"),
		binary: filepath.Join(dir, "device"),
		sites:  filepath.Join(dir, "walk"),
		pages:  filepath.Join("firmware", "fs"),
		schema: filepath.Join("firmware", "mos.yml"),
	}
}

// sha1Config is the path of the configuration that openSSLWithSHA1 goes to.
func (l *layout) sha1Config() string { return filepath.Join(l.sites, "openssl-sha1.cnf") }

// openSSLWithSHA1 lets OpenSSL load a client certificate signed with SHA-1, which its security level 1
// forbids: the walk wants to see the device refuse it, not curl.
const openSSLWithSHA1 = `openssl_conf = walk
[walk]
ssl_conf = ssl
[ssl]
system_default = levels
[levels]
CipherString = DEFAULT:@SECLEVEL=0
`

// freshSite makes the site of a place anew, under a name of its own.
func (p place) freshSite(listen string) (args []string, err error) {
	name := p.family.String()
	if p.mutual {
		name += "-mutual"
	}
	if err := os.RemoveAll(filepath.Join(p.sites, name)); err != nil {
		return nil, err
	}
	return p.makeSite(name, listen)
}

// makeSite lays out a folder as the device's file system: the pages, unless the folder exists, and the
// certificates of the place. It returns the device's arguments.
func (p place) makeSite(name, listen string) (args []string, err error) {
	root := filepath.Join(p.sites, name)
	if _, err := os.Stat(root); err != nil {
		if err := os.CopyFS(root, os.DirFS(p.pages)); err != nil {
			return nil, fmt.Errorf("the pages: %w", err)
		}
	}
	http := map[string]any{"enable": true, "listen_addr": listen, "ssl_cert": "server.crt", "ssl_key": "server.key",
		"ssl_ca_cert": ""}
	copies := map[string]string{"server.crt": p.file(files.Server, ".crt"), "server.key": p.file(files.Server, ".key")}
	if p.mutual {
		copies["ca.crt"] = p.file(files.CA, ".crt")
		http["ssl_ca_cert"] = "ca.crt"
	}
	for to, from := range copies {
		if err := copyFile(filepath.Join(root, to), from); err != nil {
			return nil, err
		}
	}
	config := root + ".json"
	text, err := json.MarshalIndent(map[string]any{"http": http}, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(config, append(text, '\n'), 0o644); err != nil {
		return nil, err
	}
	return []string{"-fs", root, "-schema", p.schema, "-config", config}, nil
}

// prepare makes what all places share.
func (l *layout) prepare() error {
	if err := os.MkdirAll(l.sites, 0o755); err != nil {
		return err
	}
	return os.WriteFile(l.sha1Config(), []byte(openSSLWithSHA1), 0o644)
}

func copyFile(to, from string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if filepath.Ext(to) == ".key" {
		mode = 0o600
	}
	return os.WriteFile(to, content, mode)
}
