//go:build tinygo

package virtio

import (
	"device/riscv"
	"runtime/volatile"
	"unsafe"
)

// queueSize is the number of buffers of a queue, a power of two.
const queueSize = 8

// queue is a split virtqueue (section 2.7) whose buffer i is always the one that descriptor i names.
type queue struct {
	descriptors [queueSize]struct {
		address uint64
		length  volatile.Register32
		flags   uint16
		next    uint16
	}
	available struct {
		flags uint16
		index volatile.Register16
		ring  [queueSize]volatile.Register16
		_     uint16
	}
	_    uint16 // the next part lies at a multiple of 4
	used struct {
		flags uint16
		index volatile.Register16
		ring  [queueSize]struct{ id, length volatile.Register32 }
	}
	taken  uint16 // used entries that we have seen
	number uint32 // of the queue
	device *registers
}

// Flags of descriptors and of the available ring.
const (
	deviceWrites = 2 // the device writes to the buffer
	noInterrupt  = 1
)

// open announces queue q as number n of the device (section 4.2.3.2).
func (q *queue) open(r *registers, n uint32) bool {
	r.queueSel.Set(n)
	if r.queueReady.Get() != 0 || r.queueNumMax.Get() < queueSize {
		return false
	}
	q.device, q.number = r, n
	q.available.flags = noInterrupt
	r.queueNum.Set(queueSize)
	r.queueDesc[0].Set(address(unsafe.Pointer(&q.descriptors)))
	r.queueDriver[0].Set(address(unsafe.Pointer(&q.available)))
	r.queueDevice[0].Set(address(unsafe.Pointer(&q.used)))
	for _, high := range [...]*volatile.Register32{&r.queueDesc[1], &r.queueDriver[1], &r.queueDevice[1]} {
		high.Set(0)
	}
	riscv.Asm("fence")
	r.queueReady.Set(1)
	return true
}

// address returns where the device finds p: there is no translation of addresses.
func address(p unsafe.Pointer) uint32 { return uint32(uintptr(p)) }

// buffer makes p buffer i.
func (q *queue) buffer(i int, p []byte, flags uint16) {
	d := &q.descriptors[i]
	d.address, d.flags = uint64(address(unsafe.Pointer(&p[0]))), flags
	d.length.Set(uint32(len(p)))
}

// offer hands the first n bytes of buffer i to the device.
func (q *queue) offer(i, n int) {
	q.descriptors[i].length.Set(uint32(n))
	index := q.available.index.Get()
	q.available.ring[index%queueSize].Set(uint16(i))
	riscv.Asm("fence")
	q.available.index.Set(index + 1)
	riscv.Asm("fence")
	q.device.queueNotify.Set(q.number)
}

// first returns the buffer that the device has been done with for longest and the bytes it wrote to it; ok is false if there is none.
func (q *queue) first() (i, n int, ok bool) {
	if q.used.index.Get() == q.taken {
		return 0, 0, false
	}
	riscv.Asm("fence")
	e := &q.used.ring[q.taken%queueSize]
	return int(e.id.Get()) % queueSize, int(e.length.Get()), true
}

// drop forgets the buffer that first returned: it is ours again.
func (q *queue) drop() { q.taken++ }
