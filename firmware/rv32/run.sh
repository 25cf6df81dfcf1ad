#!/bin/sh
# Builds an image of the emulated rv32imac board and runs it in QEMU: the self-test, whose counters it prints in Go's benchmark
# format, or with -serve the device, which real curl then talks to.
# README.md beside this file explains it; run.sh -h lists the options.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH= cd -- "$here/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/colibri

packages='qemu-system-misc llvm-19-dev libclang-19-dev lld-19 clang-19
	picolibc-riscv64-unknown-elf gcc-riscv64-unknown-elf'

usage() {
	cat <<-'END'
	usage: firmware/rv32/run.sh [-only NAME,...] [-run TEXT] [-opt LEVEL] [-compact] [-stack BYTES]
	              [-serve | -serial small|all] [-n | -profile | -allocs] [-t SECONDS]
	  -only NAME,...  only these primitives (package names, e.g. p256,sha2; tls for whole connections); builds faster
	  -run TEXT       only cases whose name contains TEXT
	  -opt LEVEL      TinyGo's optimization: 0 1 2 s z (default 2; s and z favour size)
	  -compact        with the tag colibri_compact: loops rolled up, smaller tables
	  -stack BYTES    the stack TinyGo is told of (default 16384): below 16384, variables over 256 bytes go to the
	                  heap, else those over 1024
	  -serve          the device instead of the self-test: HTTPS on the emulated network, with curl for a client
	  -serial WHAT    nothing but a server of TLS, on the serial line, with curl for a client: small is TLS 1.3 with the tag
	                  colibri_small, all is both versions with every algorithm; for size, so that -opt is z
	  -allocs         list the source lines that allocate on the heap instead
	  -n              build, do not run; prints the path of the image
	  -profile        print the instructions executed in each function instead (about a million a second)
	  -t SECONDS      time limit of the run (default 300)
	Environment: TINYGO names the compiler to use (default: tinygo in PATH when it is complete, else one is built
	once and kept in the user's cache directory).
	END
}

fail() {
	echo "run.sh: $*" >&2
	exit 1
}

only=
opt=2
match=
compact=
stack=16384
image=firmware/rv32
serve=
serial=
panic=print
norun=
profile=
allocs=
limit=300
while [ $# -gt 0 ]; do
	case $1 in
	-serve) serve=-serve; image=firmware/rv32/server; shift ;;
	-only) only=$(echo "${2:?}" | tr '[:upper:]' '[:lower:]'); shift 2 ;;
	-opt) opt=${2:?}; shift 2 ;;
	-compact) compact=colibri_compact; shift ;;
	-t) limit=${2:?}; shift 2 ;;
	-run) match=${2:?}; shift 2 ;;
	-profile) profile=1; shift ;;
	-stack) stack=${2:?}; shift 2 ;;
	-allocs) allocs=1; shift ;;
	-serial)
		case ${2-} in
		small | all) serial=$2 opt=z panic=trap compact=colibri_compact image=firmware/rv32/serial; shift 2 ;;
		*) usage >&2; exit 2 ;;
		esac ;;
	-n) norun=1; shift ;;
	-h | -help | --help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done

# have_emulator, have_compiler_parts: is what is needed installed? A missing part is named on standard output.
have_emulator() {
	command -v qemu-system-riscv32 >/dev/null || { echo qemu-system-riscv32; return 1; }
}

