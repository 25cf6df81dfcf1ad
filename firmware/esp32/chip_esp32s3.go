//go:build esp32s3

package main

// Where the registers are: ESP32-S3 Technical Reference Manual, chapter "System and Memory", and those on the low-power
// management, the timer groups and the reset.
const (
	chip       = "esp32s3"
	options0   = 0x6000_8000 // RTC_CNTL_OPTIONS0_REG
	resetState = 0x6000_8038 // RTC_CNTL_RESET_STATE_REG
	timerGroup = 0x6001_f000 // TIMG0
	wdtUpdate  = 0           // what is written to the watchdog is in force at once
)

// What the memory is enough for beside the radio's: see README.md.
const (
	conns  = 8
	memory = 32 << 10 // for TLS
)
