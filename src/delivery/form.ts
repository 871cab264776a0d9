import type { Lines } from '../values/lines.ts';
import type { MapNode, Node, ScalarNode } from '../values/yaml/node.ts';

/** A file of manifests. */
export interface ManifestFile {
  /** What reports call it. */
  name: string;
  /** Without a byte-order mark. */
  text: string;
  lines: Lines;
}

/** One object of a file of manifests, also an item of a `List`, or the whole of a file such as a helmfile. */
export interface ManifestObject {
  file: ManifestFile;
  /** The index of its document among those of `cutManifests`. */
  document: number;
  /** The path in the document; empty for the document itself. */
  path: readonly string[];
  node: MapNode;
  /** The group of its `apiVersion`; empty for the core group, null where it has none. */
  group: string | null;
  kind: string | null;
  name: string | null;
  namespace: string | null;
}

/** A key of a ConfigMap or Secret that holds values. */
export interface Reference {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  namespace: string | null;
  key: string;
}

/** How a tool sets one value, as Helm's flags of that name do. */
export type SetFlag = 'set' | 'set-string' | 'set-literal';

/** Where a layer is written: the object, and the path in it. */
interface Written {
  object: ManifestObject;
  /** The path of the layer in the object, through lists too. */
  path: readonly string[];
}

/** One layer of values, as a form gives it. */
export type LayerSource =
  /** A mapping in the manifest. */
  | (Written & { kind: 'object'; node: MapNode })
  /** A string in the manifest that is YAML. */
  | (Written & { kind: 'text'; node: ScalarNode })
  /** A file, by a path that starts where the manifest is. */
  | (Written & { kind: 'file'; file: string })
  /** One value; `text` is the whole of what follows the flag. */
  | (Written & { kind: 'set'; flag: SetFlag; text: string; node: Node })
  /** One value, the content of a file as it is. */
  | (Written & { kind: 'set-file'; name: string; file: string; node: Node })
  /** What is in a ConfigMap or Secret: values, or one value for a target path. */
  | (Written & {
      kind: 'reference';
      reference: Reference;
      target: { path: string; flagOf(value: string): { flag: SetFlag; text: string } } | null;
    })
  /** Out of reach. */
  | { kind: 'unknown'; name: string; reason: string };

/** Values that the tool ignores or another layer overrides, or whose order nobody can tell. */
export interface Trap {
  kind: 'shadowed' | 'ambiguous';
  object: ManifestObject;
  /** Where it is in the object. */
  path: readonly string[];
  /** What happens; full sentences. The names of keys only: no value, no text of the user's. */
  message: string;
  help: string;
  /** Only where these two layers set the same value of the certificate; by their places in `layers`. */
  between?: readonly [shadowed: number, over: number];
  /** The value that it is about, where that is not all of them: `certificate.tls.crt`. */
  about?: string;
}

/** One release of a chart in a manifest. */
export interface Release {
  object: ManifestObject;
  /** What people call the form, such as `Application`. */
  kind: string;
  name: string;
  /** What the manifest calls the chart: a name, URL or path; null where it does not say. */
  chart: string | null;
  /** The layers in order, later over earlier. */
  layers: readonly LayerSource[];
  traps: readonly Trap[];
  /**
   * Who merges the layers, where that is not Helm. In Kustomize null removes the key from the layers below; in Helm it
   * stays, as null. Flux sets a target path in what it has merged so far with the last layer, and merges that again.
   */
  mergedBy?: 'kustomize' | 'flux';
}

/** The objects of all files at hand. */
export interface ManifestIndex {
  /** Those of a kind, a name and, where both sides say it, a namespace. */
  find(kind: string, name: string | null, namespace: string | null): Promise<readonly ManifestObject[]>;
}

/** One form in which delivery tools carry values: what it looks like, and where its values are. */
export interface Form {
  /** A document without all of these words holds none. */
  words: readonly string[];
  /** The releases in an object; none where it is of another form. */
  releasesIn(object: ManifestObject, index: ManifestIndex): Release[] | Promise<Release[]>;
}
