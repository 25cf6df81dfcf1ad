// Package sntp asks one server for the time: the client of RFC 4330, with the checks of RFC 5905, section 8 and appendix A.5, that
// concern a client with one server. It has no socket and no clock: Request fills a datagram when one is due, Answer judges what has
// come, and the caller sets its clock by the result.
//
//   - Where a request would have the client's time there is a random number (RFC 9769 shows why), which has to come back as the
//     origin timestamp: who does not see the request cannot answer it, and an answer counts once.
//   - A server that is not synchronized, that answers in another mode or version, or whose times do not fit the time that the
//     exchange took, is not believed; one that sends a kiss-of-death is obeyed (RFC 4330, section 8).
//   - Timestamps with the first bit set are of 1968 to 2036, the others of 2036 to 2104 (RFC 4330, section 3).
//   - The time never goes before a floor, that of the build, nor, once the clock is set, further from it than MaxStep.
//
// That is all there is: nothing is signed. Who can read and change what the server says can choose the time between the floor and 2104,
// and so have certificates pass that have expired since the build, or none at all. In a network with such people leave it off.
//
// lneto has a client too (package ntp); it checks neither mode, stratum nor kisses, and sends its time as the number to come back.
package sntp
