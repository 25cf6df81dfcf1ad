//go:build unix

package main

import (
	"errors"
	"fmt"

	"colibri/firmware/configfile"
	"colibri/firmware/device/config"
	"colibri/firmware/device/json"
	"colibri/firmware/host/dirfs"
)

// configure puts the configuration together: the schema, over it the file of -config, over that the device's
// overlay. What the first two say are defaults: Config.Save writes what differs from them.
func configure(o options, files *dirfs.Dir) (*config.Config, error) {
	c, err := configfile.New(o.schema)
	if err != nil {
		return nil, err
	}
	if o.config != "" {
		if err := configfile.Apply(c, o.config); err != nil {
			return nil, err
		}
		c.Freeze()
	}
	fault, err := c.Load(files, make([]byte, json.MaxSize))
	if err == nil && !fault.OK() {
		err = &fault
	}
	if err != nil {
		return nil, fmt.Errorf("%s in the device's file system: %w", config.OverlayFile, err)
	}
	if !c.Bool("http.enable") {
		return nil, errors.New("http.enable is false, and the HTTP server is all there is here: set it to true")
	}
	return c, nil
}
