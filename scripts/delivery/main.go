// Merges the values of delivery manifests with the real tools' own code, for scripts/delivery.ts: each line of standard
// input is a case (JSON), each line of standard output its values.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/chartutil"
	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

type request struct {
	Tool   string `json:"tool"`
	Folder string `json:"folder"`
	Helm   string `json:"helm"`
	Text   string `json:"text"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var each request
		if err := json.Unmarshal(in.Bytes(), &each); err != nil {
			panic(err)
		}
		values, err := merge(each)
		if err != nil {
			values = map[string]any{"error": err.Error()}
		}
		out, err := json.Marshal(values)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(out))
	}
}

func merge(each request) (map[string]any, error) {
	if each.Tool == "kustomize" {
		return kustomize(each)
	}
	return flux(each.Text)
}

// kustomize builds the folder, whose chart writes its values into a ConfigMap.
func kustomize(each request) (map[string]any, error) {
	options := krusty.MakeDefaultOptions()
	options.PluginConfig = types.EnabledPluginConfig(types.BploUseStaticallyLinked)
	options.PluginConfig.HelmConfig = types.HelmConfig{Enabled: true, Command: each.Helm}
	built, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), each.Folder)
	if err != nil {
		return nil, err
	}
	for _, resource := range built.Resources() {
		if resource.GetName() == "values" {
			var values map[string]any
			err := json.Unmarshal([]byte(resource.GetDataMap()["values"]), &values)
			return values, err
		}
	}
	return nil, fmt.Errorf("no ConfigMap")
}

type objects struct {
	client.Client
	configMaps map[string]corev1.ConfigMap
	secrets    map[string]corev1.Secret
}

func (o objects) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	switch object := into.(type) {
	case *corev1.ConfigMap:
		if found, ok := o.configMaps[key.Name]; ok {
			*object = found
			return nil
		}
	case *corev1.Secret:
		if found, ok := o.secrets[key.Name]; ok {
			*object = found
			return nil
		}
	}
	return apierrors.NewNotFound(schema.GroupResource{}, key.Name)
}

// flux merges the values of the HelmRelease with the ConfigMaps and Secrets beside it.
func flux(text string) (map[string]any, error) {
	all := objects{configMaps: map[string]corev1.ConfigMap{}, secrets: map[string]corev1.Secret{}}
	var release struct {
		Spec struct {
			Values     map[string]any         `json:"values"`
			ValuesFrom []meta.ValuesReference `json:"valuesFrom"`
		} `json:"spec"`
	}
	for _, document := range strings.Split(text, "\n---\n") {
		var kind struct {
			Kind string `json:"kind"`
		}
		if err := yaml.Unmarshal([]byte(document), &kind); err != nil {
			return nil, err
		}
		switch kind.Kind {
		case "HelmRelease":
			if err := yaml.Unmarshal([]byte(document), &release); err != nil {
				return nil, err
			}
		case "ConfigMap":
			var object corev1.ConfigMap
			if err := yaml.Unmarshal([]byte(document), &object); err != nil {
				return nil, err
			}
			all.configMaps[object.Name] = object
		case "Secret":
			var object corev1.Secret
			if err := yaml.Unmarshal([]byte(document), &object); err != nil {
				return nil, err
			}
			if object.Data == nil {
				object.Data = map[string][]byte{}
			}
			for name, value := range object.StringData {
				object.Data[name] = []byte(value)
			}
			all.secrets[object.Name] = object
		}
	}
	values, err := chartutil.ChartValuesFromReferences(context.Background(), logr.Discard(), all, "", release.Spec.Values, release.Spec.ValuesFrom...)
	return values, err
}
