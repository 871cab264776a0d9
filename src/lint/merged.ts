import { type ChartReference, findChart } from '../helm/chart.ts';
import type { Helm } from '../helm/helm.ts';
import { BARE_CHART } from '../helm/probe.ts';
import {
  effectiveValues,
  SET_FLAGS,
  secretsOf,
  type Upgrade,
  type ValuesWord,
  valuesFiles,
  wordsOf,
} from '../helm/values.ts';
import { flagLayer, type Layer, mergedValues } from '../values/merged.ts';
import { readValues } from '../values/read.ts';
import type { Location, Values, ValuesFile } from '../values/values.ts';
import { isDifferent, type LintOptions, lintValues, type Outcome, unreadable } from './lint.ts';

/** The values of one Helm command, and where they come from. */
export interface MergedRequest {
  /** Null where there are only flags and files. */
  chart: ChartReference | null;
  words: readonly ValuesWord[];
  upgrade: Upgrade | null;
  /** Standard input, where one of the words reads it. */
  stdin: Buffer | null;
  /** Reads a file on disk or standard input. */
  readFile(file: string): { bytes: Buffer; name: string };
}

/**
 * Lints the one set of values that Helm merges from flags, files, a chart and a release.
 * @throws LintError where Helm fails, or a file cannot be read
 */
export async function lintMerged(helm: Helm, request: MergedRequest, given: LintOptions): Promise<Outcome> {
  const options = { ...given, isMerged: true };
  const { chart, words, upgrade, stdin } = request;
  const parts = valuesFiles(words).map((file) =>
    isElsewhere(file) ? { name: file, bytes: null } : request.readFile(file),
  );
  const contents = parts.flatMap(({ bytes }) => (bytes === null ? [] : [bytes.toString()]));
  const asked = askHelm();
  // Its failure is told below, unless one of the files explains it.
  asked.catch(() => undefined);

  const name = nameOf(parts, request);
  const layers: Layer[] = chart === null ? [] : [{ kind: 'elsewhere', name: originOf(chart, upgrade) }];
  let secondDocument: Location | null = null;
  let warmUp: Values | null = null;
  for (const { name: file, bytes } of parts) {
    const read = bytes === null ? null : await readValues(bytes, file);
    if (read?.ok === false && read.problem.byHelm) return unreadable(name, read.problem, options);
    layers.push(layerOf(file, read));
    if (!read?.ok) continue;
    secondDocument ??= differingDocument(read, options.root);
    warmUp = read.values;
  }
  // Helm's order, whatever theirs on the command line.
  for (const flag of SET_FLAGS) {
    for (const word of words) if (word.flag === flag) layers.push(flagLayer(flag, word.value));
  }
  // Helm is still at work: a cold process gains by judging once in vain what it will judge in earnest.
  if (warmUp !== null) await lintValues(warmUp, name, { ...options, readSecret: null }, null);
  return lintValues(mergedValues(await asked, layers), name, options, secondDocument);

  async function askHelm() {
    const files = chart === null ? BARE_CHART : await findChart(helm, chart);
    const secrets = [...secretsOf(words), ...contents];
    return effectiveValues(helm, { chart: files, words: wordsOf(words), upgrade, stdin, secrets });
  }
}

/** A URL, or a scheme that another plugin provides, such as `secrets://`: Helm fetches it. */
function isElsewhere(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
}

function nameOf(parts: readonly { name: string }[], { chart, words, upgrade }: MergedRequest): string {
  const flags = SET_FLAGS.filter((flag) => words.some((word) => word.flag === flag));
  return [
    ...(upgrade?.usesRelease && !upgrade.mayBeNew ? [`release ${upgrade.release}`] : []),
    ...(chart === null ? [] : [chart.name]),
    ...parts.map(({ name }) => name),
    ...flags,
  ].join(' + ');
}

function originOf({ name }: ChartReference, upgrade: Upgrade | null): string {
  return upgrade?.usesRelease ? `the release ${upgrade.release} or the chart ${name}` : `the chart ${name}`;
}

/** A file that only this program cannot read is left to Helm. */
function layerOf(file: string, read: ValuesFile | null): Layer {
  if (!read?.ok) return { kind: 'elsewhere', name: file };
  const { values, firstDocument } = read;
  return { kind: 'file', readings: firstDocument === null ? [values] : [values, firstDocument] };
}

function differingDocument(
  read: Extract<ValuesFile, { ok: true }>,
  root: readonly string[],
): Location | null {
  const differs = read.firstDocument !== null && isDifferent(read.values, read.firstDocument, root);
  return differs ? read.secondDocument : null;
}
