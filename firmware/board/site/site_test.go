package site

import "testing"

func TestWhatGoesInComesOut(t *testing.T) {
	image := Append(nil, "", []byte("[]"))
	image = Append(image, "index.html", []byte("hello"))
	image = Append(image, "empty", nil)
	r, schema, ok := Read(string(image))
	if !ok || schema != "[]" {
		t.Fatalf("schema %q, %v", schema, ok)
	}
	for _, want := range [][2]string{{"index.html", "hello"}, {"empty", ""}} {
		if name, content, ok := r.Next(); !ok || name != want[0] || content != want[1] {
			t.Errorf("%q, %q, %v, not %q", name, content, ok, want)
		}
	}
	if _, _, ok := r.Next(); ok {
		t.Error("a file after the last one")
	}
}

func TestDamagedSites(t *testing.T) {
	image := string(Append(Append(nil, "", []byte("[]")), "a", []byte("text")))
	for n := range image {
		r, _, ok := Read(image[:n])
		if name, _, more := r.Next(); more || ok != (n >= 7) {
			t.Errorf("%d bytes: %v, file %q %v", n, ok, name, more)
		}
	}
	if _, _, ok := Read(image[7:]); ok {
		t.Error("a site without a schema")
	}
	if _, _, ok := Read("\x00\xff\xff\xff\xff"); ok {
		t.Error("a file of 4 GB")
	}
}
