package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// table is a flow table, row by row.
type table struct {
	name string
	rows []row
}

type row struct {
	state, message string
	receives       bool
	next           []step
	clause         string
}

// step is a next state, and the handshakes that it is next in.
type step struct {
	state string
	modes mode
}

// mode is a set of kinds of handshakes: what a handler does after asking c.resumed is for one of them.
type mode uint8

const (
	full mode = 1 << iota
	resumed
	both = full | resumed
)

// pkg is the package as it was parsed.
type pkg struct {
	methods map[string]*ast.FuncDecl
	states  map[string]bool
	flows   map[string]*ast.CompositeLit // of rows, by the name of the variable
	fields  map[string][]string          // methods that stand in a field of a composite literal, by the field's name
}

// read parses the package in dir, without its tests.
func read(dir string) (*pkg, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	p := &pkg{map[string]*ast.FuncDecl{}, map[string]bool{}, map[string]*ast.CompositeLit{}, map[string][]string{}}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					p.methods[d.Name.Name] = d
				}
			case *ast.GenDecl:
				p.readDeclaration(d)
			}
		}
	}
	if len(p.flows) == 0 || len(p.states) == 0 {
		return nil, errors.New("no flow table in " + dir)
	}
	return p, nil
}

// readDeclaration takes the states and the tables out of a declaration.
func (p *pkg) readDeclaration(d *ast.GenDecl) {
	ofStates := false // A block of constants goes on with the type it began with.
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if isName(v.Type, "state") || len(v.Values) > 0 && mentions(v.Values[0], "state") {
			ofStates = d.Tok == token.CONST
		} else if len(v.Values) > 0 {
			ofStates = false
		}
		for i, name := range v.Names {
			if ofStates {
				p.states[name.Name] = true
			}
			if d.Tok == token.VAR && i < len(v.Values) {
				p.readValue(name.Name, v.Values[i])
			}
		}
	}
}

// readValue looks for rows, and for handlers in fields, in the value of a variable.
func (p *pkg) readValue(name string, value ast.Expr) {
	ast.Inspect(value, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if a, ok := n.Type.(*ast.ArrayType); ok && isName(a.Elt, "row") {
				p.flows[name] = n
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok {
				if m := method(n.Value); m != "" {
					p.fields[key.Name] = append(p.fields[key.Name], m)
				}
			}
		}
		return true
	})
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func mentions(e ast.Expr, name string) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && isName(call.Fun, name) {
			found = true
		}
		return true
	})
	return found
}

// method returns the name of a method expression of Conn, (*Conn).name; "" if e is none.
func method(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if paren, ok := s.X.(*ast.ParenExpr); ok {
			if star, ok := paren.X.(*ast.StarExpr); ok && isName(star.X, "Conn") {
				return s.Sel.Name
			}
		}
	}
	return ""
}

// tables evaluates all flow tables, the newest protocol first.
func (p *pkg) tables() (all []table, err error) {
	for name, lit := range p.flows {
		t := table{name: name}
		for _, e := range lit.Elts {
			r, err := p.row(e)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			t.rows = append(t.rows, r)
		}
		all = append(all, t)
	}
	if all, err = extend(all); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].keepRole(all)
	}
	slices.SortFunc(all, func(a, b table) int {
		if c := strings.Compare(b.name[len(b.name)-2:], a.name[len(a.name)-2:]); c != 0 {
			return c
		}
		return strings.Compare(b.name, a.name)
	})
	return all, nil
}

// extension matches the names of tables that are not for themselves: serverEarly13 adds rows to server13.
var extension = regexp.MustCompile(`^(server|client)[A-Z][a-z]+(1[23])$`)

// extend moves the rows of such tables, in the order of their names, to where they belong, before those of established.
func extend(all []table) (whole []table, err error) {
	slices.SortFunc(all, func(a, b table) int { return strings.Compare(a.name, b.name) })
	for _, t := range all {
		if !extension.MatchString(t.name) {
			whole = append(whole, t)
		}
	}
	for _, t := range all {
		name := extension.ReplaceAllString(t.name, "$1$2")
		if name == t.name {
			continue
		}
		i := slices.IndexFunc(whole, func(w table) bool { return w.name == name })
		if i < 0 {
			return nil, fmt.Errorf("%s extends no table", t.name)
		}
		end := slices.IndexFunc(whole[i].rows, func(r row) bool { return r.state == "established" })
		if end < 0 {
			end = len(whole[i].rows)
		}
		whole[i].rows = slices.Insert(whole[i].rows, end, t.rows...)
	}
	return whole, nil
}

// keepRole drops the next states that no table of t's role has: some handlers are for both roles, and lead on by the role.
func (t *table) keepRole(all []table) {
	known := map[string]bool{}
	for _, other := range all {
		for _, r := range other.rows {
			if other.role() == t.role() {
				known[r.state] = true
			}
		}
	}
	for i := range t.rows {
		t.rows[i].next = slices.DeleteFunc(t.rows[i].next, func(s step) bool { return !known[s.state] })
	}
}

// role is client or server.
func (t *table) role() string { return t.name[:len("server")] }

