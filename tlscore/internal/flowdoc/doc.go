// Flowdoc draws the flow tables of tlscore: from their source it makes tlscore/FLOW.md, diagrams and tables for people, and
// fuzz/testdata/flow.txt, the same for the tests of orders. Run it in the root of the repository:
//
//	go run ./tlscore/internal/flowdoc
//
// A row of a table names a state, a message and the handler of that message; where the handler leads is read from its return
// statements.
package main
