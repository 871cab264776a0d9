import { isMap } from '../values/values.ts';
import type { ChartFiles } from './chart.ts';
import type { Helm } from './helm.ts';
import { helmFailed } from './helm-error.ts';
import { type Probed, probe } from './probe.ts';

/** A flag that gives values, in Helm's own grammar. */
export interface ValuesWord {
  flag: `--${(typeof VALUES_FLAGS)[number]}`;
  /** Its value as given. */
  value: string;
}

/** The names of the flags that give values, in the order in which Helm merges them. */
export const VALUES_FLAGS = ['values', 'set-json', 'set', 'set-string', 'set-file', 'set-literal'] as const;

/** Those that Helm merges after the files. */
export const SET_FLAGS = VALUES_FLAGS.slice(1).map((name) => `--${name}` as ValuesWord['flag']);

/** The arguments of a command line that give these values. */
export function wordsOf(words: readonly ValuesWord[]): string[] {
  return words.map(({ flag, value }) => `${flag}=${value}`);
}

/** The files of all `--values` in their order; each may name several, comma-separated as in CSV. */
export function valuesFiles(words: readonly ValuesWord[]): string[] {
  return words
    .filter(({ flag, value }) => flag === '--values' && value !== '')
    .flatMap(({ value }) => fieldsOf(value));
}

/** The files of all `--set-file`, in the grammar of `--set`. */
export function setFiles(words: readonly ValuesWord[]): string[] {
  return (
    words
      .filter(({ flag }) => flag === '--set-file')
      .flatMap(({ value }) => value.split(/(?<!\\),/))
      // A list: `name={one,other}`.
      .map((part) =>
        part
          .slice(part.indexOf('=') + 1)
          .replace(/^\{|(?<!\\)\}$/g, '')
          .replace(/\\(.)/g, '$1'),
      )
  );
}

/** Whether Helm reads standard input for one of them. */
export function readsStdin(words: readonly ValuesWord[]): boolean {
  return [...valuesFiles(words), ...setFiles(words)].some((file) => file.trim() === '-');
}

/** The values of these flags: strings of which no message may show a part. */
export function secretsOf(words: readonly ValuesWord[]): string[] {
  return words
    .filter(({ flag }) => flag !== '--values' && flag !== '--set-file')
    .map(({ flag, value }) => (flag === '--set-json' ? value : value.slice(value.indexOf('=') + 1)));
}

function fieldsOf(text: string): string[] {
  if (!text.includes('"')) return text.split(',');
  const fields = text.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return fields.map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}

/** A release to upgrade, whose own values may count. */
export interface Upgrade {
  release: string;
  /** `--install`, `--reuse-values` and the like. */
  words: readonly string[];
  /** Whether its values count at all: not with `--reset-values`. */
  usesRelease: boolean;
  /** Whether it may not exist yet: `--install`. */
  mayBeNew: boolean;
}

/** The values of one Helm command. */
export interface ValuesRequest {
  chart: ChartFiles;
  /** `-f`, `--set` and the like as words, in their order. */
  words: readonly string[];
  upgrade: Upgrade | null;
  /** Standard input, where one of the words reads it. */
  stdin: Buffer | null;
  /** Strings of which no error may show a part. */
  secrets: readonly string[];
  /** What is looked up in the cluster by the way, as an expression of Helm's template language; null where nothing is. */
  lookup: string | null;
}

/** What Helm merged, and what it looked up. */
export interface EffectiveValues {
  values: Record<string, unknown>;
  /** Null where nothing was looked up. */
  looked: Probed | null;
}

/**
 * The values that Helm passes to the chart's templates, as Helm itself merges them: in a chart of the same values whose
 * only template prints them. A cluster that does not answer the lookup leaves the values.
 * @throws LintError where Helm fails
 */
export async function effectiveValues(helm: Helm, request: ValuesRequest): Promise<EffectiveValues> {
  const { lookup, secrets } = request;
  if (lookup !== null) {
    const { answer, printed } = await print(helm, request, `dict "values" .Values "looked" (${lookup})`);
    const both = printed as { values: Record<string, unknown>; looked: unknown } | undefined;
    if (both !== undefined) return { values: both.values, looked: { answer, printed: both.looked } };
    const { values } = await effectiveValues(helm, { ...request, lookup: null });
    return { values, looked: { answer, printed: undefined } };
  }
  const { answer, printed } = await print(helm, request, '.Values');
  if (isMap(printed)) return { values: printed, looked: null };
  throw await helmFailed(helm, answer, 'Helm could not merge the values', secrets);
}

function print(helm: Helm, request: ValuesRequest, value: string): Promise<Probed> {
  const { chart, words, upgrade, stdin, secrets, lookup } = request;
  const dryRun = lookup === null ? 'client' : 'server';
  return probe(helm, {
    chart,
    value,
    argsFor: (name) =>
      upgrade === null
        ? ['template', 'lightrun-cert', name, ...(lookup === null ? [] : ['--dry-run=server']), ...words]
        : ['upgrade', upgrade.release, name, `--dry-run=${dryRun}`, ...words, ...upgrade.words],
    stdin,
    isCluster: lookup !== null || upgrade !== null,
    secrets,
  });
}
