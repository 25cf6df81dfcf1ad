//go:build esp32c3

package main

const (
	chip     = "esp32c3"
	options0 = 0x6000_8000 // RTC_CNTL_OPTIONS0_REG
)
