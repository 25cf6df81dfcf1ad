//go:build esp32c3

package main

// Where the registers are: ESP32-C3 Technical Reference Manual, chapter "System and Memory", and those on the low-power
// management, the timer groups and the reset.
const (
	chip       = "esp32c3"
	options0   = 0x6000_8000 // RTC_CNTL_OPTIONS0_REG
	resetState = 0x6000_8038 // RTC_CNTL_RESET_STATE_REG
	timerGroup = 0x6001_f000 // TIMG0
	wdtUpdate  = 1 << 22     // TIMG_WDT_CONF_UPDATE_EN: until it is written, the watchdog's clock domain keeps its old configuration
)

// What the memory is enough for beside the radio's: see README.md.
const (
	conns  = 3
	memory = 27 << 10 // for TLS
)
