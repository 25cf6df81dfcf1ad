//go:build esp32

package main

// Where the registers are: ESP32 Technical Reference Manual, chapter "System and Memory", and those on the low-power management,
// the timer groups and the reset.
const (
	chip       = "esp32"
	options0   = 0x3ff4_8000 // RTC_CNTL_OPTIONS0_REG
	resetState = 0x3ff4_8034 // RTC_CNTL_RESET_STATE_REG
	timerGroup = 0x3ff5_f000 // TIMG0
	wdtUpdate  = 0           // what is written to the watchdog is in force at once
)

// What the memory is enough for beside the radio's: see README.md.
const (
	conns  = 4
	memory = 28 << 10 // for TLS
)
