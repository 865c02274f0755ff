// Renders the templates of a chart with the engine that Helm uses, text/template of Go. It knows the functions of Helm that the chart
// calls, and no others. Standard input: {"folder": …, "release": …, "values": …}. Standard output: the manifests by template.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

type request struct {
	Folder  string         `json:"folder"`
	Release string         `json:"release"`
	Values  map[string]any `json:"values"`
}

func main() {
	manifests, err := render(json.NewDecoder(os.Stdin))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(manifests)
}

func render(input *json.Decoder) (map[string]string, error) {
	var asked request
	// Helm keeps numbers of its values as they are written.
	input.UseNumber()
	if err := input.Decode(&asked); err != nil {
		return nil, err
	}
	all := template.New("chart").Option("missingkey=error")
	all.Funcs(template.FuncMap{
		"toJson": func(value any) (string, error) {
			text, err := json.Marshal(value)
			return string(text), err
		},
		"hasKey": func(values map[string]any, key string) bool {
			_, has := values[key]
			return has
		},
		"nindent": func(spaces int, text string) string {
			indent := strings.Repeat(" ", spaces)
			return "\n" + indent + strings.ReplaceAll(text, "\n", "\n"+indent)
		},
		"include": func(name string, data any) (string, error) {
			var text bytes.Buffer
			err := all.ExecuteTemplate(&text, name, data)
			return text.String(), err
		},
	})
	files, err := filepath.Glob(filepath.Join(asked.Folder, "templates", "*"))
	if err != nil {
		return nil, err
	}
	if _, err := all.ParseFiles(files...); err != nil {
		return nil, err
	}
	manifests := map[string]string{}
	data := map[string]any{"Values": asked.Values, "Release": map[string]any{"Name": asked.Release}}
	for _, file := range files {
		name := filepath.Base(file)
		// Helm renders files that begin with an underscore only where others include them.
		if strings.HasPrefix(name, "_") {
			continue
		}
		var text bytes.Buffer
		if err := all.ExecuteTemplate(&text, name, data); err != nil {
			return nil, err
		}
		manifests[name] = text.String()
	}
	return manifests, nil
}