picolibc=/usr/lib/picolibc/riscv64-unknown-elf/lib/release/rv32imac/ilp32
libgcc=$(ls -d /usr/lib/gcc/riscv64-unknown-elf/*/rv32imac/ilp32 2>/dev/null | tail -n 1)

have_compiler_parts() {
	command -v clang-19 >/dev/null || { echo clang-19; return 1; }
	command -v ld.lld-19 >/dev/null || { echo ld.lld-19; return 1; }
	command -v llvm-config-19 >/dev/null || { echo llvm-config-19; return 1; }
	[ -e "$(llvm-config-19 --includedir)/clang-c/Index.h" ] || { echo libclang-19-dev; return 1; }
	[ -e $picolibc/libc.a ] || { echo "$picolibc/libc.a"; return 1; }
	[ -n "$libgcc" ] || { echo "libgcc of riscv64-unknown-elf for rv32imac"; return 1; }
}

# install_packages installs what is missing when this user may.
install_packages() {
	what=$1
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		fail "missing: $what. Install these Debian packages (this needs root and apt):" $packages
	fi
	echo "run.sh: $what is missing; installing:" $packages >&2
	{ apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages; } >&2 ||
		fail "missing: $what, and its packages could not be installed:" $packages
	libgcc=$(ls -d /usr/lib/gcc/riscv64-unknown-elf/*/rv32imac/ilp32 2>/dev/null | tail -n 1)
}

# The compiler. A release of TinyGo brings its own C library; one that lacks it is of no use here.
tinygo=${TINYGO:-$(command -v tinygo || true)}
if [ -n "$tinygo" ] && [ -d "$("$tinygo" env TINYGOROOT)/lib/picolibc/newlib" ]; then
	missing=$(have_emulator) || install_packages "$missing"
	libc='"libc": "picolibc", "rtlib": "compiler-rt",'
	ldflags=
else
	[ -z "${TINYGO:-}" ] || fail "$TINYGO is not from a TinyGo release (no lib/picolibc in its TINYGOROOT)"
	missing=$(have_emulator && have_compiler_parts) || install_packages "$missing"
	missing=$(have_emulator && have_compiler_parts) || fail "still missing after the installation: $missing"
	libc=
	ldflags=", \"-L$picolibc\", \"-L$libgcc\", \"--start-group\", \"-lc\", \"-lgcc\", \"--end-group\""

	# The module has all of the compiler but the C libraries of its release and its package net, which are git submodules;
	# toolchain/net is a stand-in for the latter. TinyGo wants its sources at the place it was started from.
	cd "$here/toolchain"
	version=$(go list -m -f '{{.Version}}' github.com/tinygo-org/tinygo)
	home=$cache/tinygo-$version-$(go env GOVERSION)-llvm19-net1
	tinygo=$home/bin/tinygo
	if [ ! -x "$tinygo" ]; then
		echo "run.sh: building TinyGo $version, once (about a minute), into $home" >&2
		go mod download github.com/tinygo-org/tinygo
		source=$(go list -m -f '{{.Dir}}' github.com/tinygo-org/tinygo)
		mkdir -p "$cache"
		new=$(mktemp -d "$cache/tinygo.XXXXXX")
		trap 'rm -rf "$new"' EXIT
		mkdir "$new/bin"
		cp -R "$source/src" "$source/targets" "$source/lib" "$new/"
		chmod -R u+w "$new"
		cp -R "$here/toolchain/net" "$new/src/"
		CGO_ENABLED=1 go build -tags llvm19 -o "$new/bin/tinygo" github.com/tinygo-org/tinygo
		mv -T "$new" "$home" 2>/dev/null || [ -x "$tinygo" ] || fail "cannot move the compiler to $home"
	fi
fi

# The image.
dir=$root/build/rv32/${only:-all}-$opt${compact:+-compact}-$stack$serve${serial:+-serial-$serial}
mkdir -p "$dir"
# Every image is relaxed: the linker makes one short jump of the two instructions that a far call takes. Where size counts,
# functions save their registers by a call as well (libgcc's save and restore routines), which costs a few instructions.
size=
case $opt in s | z) size=,+save-restore ;; esac
sed -e "s|@LIBC@|$libc|" -e "s|@LDFLAGS@|$ldflags|" -e "s|@HERE@|$here|" -e "s|@SIZE@|$size|" \
	-e "s|@STACK@|$stack|" "$here/toolchain/target.json.in" >"$dir/target.json"
