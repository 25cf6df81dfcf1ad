// Package kept keeps one text, a board's configuration, in flash over restarts and losses of power. It is a board.Writer.
//
// Two erasable blocks hold a log. A text that is to be kept becomes a record behind the last one; when a block has no more room,
// the other one is erased and the log goes on there. So the newest record is never in the block that is erased, and a block
// is erased once for as many texts as fit into it.
//
//	record   magic  4 bytes   "coli"
//	         number 4 bytes   one more than the record before, whichever block that is in
//	         length 4 bytes   of the text
//	         sum    4 bytes   CRC-32 (ISO-HDLC, as zip has it) of number, length and text
//	         text             filled up with 0xff to a multiple of 4
//
// Numbers are little-endian. Erased flash is 0xff, and writing only ever clears bits.
//
// Whenever the power fails, after the next start Load returns the text of the last Keep that ended, or that of the Keep that the
// failure has cut short, never anything else: a record counts once its sum is right, and what is not a record ends the log
// in its block. Nothing is written where there is anything but 0xff, so a block whose erasure was cut short is erased again. What is not
// looked for is a cell that reads differently from one time to the next, which a cut write can leave behind: the sum notices it
// when it changes a text, and then the record before counts.
package kept
