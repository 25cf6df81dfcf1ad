package main

import "errors"

// blocks is flash: what machine.Flash has.
type blocks interface {
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	EraseBlockSize() int64
	EraseBlocks(start, length int64) error
}

// kept keeps one text in flash, as a board.Writer: in one of two blocks, the one with the higher number, so that the loss of power
// while one is written leaves the other.
//
//	magic, 4 bytes; number, 4 bytes; length, 4 bytes; sum of the text's bytes, 4 bytes; the text
type kept struct{ flash blocks }

const (
	keptMagic  = 0x636f6c69
	keptHeader = 16
	writeUnit  = 256 // writes are multiples of it, whatever the flash wants
)

var errTooLong = errors.New("the configuration does not fit a block of flash")

// Load implements board.Writer.
func (k kept) Load(p []byte) int {
	best, length := uint32(0), 0
	for slot := range int64(2) {
		var h [keptHeader]byte
		if _, err := k.flash.ReadAt(h[:], slot*k.flash.EraseBlockSize()); err != nil || word(h[:]) != keptMagic {
			continue
		}
		n := int(word(h[8:]))
		if word(h[4:]) <= best || n > len(p) || int64(n) > k.flash.EraseBlockSize()-keptHeader {
			continue
		}
		text := make([]byte, n)
		if _, err := k.flash.ReadAt(text, slot*k.flash.EraseBlockSize()+keptHeader); err == nil && total(text) == word(h[12:]) {
			best, length = word(h[4:]), copy(p, text)
		}
	}
	return length
}

// Keep implements board.Writer.
func (k kept) Keep(p []byte) error {
	size := k.flash.EraseBlockSize()
	if int64(len(p)) > size-keptHeader {
		return errTooLong
	}
	var numbers [2]uint32
	for slot := range numbers {
		var h [keptHeader]byte
		if _, err := k.flash.ReadAt(h[:], int64(slot)*size); err == nil && word(h[:]) == keptMagic {
			numbers[slot] = word(h[4:])
		}
	}
	slot, number := int64(0), numbers[1]+1
	if numbers[0] > numbers[1] {
		slot, number = 1, numbers[0]+1
	}
	image := make([]byte, (keptHeader+len(p)+writeUnit-1)/writeUnit*writeUnit)
	putWord(image, keptMagic)
	putWord(image[4:], number)
	putWord(image[8:], uint32(len(p)))
	putWord(image[12:], total(p))
	copy(image[keptHeader:], p)
	if err := k.flash.EraseBlocks(slot, 1); err != nil {
		return err
	}
	_, err := k.flash.WriteAt(image, slot*size)
	return err
}

// total is a check of the text: a sum in which places matter (Fletcher's, of 32 bits).
func total(p []byte) uint32 {
	a, b := uint32(1), uint32(0)
	for _, c := range p {
		a = (a + uint32(c)) % 65521
		b = (b + a) % 65521
	}
	return b<<16 | a
}

func word(p []byte) uint32 {
	return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | uint32(p[3])<<24
}

func putWord(p []byte, n uint32) {
	p[0], p[1], p[2], p[3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
}
