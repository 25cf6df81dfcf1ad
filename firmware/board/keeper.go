package board

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/text"
)

// keeper is the board's file system: a fs.Mem whose one file that has to outlive a restart, the configuration's overlay, goes to the
// board's Writer as well.
type keeper struct {
	*fs.Mem
	writer Writer
}

// restore puts the overlay in its place that was kept before the last restart.
func (k *keeper) restore() error {
	if k.writer == nil {
		return nil
	}
	kept := make([]byte, overlaySize)
	n := k.writer.Load(kept)
	if n == 0 {
		return nil
	}
	return k.Mem.Write([]byte(config.OverlayFile), kept[:n], false)
}

// Write implements fs.FS.
func (k *keeper) Write(name, data []byte, extend bool) error {
	if err := k.Mem.Write(name, data, extend); err != nil {
		return err
	}
	if k.writer == nil || !text.Equal(name, config.OverlayFile) || extend {
		return nil
	}
	if k.writer.Keep(data) != nil {
		return fs.ErrIO
	}
	return nil
}
