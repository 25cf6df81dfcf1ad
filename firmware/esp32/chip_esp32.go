//go:build esp32

package main

const (
	chip     = "esp32"
	options0 = 0x3ff4_8000 // RTC_CNTL_OPTIONS0_REG
)
