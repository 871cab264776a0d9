import type { Entry, Location, Values } from './values.ts';

/** One of the parts that Helm merged, in its order: later over earlier. */
export type Layer =
  | {
      kind: 'file';
      /** How each Helm may read the file; one reading where both read it alike. */
      readings: readonly Values[];
    }
  | {
      kind: 'elsewhere' /** What it is called, such as `secrets://prod.yaml` or `the chart's own values`. */;
      name: string;
    }
  | {
      kind: 'flag' /** `--set` and the like. */;
      name: string /** The keys of each value that it sets. */;
      keys: readonly string[];
    };

/**
 * The layer of a `--set…` flag.
 * @param name such as `--set-json`
 * @param text its value, in Helm's grammar
 */
export function flagLayer(name: string, text: string): Layer {
  const keys =
    {
      '--set-json': () => [text.replace(/:\s*"(?:[^"\\]|\\.)*"/g, ':')],
      '--set-literal': () => [text.replace(/=.*$/s, '')],
    }[name] ?? (() => text.replace(/=(?:\\.|[^,\\])*/gs, '').split(','));
  return { kind: 'flag', name, keys: keys() };
}

/**
 * Shows what Helm merged as Values. Each value has the place in the file that supplied it, or says from where else it
 * came.
 * @param merged as Helm hands it to templates
 * @param layers the parts; values that none of the others explains are taken for those of an `elsewhere`
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
      if (!isMap(value) && layer.keys.some((keys) => leadsTo(keys, path)))
        return { entry: null, origin: `${layer.name} ${path.join('.')}` };
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

/** Whether keys as a flag writes them, with dots, quotes or braces between them, lead to a path. */
function leadsTo(keys: string, path: readonly string[]): boolean {
  let at = 0;
  for (const key of path) {
    const found = keys.indexOf(key, at);
    if (found < 0) return false;
    at = found + key.length;
  }
  return true;
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

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Both come from JSON or look like it. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
