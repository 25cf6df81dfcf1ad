#!/bin/sh
# Runs TinyGo for a board after a look at whether it can work: make firmware, make flash and make monitor call it.
#
#	TINYGO=/opt/tinygo/bin/tinygo firmware/esp32/tinygo.sh BOARD build ...
set -eu
board=${1:?board}
shift

fail() {
	printf 'tinygo.sh: %s\n' "$@" >&2
	exit 1
}

tinygo=${TINYGO:-tinygo}
release='an official release of TinyGo, 0.42 or newer: tinygo.org, "Getting started", "Install"'
command -v "$tinygo" >/dev/null ||
	fail "there is no program $tinygo." \
		"Images for the chip take $release." \
		'If it is not in PATH, name it: make firmware TINYGO=/usr/local/tinygo/bin/tinygo'

case $tinygo in
/*) ;;
*/*) tinygo=$PWD/$tinygo ;; # we are about to leave this folder
esac

# "tinygo version 0.42.0 linux/amd64 (using go version ...)"
version=$("$tinygo" version | sed -n 's/^tinygo version \([0-9]*\.[0-9]*\).*/\1/p')
minor=${version#0.}
case $version in
0.[0-9]*) [ "$minor" -ge 42 ] || fail "$tinygo is version $version." "Images for the chip take $release." ;;
'') fail "$tinygo does not say its version as TinyGo does." "Images for the chip take $release." ;;
esac

root=$("$tinygo" env TINYGOROOT)
[ -e "$root/src/device/esp/esp32c3.go" ] ||
	fail "$tinygo was built from source: it lacks the chips' registers ($root/src/device/esp/esp32c3.go)." \
		"Take $release." 'Or make them: make gen-device-esp in its source, with its submodules.'

[ -e "$root/targets/$board.json" ] ||
	fail "TinyGo $version knows no board $board. It has:" \
		"$(cd "$root/targets" && ls | sed -n 's/[.]json$//p' | grep -i esp32 | grep -v -E '^esp32(c3|c6|s3)?$|qemu' | tr '\n' ' ')" \
		'For another one with the same chip take esp32-generic, esp32s3-generic or esp32c3-generic.'

cd "$(dirname -- "$0")"
# The radio's C code wants enumerations of full size, a flag that Go must be told to let through.
CGO_CFLAGS_ALLOW='-fno-short-enums' exec "$tinygo" "$@"
