//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"
)

// Exit statuses of curl (curl's manual, EXIT CODES).
const (
	curlConnect   = 35 // the TLS handshake failed
	curlOldVerify = 51 // the server's certificate is not right: before 7.62 beside 60
	curlEmpty     = 52 // the server ended without a response
	curlSend      = 55
	curlReceive   = 56
	curlVerify    = 60 // the server's certificate cannot be trusted, or is for another name
)

// Which of them mean that someone refused. An alert after the client's Finished reaches curl when it reads
// the response, or writes the request, as TLS 1.3 has no round trip in which the server could say yes first.
var (
	curlRefused   = []int{curlVerify, curlOldVerify}
	deviceRefused = []int{curlConnect, curlEmpty, curlSend, curlReceive}
)

// judge compares what came of a step with what it wants, and returns what differs; nothing, if the step has
// passed.
func judge(w want, o outcome, namesAlerts bool) []string {
	if o.err != nil {
		return []string{"curl did not run: " + o.err.Error()}
	}
	var wrong []string
	add := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	switch w.refusal {
	case byNobody:
		if o.exit != 0 {
			add("curl exit %d, not 0", o.exit)
		}
		if o.status != w.status {
			add("HTTP status %d, not %d", o.status, w.status)
		}
		if w.body != nil && !w.body.Match(o.body) {
			add("the content does not match %q", w.body)
		}
	case byCurl:
		if !slices.Contains(curlRefused, o.exit) {
			add("curl exit %d, none of %v (it distrusts the certificate)", o.exit, curlRefused)
		}
		if !containsFold(o.stderr, w.stderr) {
			add("curl does not speak of the %q", w.stderr)
		}
	case byDevice:
		if !slices.Contains(deviceRefused, o.exit) {
			add("curl exit %d, none of %v (the device ended the connection)", o.exit, deviceRefused)
		}
		if o.status != 0 {
			add("the device answered all the same, with HTTP status %d", o.status)
		}
		if namesAlerts && !containsFold(o.stderr, "alert "+w.alert) {
			add("the alert is not %q", w.alert)
		}
	}
	if w.log != "" && !logged(o.log, w.log) {
		add("the device did not log %q", w.log)
	}
	return wrong
}

// logged tells whether one of the lines contains text.
func logged(lines []string, text string) bool {
	return slices.ContainsFunc(lines, func(line string) bool { return containsFold(line, text) })
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