tags=
[ -z "$only" ] || tags="subset $(echo "$only" | tr ',' ' ')"
case $serial in
small) tags=colibri_small ;;
all) tags=everything ;;
esac
tags="$tags $compact"
about="$("$tinygo" version | sed 's/ linux.*(using / (/'), -opt=$opt${compact:+, compact}"
cd "$root"

# What the device has in its flash beside the code: the pages, a file of more than a record, and the note's certificates.
if [ -n "$serve" ]; then
	go run ./firmware/pki -dir build/pki >"$dir/pki.txt" 2>&1 || fail "no certificates: $(tail -n 1 "$dir/pki.txt")"
	rm -rf "$dir/site"
	cp -R firmware/fs "$dir/site"
	seq 1 30000 | head -c 160000 >"$dir/site/large.txt"
	go run ./firmware/board/site/pack -default http.listen_addr=:443 -default http.ssl_ca_cert=ca.crt "$dir/site" \
		build/pki/ecdsa/server.crt build/pki/ecdsa/server.key build/pki/ecdsa/ca.crt
fi
variables=
[ -n "$serve$serial" ] || variables="-X 'main.toolchain=$about' -X 'main.match=$match' -X 'main.once=$profile'"

# What whole connections hear from their peers.
if [ -z "$serve" ]; then
	go run -tags portable ./firmware/rv32/handshakes/record -o firmware/rv32/handshakes/recorded.bin
fi
if [ -n "$allocs" ]; then
	"$tinygo" build -target "$dir/target.json" -opt "$opt" -tags "$tags" -print-allocs 'colibri/(tlscore|x509lite|firmware)|lneto' \
		-o "$dir/image.elf" "./$image" 2>&1 | sed -n "s|^$root/||; s|[.]1,.*||p" | sort -V | uniq
	exit
fi
"$tinygo" build -target "$dir/target.json" -opt "$opt" -panic "$panic" -tags "$tags" -ldflags "$variables" \
	-size full -o "$dir/image.elf" "./$image" >"$dir/size.txt" || fail "the image does not build"
if [ -n "$norun" ]; then
	echo "$dir/image.elf"
	exit 0
fi

emulator='qemu-system-riscv32 -machine virt,aclint=on -icount shift=0 -global virtio-mmio.force-legacy=false -device virtio-rng-device -bios none -display none
	-monitor none'

if [ -n "$serve" ]; then
	# The size of the device's image by what it is for: TLS and its certificates, the rest of ours with the pages and certificates of
	# the site, TCP, and what the compiler and Go bring. Package by package it is in size.txt.
	awk '
		BEGIN { print "goos: none\ngoarch: riscv32\npkg: colibri/firmware/rv32/server" }
		$5 != "|" || $8 != "|" || $9 == "package" { next }
		$9 == "total" { total = $6; next }
		$9 ~ "^colibri/(tlscore|x509lite)" { part = "tls" }
		$9 ~ "^colibri/firmware" { part = "firmware" }
		$9 ~ "^github.com/soypat/lneto" { part = "tcp" }
		$9 !~ "^(colibri|github.com/soypat)/" { part = "go" }
		{ flash[part] += $6 }
		END {
			for (p in flash) printf "BenchmarkDeviceSize/part=%s\t1\t%d flash-B\n", p, flash[p]
			printf "BenchmarkDeviceSize/part=total\t1\t%d flash-B\n", total
		}' "$dir/size.txt"
	exec go run ./firmware/rv32/serve -kernel "$dir/image.elf" -site "$dir/site" -pki build/pki/ecdsa -t "${limit}s"
fi

