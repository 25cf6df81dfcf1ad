package main

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// keyLog collects the lines of a connection's key log.
type keyLog []string

func (k *keyLog) Write(line []byte) (int, error) {
	*k = append(*k, string(line))
	return len(line), nil
}

// traffic returns the application traffic secrets as the runner compares them: how long each is, the peer's, ours.
func (k *keyLog) traffic(server bool) []byte {
	find := func(label string) (secret []byte) {
		for _, line := range *k {
			if f := strings.Fields(line); len(f) == 3 && f[0] == label {
				secret, _ = hex.DecodeString(f[2])
			}
		}
		return secret
	}
	read, write := find("SERVER_TRAFFIC_SECRET_0"), find("CLIENT_TRAFFIC_SECRET_0")
	if server {
		read, write = write, read
	}
	out := binary.LittleEndian.AppendUint16(nil, uint16(len(read)))
	return append(append(out, read...), write...)
}
