package device

// Watchdog restarts the board when it was not fed for some time.
//
// It is fed at the end of each Poll and, because a Poll may do a public-key operation for each connection, behind each of these:
// what it has to wait for at most is one operation and what the board does between two Polls. Nothing feeds it from an
// interrupt or a timer, which would go on while the event loop stands still.
type Watchdog interface{ Feed() }

// feed feeds the watchdog, if there is one.
func (d *Device) feed() {
	if d.dog != nil {
		d.dog.Feed()
	}
}
