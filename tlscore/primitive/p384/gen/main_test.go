package main

import (
	"testing"

	"colibri/tlscore/primitive/internal/curvegen"
)

func TestGeneratedFilesAreCurrent(t *testing.T) { curvegen.Check(t, files()) }
