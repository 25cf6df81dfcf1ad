// Package bench measures what connections cost, ours beside those of the standard library, in Go's benchmark format with
// /key=value names, so that benchstat compares them:
//
//	go test -run '^$' -bench . -benchmem -count 10 ./bench | go tool benchstat -col /impl -
//	go run ./bench/cmd/instructions -bench "(Handshake|Bare)/.*/.*/.*/.*/key=ecdsa" ./bench
//
// A handshake is measured on one side alone. The other side was recorded once, and is replayed: time, bytes and
// allocations are those of the side that is named. The recording holds for every repetition because both entropy and clock
// are fixed; a client that resumes a session does so with the same ticket each time.
package bench
