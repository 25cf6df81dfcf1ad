// Command esp32 is the device on the chip: an access point with an HTTPS server behind it, on an ESP32 (LX6), ESP32-S3 or
// ESP32-C3. README.md says how to build it, and what of it has run where.
//
//	main.go    puts the parts together
//	radio.go   the access point, by tinygo.org/x/espradio; the only file that knows the radio
//	noise.go   the hardware's random number generator; noise_esp32.go and noise_rng.go read it
//	flash_c3.go and flash_none.go: where the configuration is kept, if anywhere
//	watchdog.go restarts a chip that stands still; registers.go reaches it
//	clock.go   the time
//
// Everything else is package board, which runs on the emulated board too.
package main
