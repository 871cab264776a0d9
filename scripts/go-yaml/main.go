// Reads YAML files as Helm 3 and Helm 4 read a values file, with the modules that they use: sigs.k8s.io/yaml, and the
// reader of k8s.io/apimachinery by which Helm 4 splits documents (its pkg/chart/v2/loader/load.go, LoadValues).
//
// Standard input: files, each after its length as four bytes, big-endian. Standard output: one line of JSON for each.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// reading is what one Helm makes of a file: the values, or why it refuses it.
type reading struct {
	Values map[string]any `json:"values"`
	Error  string         `json:"error,omitempty"`
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for {
		text, err := next(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		line := map[string]reading{"helm3": of(helm3(text)), "helm4": of(helm4(text))}
		if err := encoder.Encode(line); err != nil {
			log.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func next(in io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(in, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	text := make([]byte, length)
	_, err := io.ReadFull(in, text)
	return text, err
}

func of(values map[string]any, err error) reading {
	if err != nil {
		return reading{Error: err.Error()}
	}
	return reading{Values: values}
}

// helm3 is Options.MergeValues of Helm 3's pkg/cli/values/options.go, for one file.
func helm3(text []byte) (map[string]any, error) {
	values := map[string]any{}
	err := yaml.Unmarshal(text, &values)
	return values, err
}

// helm4 is LoadValues.
func helm4(text []byte) (map[string]any, error) {
	values := map[string]any{}
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		next := map[string]any{}
		if err := yaml.Unmarshal(document, &next); err != nil {
			return nil, err
		}
		values = merge(values, next)
	}
}

// merge puts b over a, mappings into each other.
func merge(a, b map[string]any) map[string]any {
	for key, value := range b {
		over, isMap := value.(map[string]any)
		under, wasMap := a[key].(map[string]any)
		if isMap && wasMap {
			value = merge(under, over)
		}
		a[key] = value
	}
	return a
}
