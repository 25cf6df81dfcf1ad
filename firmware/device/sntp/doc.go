// Package sntp asks one server for the time. It is a client of RFC 4330, with the checks of RFC 5905 (section 8 and appendix
// A.5) that apply to a client with one server. It has no socket and no clock: Request fills a datagram when one is due, Answer
// judges what came back, and the caller sets its clock.
//
//   - In the field for the client's time, a request has a random number (RFC 9769 explains why). The answer must contain it as
//     its origin timestamp. So whoever does not see the request cannot answer it, and each answer counts once.
//
//   - An answer is not believed if the server is not synchronized, if mode or version are wrong, or if its times do not fit the
//     time that the exchange took. A kiss-of-death is obeyed (RFC 4330, section 8).
//
//   - Timestamps with the first bit set are from 1968 to 2036, the others from 2036 to 2104 (RFC 4330, section 3).
//
//   - The time is never set to before a floor, the time of the build, and once it is set, it is changed by at most MaxStep.
//
// Nothing is signed. Whoever can read and change what the server says can choose any time between the floor and 2104. Then
// certificates that have expired since the build are accepted, or all certificates are refused. Do not use SNTP in a network
// where that may happen.
//
// lneto has a client too (package ntp). It checks neither mode, stratum nor kisses, and the number that it expects back is its
// time, which can be guessed.
package sntp
