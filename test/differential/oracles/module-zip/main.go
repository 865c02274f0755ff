// What go itself makes of module zips: golang.org/x/mod/zip writes and checks them, archive/zip reads them. Reads one JSON
// request a line and answers with one line each. Built with GO111MODULE=off and the sources of Debian's
// golang-golang-x-mod-dev.
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

type request struct {
	// "check" reads Zip; "make" writes Zip from Folder; "txtar" writes Zip from the archive Folder.
	Do, Zip, Folder, Path, Version string
}

type answer struct {
	// Why go refuses the zip; empty where it takes and unpacks it.
	Error string `json:"error"`
	// The h1: hash.
	Hash string `json:"hash"`
	// SHA-256 by name, of what archive/zip reads and of what x/mod/zip unpacked.
	Read     map[string]string `json:"read"`
	Unpacked map[string]string `json:"unpacked"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var r request
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			panic(err)
		}
		out.Encode(respond(r))
	}
}

func respond(r request) (a answer) {
	m := module.Version{Path: r.Path, Version: r.Version}
	var err error
	switch r.Do {
	case "make":
		err = write(r.Zip, func(w io.Writer) error { return modzip.CreateFromDir(w, m, r.Folder) })
	case "txtar":
		err = write(r.Zip, func(w io.Writer) error { return fromTxtar(w, m, r.Folder) })
	default:
		a, err = check(m, r.Zip)
	}
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

func write(file string, make func(io.Writer) error) error {
	var b bytes.Buffer
	if err := make(&b); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// As cmd/go/internal and internal/goproxytest make the zips of go's own tests.
func fromTxtar(w io.Writer, m module.Version, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, part := range strings.Split("\n"+string(data), "\n-- ")[1:] {
		name, body, ok := strings.Cut(part, " --\n")
		if !ok || strings.HasPrefix(name, ".") {
			continue
		}
		f, err := z.Create(m.Path + "@" + m.Version + "/" + name)
		if err != nil {
			return err
		}
		io.WriteString(f, body)
	}
	return z.Close()
}

func check(m module.Version, file string) (a answer, err error) {
	cf, err := modzip.CheckZip(m, file)
	if err != nil {
		return a, err
	}
	if err := cf.Err(); err != nil {
		return a, err
	}
	dir, err := os.MkdirTemp("", "module-zip-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := modzip.Unzip(filepath.Join(dir, "m"), m, file); err != nil {
		return a, err
	}
	if a.Hash, err = dirhash.HashZip(file, dirhash.Hash1); err != nil {
		return a, err
	}
	if a.Read, err = read(file); err != nil {
		return a, err
	}
	prefix := m.Path + "@" + m.Version + "/"
	a.Unpacked = map[string]string{}
	err = filepath.Walk(filepath.Join(dir, "m"), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file", path)
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(filepath.Join(dir, "m"), path)
		a.Unpacked[prefix+filepath.ToSlash(rel)] = sum(body)
		return nil
	})
	return a, err
}

func read(file string) (map[string]string, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	files := map[string]string{}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return nil, err
		}
		files[f.Name] = sum(body)
	}
	return files, nil
}

func sum(body []byte) string {
	s := sha256.Sum256(body)
	return hex.EncodeToString(s[:])
}
