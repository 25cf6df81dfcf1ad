package device

// Watchdog restarts the board when it was not fed for some time.
//
// It is fed at the end of each Poll and, because a Poll may do a public-key operation for each connection, behind each connection
// that got anywhere: it has to wait for one operation, or for what else a connection does in its turn. Nothing feeds it from
// an interrupt or a timer, which would go on while the event loop stands still.
type Watchdog interface{ Feed() }

// feed feeds the watchdog, if there is one.
func (d *Device) feed() {
	if d.dog != nil {
		d.dog.Feed()
	}
}
