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
