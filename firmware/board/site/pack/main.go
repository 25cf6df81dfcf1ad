// Command pack makes the site of a board's image, which package site describes.
//
//	go run ./firmware/board/site/pack -schema firmware/mos.yml -default http.ssl_ca_cert=ca.crt -o firmware/board/site/site.bin \
//	    firmware/fs build/pki/ecdsa/server.crt build/pki/ecdsa/server.key build/pki/ecdsa/ca.crt
//
// The arguments are files, which get their last name, and folders, whose files get their names within the folder.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	iofs "io/fs"
	"os"
	"path/filepath"
	"strings"

	"colibri/firmware/board/site"
	"colibri/firmware/configfile"
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
)

func main() {
	schema := flag.String("schema", "firmware/mos.yml", "the configuration's schema")
	out := flag.String("o", "firmware/board/site/site.bin", "the file to make")
	var defaults []string
	flag.Func("default", "key=text: a default over the schema's; may be given again", func(s string) error {
		defaults = append(defaults, s)
		return nil
	})
	flag.Parse()
	image, err := pack(*schema, defaults, flag.Args())
	if err == nil {
		err = os.WriteFile(*out, image, 0o600) // there is a private key in it
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// pack returns the site.
func pack(schema string, defaults, sources []string) ([]byte, error) {
	lines, err := configfile.Schema(schema)
	if err != nil {
		return nil, err
	}
	if lines, err = withDefaults(lines, defaults); err != nil {
		return nil, err
	}
	image := site.Append(nil, "", lines)
	seen := map[string]string{}
	for _, source := range sources {
		err := filepath.WalkDir(source, func(path string, d iofs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name := filepath.Base(path)
			if path != source {
				if name, err = filepath.Rel(source, path); err != nil {
					return err
				}
			}
			name = filepath.ToSlash(name)
			if !fs.Valid([]byte(name)) {
				return fmt.Errorf("%s: %q cannot be a name in the device's file system", path, name)
			}
			if other := seen[name]; other != "" {
				return fmt.Errorf("%s and %s have the same name", other, path)
			}
			seen[name] = path
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			image = site.Append(image, name, content)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return image, nil
}

// withDefaults adds a line for each key=text to the schema, and checks the whole.
func withDefaults(lines []byte, defaults []string) ([]byte, error) {
	var all []json.RawMessage
	if err := json.Unmarshal(lines, &all); err != nil {
		return nil, err
	}
	for _, d := range defaults {
		key, text, ok := strings.Cut(d, "=")
		if !ok {
			return nil, fmt.Errorf("-default %s: key=text is expected", d)
		}
		line, err := json.Marshal([2]string{key, text})
		if err != nil {
			return nil, err
		}
		all = append(all, line)
	}
	lines, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	if _, fault := config.New(lines); !fault.OK() {
		return nil, &fault
	}
	return lines, nil
}
