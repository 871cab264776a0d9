import { readFileSync, realpathSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { resolve } from 'node:path';
import { LintError } from '../errors.ts';
import { displayNamed, namedPath } from '../files/named.ts';
import { DESCRIPTOR, type Input, nameOf, readInput, STDIN } from '../files/read.ts';
import {
  type ChartFiles,
  type ChartReference,
  chartPaths,
  filesOfChart,
  findChart,
  withOrigin,
} from '../helm/chart.ts';
import type { Helm } from '../helm/helm.ts';
import { BARE_CHART } from '../helm/probe.ts';
import type { Rendered, RenderRequest } from '../helm/render.ts';
import { secretLookup } from '../helm/secret.ts';
import {
  effectiveValues,
  readsStdin,
  SET_FLAGS,
  secretsOf,
  setFiles,
  type Upgrade,
  type ValuesWord,
  valuesFiles,
  wordsOf,
} from '../helm/values.ts';
import type { Io } from '../io.ts';
import type { Target } from '../rules/shared/target.ts';
import { quote } from '../text/display.ts';
import { isSecretName, isStringUnquoted } from '../text/names.ts';
import { isUrl, redact } from '../text/redact.ts';
import { PROGRAM } from '../text/shell.ts';
import type { SecretReader } from '../values/live-secret.ts';
import { flagLayer, type Layer, mergedValues } from '../values/merged.ts';
import { readValues } from '../values/read.ts';
import { isSet, readSettings } from '../values/settings.ts';
import { isMap, type Location, STDIN_NAME, type Values, type ValuesFile } from '../values/values.ts';
import { Budget } from '../x509/budget.ts';
import type { Outcome } from './check.ts';
import type { LintOptions } from './lint.ts';
import type { Previous } from './upgrade.ts';

/** The values of one Helm command, and where they come from. */
export interface MergedRequest {
  /** Null where there are only flags and files. */
  chart: ChartReference | null;
  words: readonly ValuesWord[];
  upgrade: Upgrade | null;
  /** The command that is to run with these values; null where there is none. */
  planned: PlannedCommand | null;
}

/** A Helm command that is to run. */
export interface PlannedCommand extends RenderRequest {
  /** The release's name; null where Helm makes one up. */
  release: string | null;
  /** Whether it takes over what another made: `--take-ownership`. */
  takesOver: boolean;
  /** The namespace that kubectl has to be told; null for the one of its context. */
  namespace: string | null;
}

/** The same, with the place that this Helm takes the chart from. */
export async function withChartOrigin(helm: Helm, request: MergedRequest): Promise<MergedRequest> {
  const { chart } = request;
  return chart === null ? request : { ...request, chart: await withOrigin(helm, chart) };
}

/** What the values flags read, for this program and for Helm alike. */
export interface MergedInput {
  /** Standard input; null where no flag reads it. */
  stdin: Buffer | null;
  /** Reads a file on disk or standard input. */
  readFile(file: string): Input;
}

/**
 * Reads standard input if a values flag names it, and refuses files that can be read only once.
 * @throws LintError where a file can be read only once, or standard input cannot be read
 */
export function readMergedInput(words: readonly ValuesWord[], io: Io): MergedInput {
  for (const file of [...valuesFiles(words), ...setFiles(words)]) refuseOnce(file);
  const stdin = readsStdin(words) ? readInput(STDIN, io) : null;
  return {
    stdin: stdin?.bytes ?? null,
    readFile(file) {
      if (file.trim() === STDIN && stdin !== null) return stdin;
      return readInput(file, io);
    },
  };
}

/**
 * Lints the one set of values that Helm merges from flags, files, a chart and a release.
 * @param rehearse called while Helm is still at work, with an outcome that is not the one
 * @throws LintError where Helm fails, or a file cannot be read
 */
export async function lintMerged(
  helm: Helm,
  request: MergedRequest,
  input: MergedInput,
  given: LintOptions,
  rehearse: (likely: Outcome) => void = () => {},
): Promise<Outcome> {
  const { chart, words, upgrade } = request;
  const parts = valuesFiles(words).map((file) =>
    isUrl(file) ? { name: file, bytes: null } : input.readFile(file),
  );
  const contents = parts.flatMap(({ bytes }) => (bytes === null ? [] : [bytes.toString()]));
  const secrets = [...secretsOf(words), ...contents];
  let rendered: Promise<Rendered> | undefined;
  const options: LintOptions = {
    ...given,
    isMerged: true,
    budget: new Budget(),
    file: lastFile(words),
    release: request.planned?.release ?? given.release ?? null,
    readSecret: secretReader(),
    previous: await previousRelease(),
  };
  let reads: readonly (Promise<ValuesFile> | null)[] | undefined;
  const asked = askHelm();
  // Its error is thrown below, unless one of the files explains it.
  asked.catch(() => undefined);
  // All else is done while Helm works, to load the rules too.
  await new Promise(setImmediate);
  const { differingFirst, lintValues, unreadable } = await import('./lint.ts');

  const name = mergedName(request);
  const layers: Layer[] = chart === null ? [] : [{ kind: 'elsewhere', name: originOf(chart, upgrade) }];
  let secondDocument: Location | null = null;
  let warmUp: Values | null = null;
  for (const [at, { name: file, bytes }] of parts.entries()) {
    const read = (await readAll()[at]) ?? null;
    if (read?.ok === false && read.diagnostic.byHelm) {
      const outcome = unreadable(name, read.diagnostic, options);
      if (bytes === null || file === STDIN_NAME) return outcome;
      return (await import('./offer-fix.ts')).offerReadable(outcome, { bytes, name: file }, options);
    }
    layers.push(layerOf(file, read));
    if (!read?.ok) continue;
    secondDocument ??= differingFirst(read, options.root) && read.secondDocument;
    warmUp = read.values;
  }
  // Helm's order, whatever the order on the command line.
  for (const flag of SET_FLAGS) {
    for (const word of words) if (word.flag === flag) layers.push(flagLayer(flag, word.value));
  }
  // A cold process saves time by running the rules once while it waits.
  const alone = { ...options, readSecret: null, previous: null };
  const likely = warmUp?.get([]).value;
  const warm = isMap(likely) ? await lintValues(mergedValues(likely, layers), name, alone, null) : null;
  if (warm !== null) rehearse(warm);
  const { values: merged, subchart } = await asked;
  const values = mergedValues(merged, layers);
  const found = await lintValues(
    values,
    name,
    { ...options, alreadyRead: warm?.target ?? null },
    secondDocument,
  );
  if (chart !== null && subchart !== null && found.target.source !== 'missing') {
    throw new LintError(
      `the chart ${displayNamed(chart.name)} has the Lightrun chart as its subchart ${quote(subchart)}, which does not read certificate at the top`,
      `Put certificate below ${quote(subchart)} in the values, and add --root ${quote(subchart)}.`,
    );
  }
  const outcome = given.allowsIgnore ? await withoutIgnoredIn(found, parts) : found;
  return offerInFiles(outcome, parts, { merged, layers, options });

  function readAll() {
    reads ??= parts.map(({ name: file, bytes }) => (bytes === null ? null : readValues(bytes, file)));
    return reads;
  }

  async function askHelm() {
    const files = chart === null ? BARE_CHART : await findChart(helm, chart);
    const secret =
      given.readSecret === null
        ? null
        : await secretIn(files, await Promise.all(readAll()), request, options.root);
    const subchart = chart === null ? null : await checkRoot(files, chart.name, options.root);
    const answered = await effectiveValues(helm, {
      chart: files,
      words: wordsOf(words),
      upgrade,
      stdin: input.stdin,
      secrets,
      lookup: secret && secretLookup(secret),
    });
    return { ...answered, secret, subchart };
  }

  /** What is in the cluster now. */
  function liveReader(): SecretReader | null {
    const { readSecret: read } = given;
    if (read === null) return null;
    return async (name) => {
      const { secret, looked } = await asked;
      return read(name, name === secret && looked !== null ? looked : undefined);
    };
  }

  function secretReader(): SecretReader | null {
    const { planned } = request;
    const readSecret = liveReader();
    if (readSecret === null || planned === null) return readSecret;
    return async (name) => {
      const { plannedReader } = await import('./planned.ts');
      const mayReplace = planned.takesOver || given.root.length > 0;
      return plannedReader(readSecret, { ...planned, mayReplace, render: () => render(planned) })(name);
    };
  }

  function render(planned: PlannedCommand): Promise<Rendered> {
    rendered ??= import('../helm/render.ts').then(({ renderRelease }) =>
      renderRelease(helm, planned, input.stdin, secrets),
    );
    return rendered;
  }

  async function previousRelease(): Promise<Previous | null> {
    const { planned } = request;
    const release = planned?.release ?? null;
    if (planned?.command !== 'upgrade' || release === null) return given.previous ?? null;
    const { previousOf } = await import('./upgrade.ts');
    const { namespace } = planned;
    return previousOf({ helm, release, namespace, readSecret: liveReader(), render: () => render(planned) });
  }
}

/**
 * Refuses a root that is not the place of a subchart.
 * @returns without a root, where the chart has the Lightrun chart as a subchart
 */
async function checkRoot(files: ChartFiles, chart: string, root: readonly string[]): Promise<string | null> {
  if (root.length === 0 && ![...files.keys()].some((path) => path.startsWith('charts/'))) return null;
  const { lightrunSubchart, refuseUnknownRoot } = await import('../helm/dependencies.ts');
  if (root.length === 0) return lightrunSubchart(files);
  await refuseUnknownRoot(files, chart, root);
  return null;
}

/** Without what comments in the files silence. */
async function withoutIgnoredIn(
  outcome: Outcome,
  parts: readonly { name: string; bytes: Buffer | null }[],
): Promise<Outcome> {
  if (!parts.some(({ bytes }) => bytes?.includes('lightrun-cert:'))) return outcome;
  const { unknownIgnored, withoutIgnored } = await import('./ignored.ts');
  const wrong = await Promise.all(
    parts.map(({ name, bytes }) => (bytes === null ? null : unknownIgnored(bytes, name))),
  );
  const wrongComment = wrong.find((each) => each !== null);
  return {
    ...withoutIgnored(outcome, (file) => parts.find(({ name }) => name === file)?.bytes ?? null),
    ...(wrongComment ? { wrongComment } : {}),
  };
}

/**
 * The Secret that the chart's own values, the files and the flags name, as far as they can be read before Helm has merged
 * them: it is looked up with the same question. Whether it is the one that counts is known only after that.
 */
async function secretIn(
  chart: ChartFiles,
  files: readonly (ValuesFile | null)[],
  { words }: MergedRequest,
  root: readonly string[],
): Promise<string | null> {
  const flags = SET_FLAGS.flatMap((name) => words.filter(({ flag }) => flag === name)).filter(({ value }) =>
    /cert/i.test(value),
  );
  const inFlags = flags.map((word) => secretInFlag(word, root));
  if (inFlags.includes(null) || files.some((file) => !file?.ok)) return null;
  const all = [await defaultsNaming(chart), ...files].flatMap((file) =>
    file?.ok ? readSettings(file.values, root) : [],
  );
  if (all.some(({ crt, key }) => isSet(crt.value) || isSet(key.value))) return null;
  const inFiles = all.findLast(({ existingCert }) => existingCert.present)?.existingCert.value;
  const name = inFlags.at(-1) ?? inFiles;
  return typeof name === 'string' && isSecretName(name) ? name : null;
}

/** The name that a flag gives, where it gives nothing else; null where it is not as simple as that. */
function secretInFlag({ flag, value }: ValuesWord, root: readonly string[]): string | null {
  const path = `${[...root, 'certificate', 'existing_cert'].join('.')}=`;
  const name = value.startsWith(path) ? value.slice(path.length) : '';
  const isText = flag === '--set-string' || (flag === '--set' && isStringUnquoted(name));
  return isText && isSecretName(name) ? name : null;
}

/** The chart's own values, where they may name a Secret; to read all of them for nothing would take longer. */
async function defaultsNaming(chart: ChartFiles): Promise<ValuesFile | null> {
  const file = chart.get('values.yaml');
  if (file === undefined) return null;
  const bytes = 'path' in file ? readFileSync(file.path) : file.bytes;
  return /existing_cert["']?[ \t]*:[ \t]*["']?[a-z0-9]/.test(bytes.toString('latin1'))
    ? readValues(bytes, 'values.yaml')
    : null;
}

/** What Helm merged, and how it is linted. */
interface MergedSet {
  merged: Record<string, unknown>;
  layers: readonly Layer[];
  options: LintOptions;
}

/** Offers `lint --fix` for each file by itself whose values, when fixed, leave a finding of the merged set gone. */
async function offerInFiles(
  outcome: Outcome,
  parts: readonly { name: string; bytes: Buffer | null }[],
  set: MergedSet,
): Promise<Outcome> {
  const found = new Set(outcome.findings.map(({ location }) => location?.file));
  let offered = outcome;
  for (const { name, bytes } of outcome.target.material === null ? [] : parts) {
    if (bytes === null || name === STDIN_NAME || !found.delete(name)) continue;
    const { offerFixOf } = await import('./offer-fix.ts');
    const after = async (fixed: Input) => [await lintWith(fixed, outcome.target, set)];
    [offered = outcome] = await offerFixOf([offered], { name, bytes }, set.options, after);
  }
  return offered;
}

/** Lints the merged set again with another text of one of its files, whose two values count where they did before. */
async function lintWith({ bytes, name }: Input, target: Target, set: MergedSet): Promise<Outcome> {
  const { merged, layers, options } = set;
  const read = await readValues(bytes, name);
  const next = structuredClone(merged);
  for (const { path, location } of [target.settings.crt, target.settings.key]) {
    if (location?.file !== name || !read.ok) continue;
    const parent = path.slice(0, -1).reduce<unknown>((map, key) => (isMap(map) ? map[key] : undefined), next);
    if (isMap(parent)) parent[path.at(-1) ?? ''] = read.values.get(path).value;
  }
  const isReplaced = (layer: Layer) =>
    layer.kind === 'file' && layer.readings.some((reading) => reading.get([]).location?.file === name);
  const changed = layers.map((layer) => (isReplaced(layer) ? layerOf(name, read) : layer));
  const { lintValues } = await import('./lint.ts');
  return lintValues(mergedValues(next, changed), target.name, options, target.secondDocument);
}

/** The file whose values win, where commands can edit it. */
function lastFile(words: readonly ValuesWord[]): string | null {
  const isEdited = (file: string) => !isUrl(file) && file.trim() !== STDIN && resolve(file) !== devNull;
  return valuesFiles(words).findLast(isEdited) ?? null;
}

/** What reports call a merged set: its parts, such as `base.yaml + prod.yaml + --set`. */
export function mergedName({ chart, words, upgrade }: MergedRequest): string {
  const files = valuesFiles(words).map((file) => nameOf(file.trim() === STDIN ? STDIN : file));
  const flags = SET_FLAGS.filter((flag) => words.some((word) => word.flag === flag));
  const parts = [
    ...(upgrade?.usesRelease && !upgrade.mayBeNew
      ? [`release ${redact(upgrade.release, 'object name')}`]
      : []),
    ...(chart === null ? [] : [namedPath(chart.name)]),
    ...files,
    ...flags,
  ];
  return parts.join(' + ') || 'values';
}

/** The files that a merged set is read from, its chart too, `-` for standard input; those on disk at least. */
export function mergedFiles({ chart, words }: MergedRequest): string[] {
  const files = [...valuesFiles(words), ...setFiles(words)].map((file) =>
    file.trim() === STDIN ? STDIN : file,
  );
  return chart === null ? files : [...files, ...chartPaths(chart.name.trim())];
}

/** Every file in the folder of the chart. */
export function filesBesideValues({ chart }: MergedRequest): string[] {
  return chart === null ? [] : filesOfChart(chart.name.trim());
}

function originOf({ name }: ChartReference, upgrade: Upgrade | null): string {
  const chart = `the chart ${namedPath(name)}`;
  return upgrade?.usesRelease ? `the release ${redact(upgrade.release, 'object name')} or ${chart}` : chart;
}

/** A file that only this program cannot read is left to Helm. */
function layerOf(file: string, read: ValuesFile | null): Layer {
  if (!read?.ok) return { kind: 'elsewhere', name: file };
  const { values, firstDocument } = read;
  return { kind: 'file', readings: firstDocument === null ? [values] : [values, firstDocument] };
}

/** What can be read only once, such as `<(sops -d …)`, cannot be both checked and installed. */
function refuseOnce(file: string): void {
  if (file === '') {
    throw new LintError(
      'a flag has an empty file name',
      'Look for an empty variable, or a stray comma, in -f or --set-file.',
    );
  }
  if (file.trim() === STDIN || resolve(file) === devNull) return;
  const stats = statSync(file, { throwIfNoEntry: false });
  const isRereadable = stats === undefined || stats.isFile() || stats.isDirectory();
  if (isRereadable && !isDescriptor(file)) return;
  throw new LintError(
    `${displayNamed(file)} can be read only once, and Helm has to read it too`,
    `Pass it on standard input instead, such as: sops --decrypt FILE | ${PROGRAM} … -f -`,
  );
}

function isDescriptor(file: string): boolean {
  if (DESCRIPTOR.test(resolve(file))) return true;
  try {
    return DESCRIPTOR.test(realpathSync(file));
  } catch {
    return false;
  }
}
