package tlscore

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"colibri/tlscore/record"
)

// testdata/rfc8448.txt holds the values of the RFC in a form to read by program. Whether they are those of the RFC,
//
//	go test ./tlscore -run TestTracesOfRFC -rfc8448 PATH
//
// says, given the path of its text (https://www.rfc-editor.org/rfc/rfc8448.txt), which is not ours to copy.
var rfcText = flag.String("rfc8448", "", "path of the text of RFC 8448, to compare testdata/rfc8448.txt with")

var (
	rfcHeading = regexp.MustCompile(`^(\d)\.  \S`)
	rfcOctets  = regexp.MustCompile(`^ +(?:[^:]*\(\d+ octets\):)?((?: +[0-9a-f]{2})+)$`)
	rfcPage    = regexp.MustCompile(`^RFC 8448 |\[Page \d+\]$`)
)

// rfcSections returns, for each section of the RFC's text, the octets of its values in hexadecimal, with a bar between two of them.
func rfcSections(text string) map[string]string {
	sections := map[string]string{}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.Trim(line, "\n\r\f")
		switch {
		case rfcHeading.MatchString(line):
			section = line[:1]
		case line == "" || rfcPage.MatchString(line): // in the middle of a value, maybe
		case rfcOctets.MatchString(line):
			if strings.Contains(line, ":") {
				sections[section] += "|"
			}
			sections[section] += strings.ReplaceAll(rfcOctets.FindStringSubmatch(line)[1], " ", "")
		default:
			sections[section] += "|"
		}
	}
	return sections
}

// derived are the values that the RFC does not print: what its signatures sign, which a test computes from its messages.
var derived = []string{"signed", "client-signed"}

// absent returns the values of the traces that are not in the text.
func absent(t *testing.T, text string) (missing []string) {
	t.Helper()
	sections := rfcSections(text)
	for i, tr := range traces(t) {
		section := sections[fmt.Sprint(3+i)]
		for name, value := range tr.values {
			if slices.Contains(derived, name) {
				continue
			}
			for _, part := range parts(value) {
				if !strings.Contains(section, hex.EncodeToString(part)) {
					missing = append(missing, fmt.Sprintf("%s, %s", tr.name, name))
					break
				}
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// parts returns the records that a value is made of, or the value if it is made of none: the RFC prints each by itself.
func parts(value []byte) (all [][]byte) {
	for rest := value; len(rest) > 0; {
		if len(rest) < record.HeaderSize || rest[1] != 3 {
			return [][]byte{value}
		}
		_, n, err := record.ParseHeader(rest)
		if n += record.HeaderSize; err != nil || n > len(rest) {
			return [][]byte{value}
		}
		all, rest = append(all, rest[:n]), rest[n:]
	}
	return all
}

func TestTracesOfRFC(t *testing.T) {
	if *rfcText == "" {
		t.Skip("-rfc8448 names no text of the RFC")
	}
	text, err := os.ReadFile(*rfcText)
	if err != nil {
		t.Fatal(err)
	}
	if missing := absent(t, string(text)); len(missing) > 0 {
		t.Errorf("%d values are not those of the RFC:\n%s", len(missing), strings.Join(missing, "\n"))
	}
}

// TestTracesAreCompared: in a text in the form of the RFC, with page breaks in the middle of values, every value is found; and one that
// has another octet is missed.
func TestTracesAreCompared(t *testing.T) {
	var b bytes.Buffer
	lines := 0
	print := func(format string, args ...any) {
		fmt.Fprintf(&b, format+"\n", args...)
		if lines++; lines%7 == 0 {
			fmt.Fprintf(&b, "\n\n\nThomson                       Informational                     [Page %d]\n\f\n"+
				"RFC 8448              TLS 1.3 Traces          January 2019\n\n\n", lines/7)
		}
	}
	print("   3.  A line of the table of contents . . . . . . . . .   3")
	values := 0
	for i, tr := range traces(t) {
		print("%d.  Section of a Trace", 3+i)
		for name, value := range tr.values {
			values++
			print("   {client}  says what may be a value:")
			for _, part := range parts(value) {
				label := fmt.Sprintf("%s (%d octets):", name, len(part))
				for ; len(part) > 20; part = part[20:] {
					print("      %s  % x", label, part[:20])
					label = ""
				}
				print("      %s  % x", label, part)
			}
		}
	}
	if missing := absent(t, b.String()); len(missing) > 0 || values < 70 {
		t.Errorf("of %d values are not found: %v", values, missing)
	}
	key := hex.EncodeToString(traces(t)[2].values["client-key"][:4])
	key = fmt.Sprintf("%s %s %s %s", key[:2], key[2:4], key[4:6], key[6:])
	if missing := absent(t, strings.Replace(b.String(), key, "00 00 00 00", 1)); !slices.Equal(missing, []string{"HelloRetryRequest, client-key"}) {
		t.Errorf("with another key are not found: %v", missing)
	}
}
