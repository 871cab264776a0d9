import { type Entry, isMap, type Location, type Values } from './values.ts';

/**
 * Shows plain data as Values that are all in one place.
 * @param data mappings, lists and scalars as JSON has them
 */
export function plainValues(data: Record<string, unknown>, location: Location): Values {
  const entryOf = (path: readonly string[], value: unknown): Entry => ({
    path,
    present: value !== undefined,
    value,
    style: null,
    location,
    keyLocation: location,
  });
  const valueAt = (path: readonly string[]): unknown =>
    path.reduce<unknown>(
      (map, name) => (isMap(map) && Object.hasOwn(map, name) ? map[name] : undefined),
      data,
    );
  return {
    get: (path) => entryOf(path, valueAt(path)),
    entries(path) {
      const map = valueAt(path);
      return isMap(map) ? Object.entries(map).map(([name, value]) => entryOf([...path, name], value)) : [];
    },
    duplicates: () => [],
  };
}