// row evaluates { state, message, receive, send, clause }.
func (p *pkg) row(e ast.Expr) (r row, err error) {
	lit, ok := e.(*ast.CompositeLit)
	if !ok || len(lit.Elts) != 5 {
		return r, errors.New("a row has not five elements")
	}
	r.state = lit.Elts[0].(*ast.Ident).Name
	if !p.states[r.state] {
		return r, fmt.Errorf("%s is no state", r.state)
	}
	switch m := lit.Elts[1].(type) {
	case *ast.SelectorExpr:
		r.message = strings.TrimPrefix(m.Sel.Name, "Type")
	case *ast.Ident:
		if r.message = m.Name; r.message == "changeCipherSpec" {
			r.message = "change_cipher_spec"
		}
	}
	if r.clause, err = strconv.Unquote(lit.Elts[4].(*ast.BasicLit).Value); err != nil {
		return r, err
	}
	handler := method(lit.Elts[2])
	if r.receives = handler != ""; !r.receives {
		handler = method(lit.Elts[3])
	}
	w := walk{p, map[string]mode{}, r.state}
	if err := w.method(handler, both, nil); err != nil {
		return r, fmt.Errorf("%s: %w", handler, err)
	}
	for s, modes := range w.next {
		r.next = append(r.next, step{s, modes})
	}
	slices.SortFunc(r.next, func(a, b step) int { return strings.Compare(a.state, b.state) })
	return r, nil
}

// walk follows a handler to its return statements.
type walk struct {
	*pkg
	next map[string]mode
	from string // the state that the handler is called in
}

// method adds the states that a method of Conn returns; arguments are the states that it is handed.
func (w *walk) method(name string, modes mode, arguments map[string]ast.Expr) error {
	f := w.methods[name]
	if f == nil {
		return fmt.Errorf("there is no method %q", name)
	}
	_, err := w.block(f, f.Body.List, modes, arguments)
	return err
}

// block goes through statements that are reached in the given modes, and returns the modes in which their end is.
func (w *walk) block(f *ast.FuncDecl, list []ast.Stmt, modes mode, arguments map[string]ast.Expr) (rest mode, err error) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return 0, w.value(f, s.Results[0], modes, arguments)
		case *ast.BlockStmt:
			modes, err = w.block(f, s.List, modes, arguments)
		case *ast.IfStmt:
			yes, no := split(s.Cond, modes)
			if yes, err = w.block(f, s.Body.List, yes, arguments); err == nil && s.Else != nil {
				no, err = w.block(f, []ast.Stmt{s.Else}, no, arguments)
			}
			modes = yes | no
		case *ast.SwitchStmt:
			modes, err = w.choice(f, s, modes, arguments)
		case *ast.ForStmt:
			_, err = w.block(f, s.Body.List, modes, arguments)
		case *ast.RangeStmt:
			_, err = w.block(f, s.Body.List, modes, arguments)
		}
		if err != nil {
			return 0, err
		}
	}
	return modes, nil
}

// choice goes through a switch.
func (w *walk) choice(f *ast.FuncDecl, s *ast.SwitchStmt, modes mode, arguments map[string]ast.Expr) (rest mode, err error) {
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		in, out := modes, modes
		if s.Tag == nil && len(clause.List) == 1 {
			in, out = split(clause.List[0], modes)
		}
		end, err := w.block(f, clause.Body, in, arguments)
		if err != nil {
			return 0, err
		}
		rest |= end
		if modes = out; clause.List == nil {
			modes = 0 // The default, which stands last.
		}
	}
	return rest | modes, nil
}

// split tells in which modes a condition is true and false; only c.resumed and !c.resumed say something of them.
func split(cond ast.Expr, modes mode) (yes, no mode) {
	if not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT {
		no, yes = split(not.X, modes)
		return yes, no
	}
	if s, ok := cond.(*ast.SelectorExpr); ok && isName(s.X, "c") && s.Sel.Name == "resumed" {
		return modes & resumed, modes & full
	}
	return modes, modes
}

// value adds the states that e, an expression in f, stands for.
func (w *walk) value(f *ast.FuncDecl, e ast.Expr, modes mode, arguments map[string]ast.Expr) error {
	switch e := e.(type) {
	case *ast.Ident:
		switch {
		case modes == 0, e.Name == "idle": // With it comes an error.
			return nil
		case w.states[e.Name]:
			w.next[e.Name] |= modes
			return nil
		case arguments[e.Name] != nil:
			return w.value(f, arguments[e.Name], modes, nil)
		}
		return w.variable(f, e.Name, modes, arguments)
	case *ast.SelectorExpr:
		if e.Sel.Name == "state" {
			w.next[w.from] |= modes
			return nil
		}
	case *ast.CallExpr:
		if s, ok := e.Fun.(*ast.SelectorExpr); ok {
			return w.call(s.Sel.Name, e.Args, modes)
		}
	}
	return fmt.Errorf("%s returns something that is not understood", f.Name.Name)
}

// call adds where a call of a method, or of the handlers in a field of its name, leads.
func (w *walk) call(name string, values []ast.Expr, modes mode) error {
	if w.methods[name] == nil {
		if len(w.fields[name]) == 0 {
			return fmt.Errorf("%s is called and is neither a method nor a field", name)
		}
		for _, m := range w.fields[name] {
			if err := w.method(m, modes, nil); err != nil {
				return err
			}
		}
		return nil
	}
	arguments, i := map[string]ast.Expr{}, 0
	for _, param := range w.methods[name].Type.Params.List {
		for _, n := range param.Names {
			if isName(param.Type, "state") {
				arguments[n.Name] = values[i]
			}
			i++
		}
		if len(param.Names) == 0 {
			i++
		}
	}
	return w.method(name, modes, arguments)
}

// variable adds all that is assigned to a variable of f.
func (w *walk) variable(f *ast.FuncDecl, name string, modes mode, arguments map[string]ast.Expr) (err error) {
	found := false
	ast.Inspect(f.Body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || err != nil || !isName(a.Lhs[0], name) {
			return err == nil
		}
		found = true
		err = w.value(f, a.Rhs[0], modes, arguments)
		return true
	})
	if !found && err == nil {
		err = fmt.Errorf("%s returns %s, which is not understood", f.Name.Name, name)
	}
	return err
}
