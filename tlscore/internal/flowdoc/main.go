// Flowdoc draws the flow tables of tlscore: from their source it makes tlscore/FLOW.md, diagrams and tables for people, and
// fuzz/testdata/flow.txt, the same for the tests of orders. Run it in the root of the repository:
//
//	go run ./tlscore/internal/flowdoc
//
// A row of a table names a state, a message and the handler of that message; where the handler leads is read from its return
// statements.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
)

// Where things are, from the root of the repository.
const (
	source  = "tlscore"
	forAll  = "tlscore/FLOW.md"
	forFuzz = "fuzz/testdata/flow.txt"
)

func main() {
	log.SetFlags(0)
	files, err := generate(".")
	if err != nil {
		log.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			log.Fatal(err)
		}
		fmt.Println(name)
	}
}

// generate returns what the files have to hold, by their names.
func generate(root string) (map[string][]byte, error) {
	p, err := read(filepath.Join(root, source))
	if err != nil {
		return nil, err
	}
	tables, err := p.tables()
	if err != nil {
		return nil, err
	}
	return map[string][]byte{forAll: document(tables), forFuzz: list(tables)}, nil
}
