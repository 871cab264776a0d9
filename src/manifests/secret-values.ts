import { resolverOf } from '../values/unresolved.ts';
import type { Entry, Values } from '../values/values.ts';

/**
 * Presents a rendered Secret as the values that the certificate was rendered from. The two values keep their places and
 * paths in the manifests (`['data', 'tls.crt']`); all others are absent.
 *
 * `stringData` takes precedence over `data`, as in the API server; its plain text becomes base64. Line breaks in `data`
 * are dropped, as in Go's decoder.
 * @param object the whole Secret, so that `['data', 'tls.crt']` is a path in it
 */
export function secretValues(object: Values): Values {
  const crt = secretEntry(object, 'tls.crt');
  const key = secretEntry(object, 'tls.key');
  const data = object.get(['data']);
  const tls = (path: readonly string[], value: unknown): Entry => ({ ...data, path, present: true, value });
  const pair = { crt: crt.value, key: key.value };
  const entries = new Map<string, Entry>([
    ['certificate', tls(['certificate'], { tls: pair })],
    ['certificate.tls', tls(['certificate', 'tls'], pair)],
    ['certificate.tls.crt', crt],
    ['certificate.tls.key', key],
  ]);
  return {
    get: (path) => entries.get(path.join('.')) ?? { ...object.get([]), ...ABSENT, path },
    entries: (path) =>
      [...entries.values()].filter((entry) => isChild(entry.path, path) && entry.value !== undefined),
    duplicates: () => [],
  };
}

const ABSENT = { present: false, value: undefined, style: null, keyLocation: null } as const;

function isChild(path: readonly string[], of: readonly string[]): boolean {
  return path.length === of.length + 1 && of.every((name, index) => name === path[index]);
}

/** One entry of a Secret, base64. */
export function secretEntry(object: Values, name: string): Entry {
  const plain = object.get(['stringData', name]);
  if (plain.present) return { ...plain, value: encoded(plain.value), style: null };
  const entry = object.get(['data', name]);
  return {
    ...entry,
    value: typeof entry.value === 'string' ? entry.value.replace(/[\r\n]+/g, '') : entry.value,
  };
}

/** What a tool has yet to fill in stays unchanged, to be recognized. */
function encoded(value: unknown): unknown {
  if (typeof value !== 'string' || resolverOf(value) !== null) return value;
  return Buffer.from(value).toString('base64');
}
