//go:build esp32 || esp32c3 || esp32s3

package main

import (
	"colibri/firmware/board/tcpip"

	"tinygo.org/x/espradio"
)

// startRadio switches the radio on and returns its MAC address. The random number generator is one only after this.
func startRadio() (mac [6]byte, err error) {
	if err := espradio.Enable(espradio.Config{}); err != nil {
		return mac, err
	}
	return new(espradio.NetDev).HardwareAddr6()
}

// startAccessPoint opens the access point, without a password if it is empty, and returns the link to its clients.
func startAccessPoint(ssid, password string, channel uint8) (tcpip.Link, error) {
	ap := espradio.APConfig{SSID: ssid, Password: password, Channel: channel, AuthOpen: password == ""}
	if err := espradio.StartAP(ap); err != nil {
		return nil, err
	}
	radio, err := espradio.StartNetDevAP()
	if err != nil {
		return nil, err
	}
	return &link{radio: radio}, nil
}
