// Reads zips from stdin (length as 4 bytes, then the zip) and answers each with one line of JSON: what archive/zip reads.
package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
)

type answer struct {
	Error string      `json:"error,omitempty"`
	Files [][3]string `json:"files"`
}

func read(data []byte) ([][3]string, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	files := [][3]string{}
	for _, file := range archive.File {
		mode := file.Mode()
		if mode.IsDir() {
			continue
		}
		if !mode.IsRegular() {
			files = append(files, [3]string{file.Name, "other", ""})
			continue
		}
		content, err := file.Open()
		if err != nil {
			return nil, err
		}
		hash := sha256.New()
		_, err = io.Copy(hash, content)
		content.Close()
		if err != nil {
			return nil, err
		}
		files = append(files, [3]string{file.Name, "file", hex.EncodeToString(hash.Sum(nil))})
	}
	return files, nil
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for {
		var length uint32
		if binary.Read(os.Stdin, binary.BigEndian, &length) != nil {
			return
		}
		data := make([]byte, length)
		if _, err := io.ReadFull(os.Stdin, data); err != nil {
			return
		}
		files, err := read(data)
		if err != nil {
			out.Encode(answer{Error: err.Error(), Files: [][3]string{}})
		} else {
			out.Encode(answer{Files: files})
		}
	}
}
