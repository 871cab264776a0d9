import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { isRule, unknownRule } from '../lint/unknown-rule.ts';
import { displayFile, quote } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';
import { readValues } from '../values/read.ts';
import { type Entry, isMap } from '../values/values.ts';
import { SEVERITIES } from './check.ts';

/** A configuration file. */
export interface Config {
  /** Its path, as reports show it. */
  name: string;
  /** The folder that paths in it count from: ends with a slash, or is empty. */
  folder: string;
  /** By the name of the flag that means the same: its values, as words of a command line. */
  flags: ReadonlyMap<string, readonly string[]>;
  /** Paths and globs; null where it does not say. */
  files: readonly string[] | null;
  exclude: readonly string[];
}

/** How the value of a key becomes words of a command line; null where it is of another type. */
const KEYS: Readonly<Record<string, { wants: string; read(entry: Entry): readonly string[] | null }>> = {
  files: { wants: 'a list of paths and globs', read: ({ value }) => texts(value) },
  exclude: { wants: 'a list of globs', read: ({ value }) => texts(value) },
  rules: { wants: 'a mapping of rules to severities', read: ({ value }) => (isMap(value) ? [] : null) },
  root: { wants: 'keys joined by dots', read: ({ value }) => text(value) },
  host: { wants: 'a host name', read: ({ value }) => text(value) },
  partial: { wants: 'true or false', read: ({ value }) => toggle(value) },
  strict: { wants: 'true or false', read: ({ value }) => toggle(value) },
  'expires-within': {
    wants: 'a whole number of days',
    read: ({ value }) => (typeof value === 'number' ? [String(value)] : null),
  },
  'ca-file': { wants: 'a path, or a list of paths', read: ({ value }) => text(value) ?? texts(value) },
};

/**
 * Reads the text of a configuration file.
 * @param folder that paths in it count from: ends with a slash, or is empty
 * @throws LintError where it is not YAML, or a key or value in it is not valid
 */
export async function parseConfig({ bytes, name }: Input, folder: string): Promise<Config> {
  const shown = displayFile(name);
  const read = await readValues(bytes, name);
  if (!read.ok) {
    const { reason, help, location } = read.diagnostic;
    throw new LintError(`${shown}:${location.line}: ${reason}`, help);
  }
  if (read.secondDocument !== null) {
    throw new LintError(`${shown} holds several YAML documents`, 'Leave the line --- out.');
  }
  const { values } = read;
  for (const path of [[], ['rules']]) {
    const [duplicate] = values.duplicates(path);
    if (duplicate === undefined) continue;
    const line = duplicate.locations.at(-1)?.line;
    throw new LintError(`${shown}:${line}: ${duplicateOf(duplicate.path)}`, 'Leave one of them out.');
  }
  const flags = new Map<string, readonly string[]>();
  let files: readonly string[] | null = null;
  let exclude: readonly string[] = [];
  for (const entry of values.entries([])) {
    const key = entry.path[0] ?? '';
    const words = wordsOf(entry, shown);
    if (key === 'files') files = words;
    else if (key === 'exclude') exclude = words;
    else if (key === 'rules')
      flags.set(
        'rule',
        values.entries(['rules']).map((rule) => severityOf(rule, shown)),
      );
    else if (key === 'ca-file')
      flags.set(
        key,
        words.map((path) => inFolder(folder, path)),
      );
    else if (words.length > 0) flags.set(key, words);
  }
  return { name, folder, flags, files, exclude };
}

function wordsOf(entry: Entry, shown: string): readonly string[] {
  const name = entry.path[0] ?? '';
  const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
  const place = `${shown}:${entry.keyLocation?.line ?? 1}`;
  if (key === undefined) {
    const near = nearest(name, Object.keys(KEYS));
    throw new LintError(
      `${place}: there is no key ${quote(name, 'YAML key')}`,
      `${near ? `Did you mean ${near}? ` : ''}All keys: ${Object.keys(KEYS).join(', ')}.`,
    );
  }
  const words = key.read(entry);
  if (words !== null) return words;
  throw new LintError(`${place}: ${name} is not ${key.wants}`, `Write ${key.wants}, or leave the key out.`);
}

/** YAML 1.1 reads `off` as false. */
function severityOf({ path, value, keyLocation }: Entry, shown: string): string {
  const id = path[1] ?? '';
  const place = `${shown}:${keyLocation?.line ?? 1}`;
  if (!isRule(id)) throw unknownRule(id, `${place}: `);
  const severity = value === false ? 'off' : SEVERITIES.find((each) => each === value);
  if (severity !== undefined) return `${id}=${severity}`;
  throw new LintError(`${place}: ${id} has no valid severity`, `Write one of ${SEVERITIES.join(', ')}.`);
}

function duplicateOf(path: readonly string[]): string {
  return `${quote(path.join('.'), 'YAML key')} is a duplicate key`;
}

function inFolder(folder: string, path: string): string {
  return path.startsWith('/') ? path : folder + path;
}

function text(value: unknown): string[] | null {
  return typeof value === 'string' && value !== '' ? [value] : null;
}

function texts(value: unknown): string[] | null {
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
  return isList ? value : null;
}

/** As a flag: there, or not. */
function toggle(value: unknown): string[] | null {
  if (typeof value !== 'boolean') return null;
  return value ? [''] : [];
}
