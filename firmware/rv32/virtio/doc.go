// Package virtio drives the two devices that the emulated board needs from outside: a network card and a source of entropy,
// as in "Virtual I/O Device (VIRTIO) Version 1.2" (OASIS, 2022), over memory-mapped registers (section 4.2). Section numbers in
// comments are of that text. QEMU has to be asked for the interface of version 1:
//
//	-global virtio-mmio.force-legacy=false -device virtio-net-device,netdev=n0 -device virtio-rng-device
//
// Nothing here waits for an interrupt or allocates: queues and buffers are variables of this package, one set for each
// device, and the caller polls.
//
// The package has code for TinyGo only; on a host it is empty. Reading order: registers.go, queue.go, net.go, rng.go.
package virtio
