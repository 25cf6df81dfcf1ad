//go:build tinygo

package virt

import (
	"errors"
	"runtime/volatile"
	"unsafe"
)

// Flash is the machine's second flash memory: two chips of 16 bits side by side, each with Intel's command set (Common Flash Memory
// Interface, JEDEC JESD68; QEMU's hw/block/pflash_cfi01.c). Every word is a command or an answer for both. Without a
// file behind it (-drive if=pflash,unit=1) it forgets when the emulator ends.
//
// Its methods are those of TinyGo's machine.Flash. Programs do not run from it here, so nothing stands in the way while it is written.
type Flash struct {
	block int64 // the bytes that are erased together
}

var array = (*[32 << 20 / 4]volatile.Register32)(unsafe.Pointer(uintptr(0x2200_0000)))

// Commands and bits of the status, for both chips.
const (
	flashQuery   = 0x0098_0098
	flashRead    = 0x00ff_00ff
	flashProgram = 0x0040_0040
	flashErase   = 0x0020_0020
	flashConfirm = 0x00d0_00d0
	flashClear   = 0x0050_0050

	flashReady = 0x0080_0080
	flashError = 0x003a_003a // erase, program, voltage, protection
)

// What the query answers, by word, in the low byte.
const (
	queryText   = 0x10 // "QRY"
	queryRegion = 0x2f // the size of the blocks in each chip in 256 bytes, two bytes
)

var errFlash = errors.New("virt: the flash reports an error")

// OpenFlash asks the flash what it is. It returns nil if there is none.
func OpenFlash() *Flash {
	array[0x55].Set(flashQuery)
	text := [3]byte{byte(array[queryText].Get()), byte(array[queryText+1].Get()), byte(array[queryText+2].Get())}
	units := array[queryRegion].Get()&0xff | array[queryRegion+1].Get()&0xff<<8
	array[0].Set(flashRead)
	if text != [3]byte{'Q', 'R', 'Y'} || units == 0 {
		return nil
	}
	return &Flash{block: int64(units) * 256 * 2}
}

// ReadAt copies what is in the flash.
func (f *Flash) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		at := uint32(off) + uint32(i)
		p[i] = byte(array[at/4].Get() >> (at % 4 * 8))
	}
	return len(p), nil
}

// WriteAt writes words to flash that is erased. off and the length of p are multiples of 4.
func (f *Flash) WriteAt(p []byte, off int64) (int, error) {
	for i := 0; i < len(p); i += 4 {
		word := &array[(uint32(off)+uint32(i))/4]
		word.Set(flashProgram)
		word.Set(uint32(p[i]) | uint32(p[i+1])<<8 | uint32(p[i+2])<<16 | uint32(p[i+3])<<24)
		if !f.done() {
			return i, errFlash
		}
	}
	return len(p), nil
}

// EraseBlockSize returns the bytes of a block.
func (f *Flash) EraseBlockSize() int64 { return f.block }

// EraseBlocks erases so many blocks from a number on.
func (f *Flash) EraseBlocks(start, length int64) error {
	for ; length > 0; start, length = start+1, length-1 {
		word := &array[start*f.block/4]
		word.Set(flashErase)
		word.Set(flashConfirm)
		if !f.done() {
			return errFlash
		}
	}
	return nil
}

// done waits for the end of an operation and lets the flash be read again.
func (f *Flash) done() bool {
	status := array[0].Get()
	for status&flashReady != flashReady {
		status = array[0].Get()
	}
	array[0].Set(flashClear)
	array[0].Set(flashRead)
	return status&flashError == 0
}
