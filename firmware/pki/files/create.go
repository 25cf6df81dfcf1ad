package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// create writes a file that must not exist yet, so that it is either whole or absent, and makes its folder
// when needed.
//
// Renaming would replace a file that has come into being meanwhile; linking does not. Where the file system
// knows no links (FAT, as on an SD card) the file is created under its own name, which does not replace
// either, and removed if writing fails.
func create(path string, content []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".new-*") // O_EXCL and mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := fill(temp, content, mode); err != nil {
		return err
	}
	err = os.Link(temp.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = createPlain(path, content, mode)
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s has been made by someone else meanwhile and is kept; run this again: %w", path, err)
	}
	return err
}

func createPlain(path string, content []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := fill(f, content, mode); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// fill writes content to f, gives it its mode, brings it to the disk and closes it.
func fill(f *os.File, content []byte, mode fs.FileMode) error {
	_, err := f.Write(content)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
