# colibri: TLS that fits an ESP32. `make help` lists what there is.

GO   ?= go
PKI  ?= build/pki
PORT ?= 8443

.DEFAULT_GOAL := walk
.PHONY: walk run help test vet test-host test-portable test-small test-compact test-compact test-386 test-race interop bogo openssl limbo vectors primitives bench instructions results fuzz pki emulator site firmware flash monitor soak clean

walk: ## build, make certificates, start the device, walk through the note with curl, benchmark, fuzz (the default)
	$(GO) run ./firmware/walk -dir build

run: ## leave the device serving on loopback and print the curl lines for it
	$(GO) run ./firmware/walk -dir build -run -port $(PORT)

test: vet test-host test-portable test-small test-compact test-386 test-race ## all tests: both builds, both widths, the race detector

vet:
	@unformatted=$$(gofmt -l bench firmware fuzz tlscore x509lite); \
	if [ -n "$$unformatted" ]; then echo "gofmt these files: $$unformatted"; exit 1; fi
	$(GO) vet ./...

test-host: ## the tests of every package, as a host builds it
	$(GO) test ./...
	cd firmware/esp32 && $(GO) vet . && $(GO) test .

CORE := ./x509lite/... ./tlscore/... ./firmware/device/... ./bench ./fuzz

test-portable: ## the core's tests with the portable primitives
	$(GO) test -tags portable $(CORE)

test-small: ## programs that contain the small profile only
	$(GO) test -tags colibri_small -run 'Small|TLS12|HTTPServe|Ends' ./tlscore/netconn
	$(GO) test -tags colibri_small -run 'Small|Suite' ./x509lite

test-compact: ## the primitives of programs that are to be small, whose loops are rolled up
	$(GO) test -tags portable,colibri_compact ./tlscore/primitive/...

test-386: ## the core's tests on 32 bits
	GOARCH=386 CGO_ENABLED=0 $(GO) test $(CORE)

test-race: ## what runs on goroutines, under the race detector
	$(GO) test -race ./tlscore/netconn

interop: ## the matrix of OpenSSL, curl, GnuTLS, NSS, Botan, Mbed TLS, wolfSSL and crypto/tls against us, every cell, as tables
	@mkdir -p build
	$(GO) test -count=1 -run TestMatrix ./fuzz/interop -every -table $(CURDIR)/build/interop.txt; \
	status=$$?; cat build/interop.txt; exit $$status

bogo: ## BoringSSL's test runner against both ends; RUNNER is the path of its program
	$(GO) run ./fuzz/conform/bogo/cmd -runner '$(RUNNER)' -write results/bogo.txt

openssl: ## 25,600 generated chains through x509lite and through openssl verify, as a table
	COLIBRI_OPENSSL_CHAINS=25600 $(GO) test -count=1 -v -timeout 30m -run 'TestOpenSSLDifferential$$' ./x509lite

limbo: ## x509-limbo's cases through x509lite, as a table
	$(GO) test -count=1 -v -run 'TestLimbo$$' ./x509lite

vectors: ## Project Wycheproof's vectors through every primitive, in every build, as a table
	$(GO) run ./fuzz/cmd/wycheproof

primitives: emulator ## what each primitive costs: ours portable and for hosts, the standard library, and on the 32-bit board
	$(GO) test -run '^$$' -bench . -benchmem -benchtime 100ms ./tlscore/primitive/... | grep -v '^FAIL\|no test files' >build/primitives.txt
	$(GO) tool benchstat -col /impl build/primitives.txt

bench: ## all benchmarks, ours beside the standard library's
	@mkdir -p build
	$(GO) test -run '^$$' -bench . -benchmem -count 6 ./bench ./x509lite ./tlscore/primitive/... | tee build/bench.txt
	$(GO) tool benchstat -col /impl build/bench.txt

instructions: ## instructions of a handshake: ours, crypto/tls, and nothing but the public-key cryptography in it
	@mkdir -p build
	$(GO) run ./bench/cmd/instructions -bench '(Handshake|Bare)/.*/.*/.*/.*/key=ecdsa' ./bench | sed 's/^BenchmarkBare/BenchmarkHandshake/' | tee build/instructions.txt
	$(GO) tool benchstat -col /impl build/instructions.txt

results: emulator ## measure what results/ keeps, anew: handshakes beside crypto/tls, and everything on the emulated board
	$(GO) test -run '^$$' -bench 'Handshake' -benchmem -count 6 ./bench >results/handshake.txt
	$(GO) tool benchstat -col /impl results/handshake.txt >results/handshake-compared.txt
	cat build/rv32.txt build/rv32-device.txt build/rv32-small.txt build/rv32-all.txt | grep -v '^colibri, ' >results/rv32.txt

FUZZTIME ?= 30s

fuzz: ## every fuzz target for FUZZTIME each
	$(GO) run ./fuzz/cmd/campaign -time $(FUZZTIME)

pki: ## make the note's certificates, good and bad, under build/pki
	$(GO) run ./firmware/pki -dir $(PKI)

emulator: ## the emulated 32-bit board: self-test and counts, the device, and servers as small as can be, with curl for a client; checks bench/budgets.txt
	@mkdir -p build
	firmware/rv32/run.sh >build/rv32.txt || { cat build/rv32.txt; exit 1; }
	firmware/rv32/run.sh -serve >build/rv32-device.txt || { cat build/rv32-device.txt; exit 1; }
	for what in small all; do firmware/rv32/run.sh -serial $$what >build/rv32-$$what.txt || { cat build/rv32-$$what.txt; exit 1; }; done
	$(GO) run ./bench/cmd/ceilings -where goarch=riscv32 bench/budgets.txt build/rv32.txt build/rv32-device.txt build/rv32-small.txt build/rv32-all.txt

BOARD  ?= esp32c3-generic
TINYGO ?= tinygo
# Here PORT is a serial line, /dev/ttyACM0 or COM3; without one TinyGo finds it.
SERIAL = $(if $(findstring /,$(PORT))$(findstring COM,$(PORT)),-port $(PORT))

site: ## what a board carries beside its code: pages, certificates, the configuration's schema
	$(GO) run ./firmware/pki -dir $(PKI) >/dev/null
	$(GO) run ./firmware/board/site/pack -default http.listen_addr=:443 -default http.ssl_ca_cert=ca.crt -default 'wifi.ap.ssid=myESP_??????' \
		firmware/fs $(PKI)/ecdsa/server.crt $(PKI)/ecdsa/server.key $(PKI)/ecdsa/ca.crt

ESP32 = TINYGO=$(TINYGO) firmware/esp32/tinygo.sh $(BOARD)
# Below 16 KB of stack TinyGo moves variables of more than 256 bytes to the heap: thirteen thousand allocations in make emulator's checks.
ESP32FLAGS = -target $(BOARD) -opt 2 -stack-size 16KB -ldflags "-X main.built=$$(date +%s)"

firmware: site ## the image for the chip BOARD and its size, with an official TinyGo 0.42 or newer
	@mkdir -p build
	$(ESP32) build $(ESP32FLAGS) -size full -o ../../build/$(BOARD).bin .

flash: site ## the same, into the chip at PORT
	$(ESP32) flash $(ESP32FLAGS) $(SERIAL) .

monitor: ## what the chip at PORT says
	$(ESP32) monitor -target $(BOARD) $(SERIAL)

soak: ## 10,000 connections, most of them bad: the device's memory has to be the same afterwards
	$(GO) test -count=1 -v -timeout 30m ./firmware/soak -connections 10000

clean: ## remove what was built (keys included)
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
