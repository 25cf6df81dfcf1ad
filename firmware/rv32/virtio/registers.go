//go:build tinygo

package virtio

import (
	"runtime/volatile"
	"unsafe"
)

// registers are those of one device (section 4.2.2).
type registers struct {
	magic             volatile.Register32 // "virt"
	version           volatile.Register32 // 2; the legacy interface has 1
	device            volatile.Register32 // what it is; 0: none
	vendor            volatile.Register32
	deviceFeatures    volatile.Register32
	deviceFeaturesSel volatile.Register32
	_                 [2]uint32
	driverFeatures    volatile.Register32
	driverFeaturesSel volatile.Register32
	_                 [2]uint32
	queueSel          volatile.Register32
	queueNumMax       volatile.Register32
	queueNum          volatile.Register32
	_                 [2]uint32
	queueReady        volatile.Register32
	_                 [2]uint32
	queueNotify       volatile.Register32
	_                 [3]uint32
	interruptStatus   volatile.Register32
	interruptACK      volatile.Register32
	_                 [2]uint32
	status            volatile.Register32
	_                 [3]uint32
	queueDesc         [2]volatile.Register32 // low and high half of an address
	_                 [2]uint32
	queueDriver       [2]volatile.Register32
	_                 [2]uint32
	queueDevice       [2]volatile.Register32
	_                 [21]uint32
	generation        volatile.Register32
	config            [16]volatile.Register8
}

// Kinds of devices (section 5).
const (
	kindNetwork = 1
	kindEntropy = 4
)

// Bits of status (section 2.1).
const (
	acknowledge = 1
	driver      = 2
	driverOK    = 4
	featuresOK  = 8
)

// Features: of all devices (section 6), version 1 and not legacy; of a network card (section 5.1.3), that it has a MAC address.
const (
	featureVersion1 = 1 << 0 // of the second 32
	featureMAC      = 1 << 5
)

// find returns the device of a kind, or nil. QEMU's virt machine has places for eight (hw/riscv/virt.c).
func find(kind uint32) *registers {
	for i := uintptr(0); i < 8; i++ {
		r := (*registers)(unsafe.Pointer(0x1000_1000 + i*0x1000))
		if r.magic.Get() == 0x74726976 && r.version.Get() == 2 && r.device.Get() == kind {
			return r
		}
	}
	return nil
}

// begin resets the device and agrees on features (section 3.1.1): version 1 and those of features, all of which it must have.
func (r *registers) begin(features uint32) bool {
	r.status.Set(0)
	r.status.Set(acknowledge)
	r.status.Set(acknowledge | driver)
	r.deviceFeaturesSel.Set(0)
	if r.deviceFeatures.Get()&features != features {
		return false
	}
	r.driverFeaturesSel.Set(0)
	r.driverFeatures.Set(features)
	r.driverFeaturesSel.Set(1)
	r.driverFeatures.Set(featureVersion1)
	r.status.Set(acknowledge | driver | featuresOK)
	return r.status.Get()&featuresOK != 0
}

// run lets the device go.
func (r *registers) run() { r.status.Set(acknowledge | driver | featuresOK | driverOK) }
