// Package config is the device's configuration: a typed schema with defaults, values, and the overlay file
// that holds what differs from the defaults.
//
// The keys that the firmware itself knows stand in schema.go, typed, each with a rule for its values. A
// mos.yml changes their defaults and adds keys; its config_schema lines have the form that Mongoose OS gave
// them:
//
//	["http.listen_addr", ":8443"]                            a new default for a known key
//	["lamp.pin", "i", 13, {"title": "Pin of the lamp"}]      a key with its type: "b", "i", "s", or "o" for a group
//
// The device reads them as JSON; package configfile makes that of YAML on a host. Values then change in two
// ways, both as one JSON object of objects, {"http": {"enable": true}}: the overlay file at the start, and
// Config.Set at run time. A change is applied as a whole or not at all: an unknown key, a wrong type and a
// value that breaks its rule are refused with the key and the remedy. Save writes to the overlay what differs
// from the defaults, in one atomic write.
//
// Values of keys marked secret leave only as Mask; setting a key to Mask leaves it as it is, so that a client
// may write back what it has read.
//
// Memory is taken once, by New; everything later works in it.
package config
