package board

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/log"
	"colibri/firmware/device/text"
)

// keeper is the board's file system: a fs.Mem whose one file that has to outlive a restart, the configuration's overlay, goes to the
// board's Writer as well.
type keeper struct {
	*fs.Mem
	writer Writer
	log    *log.Logger
}

// restore puts the overlay in its place that was kept before the last restart, through scratch, which must hold it whole.
func (k *keeper) restore(scratch []byte) error {
	if k.writer == nil {
		return nil
	}
	n := k.writer.Load(scratch)
	if n == 0 {
		return nil
	}
	return k.Mem.Write([]byte(config.OverlayFile), scratch[:n], false)
}

// Write implements fs.FS.
func (k *keeper) Write(name, data []byte, extend bool) error {
	if err := k.Mem.Write(name, data, extend); err != nil {
		return err
	}
	if !text.Equal(name, config.OverlayFile) || extend {
		return nil
	}
	if k.writer == nil {
		k.log.At(log.Warn, "config").Str("saved until the restart only: this board has nowhere to keep it").End()
		return nil
	}
	if err := k.writer.Keep(data); err != nil {
		k.log.At(log.Error, "config").Str("not saved: ").Err(err).End()
		return fs.ErrIO
	}
	return nil
}
