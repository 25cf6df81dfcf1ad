module colibri/firmware/esp32

go 1.26.0

require (
	colibri v0.0.0
	tinygo.org/x/espradio v0.3.0
)

require (
	filippo.io/nistec v0.0.4 // indirect
	github.com/cloudflare/circl v1.6.5 // indirect
	github.com/soypat/lneto v0.3.2 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace colibri => ../..

replace tinygo.org/x/drivers => tinygo.org/x/drivers v0.37.0
