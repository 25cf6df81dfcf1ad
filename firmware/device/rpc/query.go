package rpc

import "colibri/firmware/device/json"

// queryArgs makes an object of a query, name=value&..., in scratch and returns it checked. A value that is
// JSON stands for itself, any other for the text it is: path=/www needs no quotes. The query is decoded in
// place.
func queryArgs(query, scratch []byte) (json.Value, error) {
	var w json.Writer
	w.Reset(scratch)
	w.Object()
	for len(query) > 0 {
		pair := query
		query = nil
		for i, c := range pair {
			if c == '&' {
				pair, query = pair[:i], pair[i+1:]
				break
			}
		}
		if len(pair) == 0 {
			continue
		}
		name, value := pair, []byte(nil)
		for i, c := range pair {
			if c == '=' {
				name, value = pair[:i], pair[i+1:]
				break
			}
		}
		name, ok := unescape(name)
		if !ok {
			return nil, json.ErrSyntax
		}
		if value, ok = unescape(value); !ok {
			return nil, json.ErrSyntax
		}
		w.KeyBytes(name)
		if v, _, err := json.Parse(value); err == nil {
			w.Raw(v)
		} else {
			w.Text(value)
		}
	}
	w.EndObject()
	if w.Full() {
		return nil, json.ErrSize
	}
	v, _, err := json.Parse(w.Bytes())
	return v, err
}

// unescape decodes percent escapes, and plus signs to blanks, in place.
func unescape(p []byte) ([]byte, bool) {
	n := 0
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch c {
		case '+':
			c = ' '
		case '%':
			if i+2 >= len(p) {
				return nil, false
			}
			hi, lo := unhex(p[i+1]), unhex(p[i+2])
			if hi > 15 || lo > 15 {
				return nil, false
			}
			c = hi<<4 | lo
			i += 2
		}
		p[n] = c
		n++
	}
	return p[:n], true
}

// unhex returns the value of a hexadecimal digit, or 255.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}
