//go:build esp32s3

package main

const (
	chip     = "esp32s3"
	options0 = 0x6000_8000 // RTC_CNTL_OPTIONS0_REG
)
