package main

import "testing"

// silicon is a timer group's watchdog as the manuals describe it, and its time.
type silicon struct {
	t         *testing.T
	group     uint32
	latched   bool // what is written counts only once wdtUpdate of the ESP32-C3 was written
	written   map[uint32]uint32
	inForce   map[uint32]uint32
	cycles    uint64 // of the 80 MHz clock since it was fed
	restarted bool
}

const c3Update = 1 << 22

func newSilicon(t *testing.T, group uint32, latched bool) *silicon {
	s := &silicon{t: t, group: group, latched: latched}
	s.written = map[uint32]uint32{wdtConfig0: 0x0004_c000, wdtConfig1: 1 << 16, wdtConfig2: 0x018c_ba80, wdtProtect: wdtKey}
	s.copy()
	return s
}

func (s *silicon) copy() {
	s.inForce = map[uint32]uint32{}
	for offset, value := range s.written {
		s.inForce[offset] = value
	}
}

func (s *silicon) Get(address uint32) uint32 { return s.written[address-s.group] }

func (s *silicon) Set(address, value uint32) {
	offset := address - s.group
	switch {
	case offset == wdtProtect:
		s.written[offset] = value
		return
	case s.written[wdtProtect] != wdtKey:
		return
	case offset == wdtFeed:
		s.cycles = 0
		return
	case offset != wdtConfig0 && offset != wdtConfig1 && offset != wdtConfig2:
		s.t.Errorf("a write to %#x", address)
	}
	update := s.latched && offset == wdtConfig0 && value&c3Update != 0
	if s.latched && offset == wdtConfig0 {
		value &^= c3Update // reads as 0
	}
	s.written[offset] = value
	if update || !s.latched {
		s.copy()
	}
}

// wait lets time pass.
func (s *silicon) wait(milliseconds uint64) {
	s.cycles += milliseconds * 80_000
	config := s.inForce[wdtConfig0]
	limit := uint64(s.inForce[wdtConfig1]>>16) * uint64(s.inForce[wdtConfig2])
	if config>>31 == 1 && config>>29&3 == 3 && s.cycles >= limit {
		s.restarted = true
	}
}

func TestWatchdog(t *testing.T) {
	for _, chip := range []struct {
		name    string
		group   uint32
		latched bool
		update  uint32
	}{
		{"esp32", 0x3ff5_f000, false, 0},
		{"esp32s3", 0x6001_f000, false, 0},
		{"esp32c3", 0x6001_f000, true, c3Update},
	} {
		s := newSilicon(t, chip.group, chip.latched)
		w := &watchdog{registers: s, group: chip.group, update: chip.update}
		if s.wait(1 << 20); s.restarted {
			t.Errorf("%s: it runs before it was started", chip.name)
		}
		if !w.Start(1000) {
			t.Errorf("%s: it does not start", chip.name)
		}
		for range 10 {
			s.wait(999)
			w.Feed()
		}
		if s.restarted {
			t.Errorf("%s: a restart in spite of feeding", chip.name)
		}
		s.Set(chip.group+wdtFeed, 1)
		s.Set(chip.group+wdtConfig0, 0)
		if s.wait(1000); !s.restarted {
			t.Errorf("%s: no restart, or a wild write has fed it or switched it off", chip.name)
		}
	}
}

// TestWatchdogThatIsNone: registers that do not keep what is written, or the update forgotten, do not go unnoticed.
func TestWatchdogThatIsNone(t *testing.T) {
	if w := (&watchdog{registers: absent{}}); w.Start(1000) {
		t.Error("started where there is nothing")
	}
	s := newSilicon(t, 0x6001_f000, true)
	w := &watchdog{registers: s, group: s.group}
	w.Start(1000)
	if s.wait(1000); s.restarted {
		t.Error("the ESP32-C3 does without the update: the simulation is not true")
	}
}

type absent struct{}

func (absent) Get(uint32) uint32 { return 0 }
func (absent) Set(_, _ uint32)   {}

func TestCauseOfReset(t *testing.T) {
	for state, want := range map[uint32]bool{0x3000 | 7: true, 0x3000 | 1: false, 0x3000 | 3: false, 0x3000 | 1<<6 | 7: true, 7 << 6: false} {
		if causedBy(state) != want {
			t.Errorf("state %#x: %v", state, !want)
		}
	}
}
