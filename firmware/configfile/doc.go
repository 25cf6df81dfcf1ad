// Package configfile reads the files of a device's configuration on a host: the schema in a mos.yml and
// values in YAML or JSON. The device itself knows only JSON; what is wrong in a file is found here, before
// the device starts, and reported with file, line, key and remedy:
//
//	firmware/mos.yml:12: http.lisen_addr: unknown key; did you mean http.listen_addr?
package configfile
