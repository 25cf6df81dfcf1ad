# colibri: TLS that fits an ESP32. `make help` lists what there is.

GO   ?= go
PKI  ?= build/pki
PORT ?= 8443

.DEFAULT_GOAL := walk
.PHONY: walk run help test vet test-host test-portable test-small test-compact test-compact test-386 test-race interop bogo openssl limbo vectors primitives bench instructions results fuzz pki emulator site firmware flash monitor soak clean

walk: ## build the device and go through the application note with curl, then benchmark and fuzz a little (the default)
	$(GO) run ./firmware/walk -dir build

run: ## leave the device serving on loopback, and print curl lines for it
	$(GO) run ./firmware/walk -dir build -run -port $(PORT)

test: vet test-host test-portable test-small test-compact test-386 test-race ## all tests: every build, 64 and 32 bits, the race detector

vet:
	@unformatted=$$(gofmt -l bench firmware fuzz tlscore x509lite); \
	if [ -n "$$unformatted" ]; then echo "gofmt these files: $$unformatted"; exit 1; fi
	$(GO) vet ./...

test-host: ## the tests of every package, as hosts build it
	$(GO) test ./...
	cd firmware/esp32 && $(GO) vet . && $(GO) test .

CORE := ./x509lite/... ./tlscore/... ./firmware/device/... ./bench ./fuzz

test-portable: ## the tests of the core with the portable primitives
	$(GO) test -tags portable $(CORE)

test-small: ## programs with the build tag colibri_small
	$(GO) test -tags colibri_small -run 'Small|TLS12|HTTPServe|Ends' ./tlscore/netconn
	$(GO) test -tags colibri_small -run 'Small|Suite' ./x509lite

test-compact: ## the primitives with the build tag colibri_compact
	$(GO) test -tags portable,colibri_compact ./tlscore/primitive/...

test-386: ## the tests of the core on 32 bits
	GOARCH=386 CGO_ENABLED=0 $(GO) test $(CORE)

test-race: ## what uses goroutines, with the race detector
	$(GO) test -race ./tlscore/netconn

interop: ## other TLS libraries against our server and our client, every combination, as tables
	@mkdir -p build
	$(GO) test -count=1 -run TestMatrix ./fuzz/interop -every -table $(CURDIR)/build/interop.txt; \
	status=$$?; cat build/interop.txt; exit $$status

bogo: ## BoringSSL's test runner against our server and our client; RUNNER=path of its program
	$(GO) run ./fuzz/conform/bogo/cmd -runner '$(RUNNER)' -write results/bogo.txt

openssl: ## 25,600 generated chains: does openssl verify agree with x509lite? As a table
	COLIBRI_OPENSSL_CHAINS=25600 $(GO) test -count=1 -v -timeout 30m -run 'TestOpenSSLDifferential$$' ./x509lite

limbo: ## x509-limbo's cases through x509lite, as a table
	$(GO) test -count=1 -v -run 'TestLimbo$$' ./x509lite

vectors: ## Project Wycheproof's vectors through every primitive, in every build, as a table
	$(GO) run ./fuzz/cmd/wycheproof

primitives: emulator ## what each primitive costs: portable, on hosts, the standard library, on the 32-bit board
	$(GO) test -run '^$$' -bench . -benchmem -benchtime 100ms ./tlscore/primitive/... | grep -v '^FAIL\|no test files' >build/primitives.txt
	$(GO) tool benchstat -col /impl build/primitives.txt

bench: ## all benchmarks, beside the standard library's
	@mkdir -p build
	$(GO) test -run '^$$' -bench . -benchmem -count 6 ./bench ./x509lite ./tlscore/primitive/... | tee build/bench.txt
	$(GO) tool benchstat -col /impl build/bench.txt

instructions: ## instructions of a handshake: ours, crypto/tls, and its public-key operations alone
	@mkdir -p build
	$(GO) run ./bench/cmd/instructions -bench '(Handshake|Bare)/.*/.*/.*/.*/key=ecdsa' ./bench | sed 's/^BenchmarkBare/BenchmarkHandshake/' | tee build/instructions.txt
	$(GO) tool benchstat -col /impl build/instructions.txt

results: emulator ## measure again what results/ keeps
	$(GO) test -run '^$$' -bench 'Handshake' -benchmem -count 6 ./bench >results/handshake.txt
	$(GO) tool benchstat -col /impl results/handshake.txt >results/handshake-compared.txt
	cat build/rv32.txt build/rv32-device.txt build/rv32-small.txt build/rv32-all.txt | grep -v '^colibri, ' >results/rv32.txt

FUZZTIME ?= 30s

fuzz: ## every fuzz target for FUZZTIME each (30s)
	$(GO) run ./fuzz/cmd/campaign -time $(FUZZTIME)

pki: ## make the application note's certificates, good and bad, under build/pki
	$(GO) run ./firmware/pki -dir $(PKI)

emulator: ## the emulated 32-bit board: what everything costs there, checked against bench/budgets.txt; curl talks to it
	@mkdir -p build
	firmware/rv32/run.sh >build/rv32.txt || { cat build/rv32.txt; exit 1; }
	firmware/rv32/run.sh -serve >build/rv32-device.txt || { cat build/rv32-device.txt; exit 1; }
	for what in small all; do firmware/rv32/run.sh -serial $$what >build/rv32-$$what.txt || { cat build/rv32-$$what.txt; exit 1; }; done
	$(GO) run ./bench/cmd/ceilings -where goarch=riscv32 bench/budgets.txt build/rv32.txt build/rv32-device.txt build/rv32-small.txt build/rv32-all.txt

BOARD  ?= esp32c3-generic
TINYGO ?= tinygo
# For flash and monitor PORT is a serial line, /dev/ttyACM0 or COM3. Without one TinyGo looks for it.
SERIAL = $(if $(findstring /,$(PORT))$(findstring COM,$(PORT)),-port $(PORT))

site: ## what a board carries besides code: pages, certificates, configuration
	$(GO) run ./firmware/pki -dir $(PKI) >/dev/null
	$(GO) run ./firmware/board/site/pack -default http.listen_addr=:443 -default http.ssl_ca_cert=ca.crt -default 'wifi.ap.ssid=myESP_??????' \
		firmware/fs $(PKI)/ecdsa/server.crt $(PKI)/ecdsa/server.key $(PKI)/ecdsa/ca.crt

ESP32 = TINYGO=$(TINYGO) firmware/esp32/tinygo.sh $(BOARD)
# Below 16 KB of stack TinyGo moves variables of more than 256 bytes to the heap: thirteen thousand allocations in make emulator's checks.
ESP32FLAGS = -target $(BOARD) -opt 2 -stack-size 16KB -ldflags "-X main.built=$$(date +%s)"

firmware: site ## the image for the chip BOARD, and its size; needs an official TinyGo 0.42 or newer
	@mkdir -p build
	$(ESP32) build $(ESP32FLAGS) -size full -o ../../build/$(BOARD).bin .

flash: site ## the same, written to the chip at PORT
	$(ESP32) flash $(ESP32FLAGS) $(SERIAL) .

monitor: ## print what the chip at PORT says
	$(ESP32) monitor -target $(BOARD) $(SERIAL)

soak: ## 10,000 connections, most of them bad, must leave the device's memory as it was
	$(GO) test -count=1 -v -timeout 30m ./firmware/soak -connections 10000

clean: ## remove what was built, keys included
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
