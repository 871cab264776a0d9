/** Where something is in a values file: lines and columns count from 1, columns in UTF-16 code units. */
export interface Location {
  /** The file's name as the user gave it, `<stdin>` for standard input. */
  file: string;
  line: number;
  column: number;
  endLine: number;
  /** The column after the last character. */
  endColumn: number;
}

/** How a scalar was written in YAML; null for a map, a list, an alias to one, or a value from no file. */
export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

/** One value as Helm reads it, and where it is. */
export interface Entry {
  /** The whole path in the file, such as `['lightrun', 'certificate', 'tls', 'crt']`. */
  path: readonly string[];
  /** Whether the key is there, even with null. */
  present: boolean;
  /** What Helm reads: undefined when absent, else a string, number, boolean, null, array or plain object. */
  value: unknown;
  style: ScalarStyle | null;
  /** The value's place; when absent, that of the nearest enclosing key that is there, else the file's start. */
  location: Location | null;
  /** The place of the key itself, null when absent. */
  keyLocation: Location | null;
  /** Where it came from, for people, if not from a file: such as `--set certificate.tls.crt`. */
  origin?: string;
}

/** A duplicate key of one mapping; Helm takes the last. */
export interface DuplicateKey {
  path: readonly string[];
  /** Every place of the key, in file order: two or more. */
  locations: readonly Location[];
}

/** One set of values, as Helm reads or merges it. */
export interface Values {
  /** The value at a path. Through anything that is not a mapping, the value is absent. */
  get(path: readonly string[]): Entry;
  /** The keys of the mapping at a path in file order, each with its entry; none where it is not a mapping. */
  entries(path: readonly string[]): readonly Entry[];
  /** The duplicate keys of the mapping at a path (not below it). */
  duplicates(path: readonly string[]): readonly DuplicateKey[];
}

/** Why a values file cannot be read. */
export interface SyntaxDiagnostic {
  /** One sentence in the user's terms, without a final full stop, that quotes no value. */
  reason: string;
  /** What to do about it, one sentence. */
  help: string;
  location: Location;
  /** Whether Helm is known to refuse the file too; false where only this program cannot read it, so it was not checked. */
  byHelm: boolean;
}

/** A values file, read as Helm reads it. */
export type ValuesFile =
  | { ok: false; diagnostic: SyntaxDiagnostic }
  | {
      ok: true;
      /** What Helm 4 reads: every document of the file merged, later ones over earlier. */
      values: Values;
      /** What Helm 3 reads, the first document alone; null where the file has only one. */
      firstDocument: Values | null;
      /** Where the second document starts, null where there is none. */
      secondDocument: Location | null;
    };

/** Whether a value, as JSON or YAML gives it, is a mapping. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two paths have the same keys. */
export function isSamePath(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}

/** What locations and reports call standard input. */
export const STDIN_NAME = '<stdin>';
