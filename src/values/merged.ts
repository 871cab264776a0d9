import { redactPath } from '../text/redact.ts';
import { type Entry, isMap, isSamePath, type Location, type Values } from './values.ts';

/** One of the parts that Helm merged, in its order: later over earlier. */
export type Layer =
  | {
      kind: 'file';
      /** How each Helm may read the file; one reading where both read it alike. */
      readings: readonly Values[];
    }
  | {
      kind: 'elsewhere';
      /** What it is called, such as `secrets://prod.yaml` or `the chart ./lightrun`. */
      name: string;
    }
  | {
      kind: 'flag';
      /** `--set` and the like. */
      name: string;
      /** Whether it sets this very path. */
      sets(path: readonly string[]): boolean;
    };

/**
 * The layer of a `--set…` flag.
 * @param name such as `--set-json`
 * @param text its value, in Helm's grammar
 */
export function flagLayer(name: string, text: string): Layer {
  if (name === '--set-json') return { kind: 'flag', name, sets: jsonSets(text) };
  // A literal extends to the end; elsewhere a comma starts the next key.
  const parts = name === '--set-literal' ? [text] : text.split(/(?<!\\),/);
  const paths = parts
    .filter((part) => part.includes('='))
    .map((part) => pathOf(part.split(/(?<!\\)=/)[0] ?? ''));
  return { kind: 'flag', name, sets: (path) => paths.some((each) => isSamePath(each, path)) };
}

/** `KEY=JSON`, or a JSON object by itself. */
function jsonSets(text: string): (path: readonly string[]) => boolean {
  const at = text.trimStart().startsWith('{') ? -1 : text.indexOf('=');
  const head = at < 0 ? [] : pathOf(text.slice(0, at));
  let value: unknown;
  try {
    value = JSON.parse(text.slice(at + 1));
  } catch {
    // Several at once, or an error that Helm reports itself.
    return (path) => isSamePath(head, path);
  }
  return (path) =>
    isSamePath(head, path.slice(0, head.length)) && step(value, path.slice(head.length)).isPresent;
}

/** The keys of `a.b\\.c[0]`, without the place in a list. */
function pathOf(text: string): string[] {
  return text
    .trim()
    .split(/(?<!\\)\./)
    .map((key) => key.replace(/\[\d+\]$/, '').replace(/\\(.)/g, '$1'));
}

/**
 * What Helm merged, as Values. Each value has its place in the file that supplied it, or says where else it came from.
 * @param merged as Helm hands it to templates
 * @param layers the parts; a value that no other part explains is attributed to an `elsewhere`
 */
export function mergedValues(merged: Record<string, unknown>, layers: readonly Layer[]): Values {
  const read = (path: readonly string[]) => step(merged, path);

  function entryOf(path: readonly string[]): Entry {
    const { isPresent, value } = read(path);
    if (!isPresent) {
      const location = nearestPlace(layers, path);
      return { path, present: false, value: undefined, style: null, location, keyLocation: null };
    }
    const { entry, origin } = supplier(layers, path, value);
    return {
      path,
      present: true,
      value,
      style: entry?.style ?? null,
      location: entry?.location ?? null,
      keyLocation: entry?.keyLocation ?? null,
      ...(origin === null ? {} : { origin }),
    };
  }

  return {
    get: entryOf,
    entries(path) {
      const { value } = read(path);
      return isMap(value) ? Object.keys(value).map((name) => entryOf([...path, name])) : [];
    },
    duplicates: (path) => files(layers).flatMap(({ readings }) => readings[0]?.duplicates(path) ?? []),
  };
}

function step(merged: unknown, path: readonly string[]): { isPresent: boolean; value: unknown } {
  let value: unknown = merged;
  for (const name of path) {
    if (!isMap(value) || !Object.hasOwn(value, name)) return { isPresent: false, value: undefined };
    value = value[name];
  }
  return { isPresent: true, value };
}

/** What supplied a value: an entry of a file, or something else by its name. */
function supplier(
  layers: readonly Layer[],
  path: readonly string[],
  value: unknown,
): { entry: Entry | null; origin: string | null } {
  let isElsewhere: string | null = null;
  for (const layer of [...layers].reverse()) {
    if (layer.kind === 'flag') {
      if (!isMap(value) && layer.sets(path))
        return { entry: null, origin: `${layer.name} ${redactPath(path).join('.')}` };
    } else if (layer.kind === 'elsewhere') {
      isElsewhere ??= layer.name;
    } else {
      const entries = layer.readings.map((reading) => reading.get(path)).filter(({ present }) => present);
      const entry = entries.find((each) => isMap(value) || isSame(each.value, value));
      if (entry) return { entry, origin: null };
    }
  }
  return { entry: null, origin: isElsewhere };
}

function nearestPlace(layers: readonly Layer[], path: readonly string[]): Location | null {
  for (let length = path.length - 1; length >= 0; length -= 1) {
    const above = path.slice(0, length);
    for (const { readings } of files(layers).reverse()) {
      const entry = readings[0]?.get(above);
      if (entry?.present) return entry.keyLocation ?? entry.location;
    }
  }
  return null;
}

function files(layers: readonly Layer[]): Extract<Layer, { kind: 'file' }>[] {
  return layers.filter((layer) => layer.kind === 'file');
}

/** Both come from JSON or look like it. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