# The server on the serial line: its size, and a request by curl through a socket that the emulator makes of the line. Code that
# TinyGo knows no package of are functions that others are handed, nearly all of them tlscore's, and counted as TLS; data of no package are
# descriptions of types, which are the compiler's. A line for each package says what is where.
if [ -n "$serial" ]; then
	awk -v what="$serial" '
		BEGIN { print "goos: none\ngoarch: riscv32\npkg: colibri/firmware/rv32/serial" }
		$5 != "|" || $8 != "|" || $9 == "package" { next }
		$9 == "total" { printf "BenchmarkServerSize/algorithms=%s/part=total\t1\t%d flash-B\n", what, $6; next }
		$9 ~ "^colibri/(tlscore|x509lite)" { tls += $6 }
		$9 == "(unknown)" { tls += $1 }
		$6 > 0 && $9 !~ "^/" {
			if (NF > 9) $9 = $9 "-" $10
			gsub("/", ".", $9)
			sub("^([.]+|colibri[.])", "", $9)
			printf "BenchmarkServerSize/algorithms=%s/pkg=%s\t1\t%d code-B\t%d rodata-B\t%d flash-B\n", what, $9, $1, $2, $6
		}
		END { printf "BenchmarkServerSize/algorithms=%s/part=tls\t1\t%d flash-B\n", what, tls }' "$dir/size.txt"
	data=firmware/rv32/handshakes/testdata
	at=$(mktemp -d)
	openssl x509 -inform DER -in $data/ca.der -out "$at/ca.pem"
	timeout "$limit" $emulator -kernel "$dir/image.elf" -chardev "socket,id=line,path=$at/line,server=on,wait=off" \
		-serial chardev:line </dev/null >"$dir/output.txt" 2>&1 &
	board=$!
	trap 'kill "$board" 2>/dev/null || true; rm -rf "$at"' EXIT
	for i in 1 2 3 4 5 6 7 8 9 10; do [ -S "$at/line" ] || sleep 0.5; done
	curl -sS --max-time 60 --retry 5 --retry-connrefused --unix-socket "$at/line" --cacert "$at/ca.pem" --cert-type DER --cert $data/client.der \
		--key-type DER --key $data/client.key https://changeme/ || fail "curl has no answer; $(cat "$dir/output.txt")"
	wait "$board" || fail "the image ended with status $?"
	echo PASS
	exit
fi

# The profile: one translation block for each instruction, and QEMU's trace of executed blocks, which names the function. What
# was inlined counts for the function it was inlined into; the harness's own functions are in the list.
if [ -n "$profile" ]; then
	timeout "$limit" $emulator -kernel "$dir/image.elf" -serial "file:$dir/output.txt" -singlestep \
		-d exec,nochain -D /dev/stdout </dev/null |
		awk '/^Trace/ { n[$NF]++ } END { for (f in n) printf "%12d  %s\n", n[f], f }' | sort -rn | head -n 40
	grep -E '^(Benchmark|---|PASS|FAIL)' "$dir/output.txt"
	exit
fi

# The size of the packages that were written or chosen for the device: lines of TinyGo's table (code rodata data bss | flash
# ram | package) as benchmark lines. The whole table is in size.txt. Code that was inlined counts for the package that
# it comes from; flash is code, rodata and the first values of data.
awk -v toolchain="$about" '
	BEGIN { print "goos: none\ngoarch: riscv32\ntoolchain: " toolchain "\npkg: colibri/firmware/rv32" }
	$5 == "|" && $8 == "|" && $9 ~ "^(colibri/(tlscore|x509lite)|github.com|total)" {
		gsub("/", ".", $9)
		sub("^colibri[.]", "", $9)
		printf "BenchmarkSize/pkg=%s\t1\t%d code-B\t%d rodata-B\t%d flash-B\t%d ram-B\n", $9, $1, $2, $6, $7
	}' "$dir/size.txt"

# The run. The image ends the emulator itself; the time limit is for one that hangs.
status=0
timeout "$limit" $emulator -kernel "$dir/image.elf" -serial stdio </dev/null >"$dir/output.txt" || status=$?
tr -d '\r' <"$dir/output.txt"
case $status in
0) ;;
124) fail "the image did not end within $limit seconds" ;;
*) fail "the image failed (status $status)" ;;
esac
[ "$(tail -n 1 "$dir/output.txt")" = PASS ] || fail "the image ended without PASS"
