package main

// registers are a chip's, by address.
type registers interface {
	Get(address uint32) uint32
	Set(address, value uint32)
}

// watchdog is the main watchdog of timer group 0 (MWDT0): it restarts the chip when it was not fed for some time. The three
// chips have it alike, but for the address and for update. Sources: Technical Reference Manuals of the ESP32, the ESP32-S3 and the
// ESP32-C3, chapter "Watchdog Timers", and the registers at the end of the chapter on timer groups.
//
// TinyGo and the radio's driver switch all watchdogs off when they start; so this one is started after them.
type watchdog struct {
	registers registers
	group     uint32 // the address of the timer group
	update    uint32 // a bit of the configuration that makes what was written before count, 0 if there is none
}

// The registers of the watchdog, from the address of the group (TIMG_WDT*_REG).
const (
	wdtConfig0 = 0x48
	wdtConfig1 = 0x4c // the prescaler, in its upper half: cycles of the 80 MHz clock for one tick
	wdtConfig2 = 0x50 // the first stage's time in ticks; the other three stages follow
	wdtFeed    = 0x60 // whatever is written feeds
	wdtProtect = 0x64 // writes to the others count only while this is wdtKey
)

// Bits of wdtConfig0. A stage can do nothing (0), interrupt (1), reset a core (2) or the system (3); the first one resets the
// system, the others do nothing, so that nobody has to be there to answer an interrupt.
const (
	wdtEnable      = 1 << 31
	wdtResetSystem = 3 << 29 // the first stage
	wdtCPULength   = 7 << 18 // how long the reset is held: 3.2 us
	wdtSysLength   = 7 << 15 // likewise
)

const (
	wdtKey      = 0x50d8_3aa1
	wdtTick     = 40_000 // half a millisecond at 80 MHz
	wdtTicks    = 2      // in a millisecond
	wdtCause    = 7      // of a reset: by this watchdog (table of reset sources in the chapter on the reset)
	wdtCauseOf  = 0x3f   // the bits of resetState that tell why the first core was reset
	wdtPatience = 8_000  // milliseconds, a multiple of what takes long: signing by RSA-2048 and erasing a sector, half a second each
)

// Start starts the watchdog with a time in milliseconds and reports whether it has: what was written can be read back.
func (w *watchdog) Start(milliseconds uint32) bool {
	const config = wdtEnable | wdtResetSystem | wdtCPULength | wdtSysLength
	w.set(wdtProtect, wdtKey)
	w.configure(0)
	w.set(wdtConfig1, wdtTick<<16)
	w.set(wdtConfig2, milliseconds*wdtTicks)
	w.set(wdtFeed, 1)
	w.configure(config)
	w.set(wdtProtect, 0)
	return w.get(wdtConfig0)&^w.update == config && w.get(wdtConfig1)>>16 == wdtTick && w.get(wdtConfig2) == milliseconds*wdtTicks
}

// configure writes wdtConfig0, and lets all that was written count.
func (w *watchdog) configure(value uint32) {
	w.set(wdtConfig0, value)
	if w.update != 0 {
		w.set(wdtConfig0, value|w.update)
	}
}

// Feed implements device.Watchdog. Between feedings the registers are protected: a program that runs wild does not feed.
func (w *watchdog) Feed() {
	w.set(wdtProtect, wdtKey)
	w.set(wdtFeed, 1)
	w.set(wdtProtect, 0)
}

// causedBy reports whether the chip was reset by this watchdog, by resetState.
func causedBy(state uint32) bool { return state&wdtCauseOf == wdtCause }

func (w *watchdog) get(offset uint32) uint32 { return w.registers.Get(w.group + offset) }

func (w *watchdog) set(offset, value uint32) { w.registers.Set(w.group+offset, value) }
