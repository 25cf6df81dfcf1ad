// Package device is the firmware without a board: an HTTPS server for static files and remote procedure calls, with its
// configuration and its log, over whatever network, file system and clock it is handed.
package device
