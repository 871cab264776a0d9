import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { LintError } from '../errors.ts';
import { displayNamed } from '../files/named.ts';
import { escapeUnsafe } from '../text/display.ts';
import { ask, type Helm } from './helm.ts';
import { helmFailed } from './helm-error.ts';
import { withFolder } from './temporary.ts';

const NAME_A_CHART = 'Name a folder with a Chart.yaml, or an archive made by helm package.';

/** A chart as Helm's commands name it. */
export interface ChartReference {
  /** A folder, an archive, `repository/name`, a URL or `oci://…`. */
  name: string;
  /** `--version`, `--repo` and the rest by which Helm finds and fetches it, as words. */
  words: readonly string[];
  /** Strings of which no error may show a part, such as a password. */
  secrets: readonly string[];
  /** Whether `--repo` is among them; then Helm does not look for a file of that name. */
  isFromRepo: boolean;
}

/**
 * The files that decide the values of a chart. Helm fetches it where it is not on disk.
 * @see Helm, action.ChartPathOptions.LocateChart
 * @throws LintError where it cannot be fetched or read
 */
export async function findChart(helm: Helm, chart: ChartReference): Promise<ChartFiles> {
  const name = chart.name.trim();
  const title = displayNamed(name);
  if (!chart.isFromRepo) {
    if (exists(name)) return read(name, title);
    if (isAbsolute(name) || name.startsWith('.')) {
      throw new LintError(
        `there is no chart at ${title}`,
        'Check the path; it is relative to the current folder.',
      );
    }
  }
  return withFolder(async (folder) => {
    const answer = await ask(helm, ['pull', name, '--destination', folder, ...chart.words], null);
    const [archive] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    if (answer.status !== 0 || archive === undefined) {
      throw await helmFailed(helm, answer, `Helm could not fetch the chart ${title}`, chart.secrets);
    }
    return read(join(folder, archive), title);
  });
}

async function read(path: string, title: string): Promise<ChartFiles> {
  let files: ChartFiles;
  try {
    files = await readChart(path);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new LintError(
      `the chart ${title} cannot be read${code ? ` (${escapeUnsafe(code)})` : ''}`,
      NAME_A_CHART,
    );
  }
  if (files.has('Chart.yaml')) return files;
  throw new LintError(`${title} is not a chart: it has no Chart.yaml`, NAME_A_CHART);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A file of a chart: on disk, or from an archive. */
export type ChartFile = { path: string } | { bytes: Buffer };

/** The files that decide a chart's values, by their path in the chart with forward slashes. */
export type ChartFiles = ReadonlyMap<string, ChartFile>;

/** Chart.yaml, values.yaml and requirements.yaml of a chart and of the charts in its charts/, at any depth. */
const DECIDES = /^(?:charts\/[^/]+\/)*(?:Chart|values|requirements)\.yaml$/;
const PACKED = /^(?:charts\/[^/]+\/)*charts\/[^/]+\.tgz$/;
const DEEPEST = 20;
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads the files that decide a chart's values. Templates are left out: they cost time, and may fail on their own.
 * @param chart a folder, or an archive as `helm package` makes it
 * @throws a system error where it cannot be read, Error where it is not a chart's archive
 */
export async function readChart(chart: string): Promise<ChartFiles> {
  const files = new Map<string, ChartFile>();
  if (statSync(chart).isDirectory()) await readFolder(chart, '', files, 0);
  else await readArchive(readFileSync(chart), '', files, 0);
  return files;
}

const LOADED_FILES = [
  'Chart.yaml',
  'Chart.lock',
  'requirements.yaml',
  'requirements.lock',
  'values.yaml',
  'values.schema.json',
  '.helmignore',
];
const LOADED_FOLDERS = ['charts', 'crds', 'templates'];

/**
 * The paths that Helm loads a chart on disk from. Other files of its folder, which Helm loads for `.Files`, are left
 * out: a report of an earlier run may be among them.
 * @param chart a folder or an archive
 * @see Helm, loader.LoadFiles
 */
export function chartPaths(chart: string): string[] {
  if (!isFolder(chart)) return [chart];
  return [
    ...LOADED_FILES.map((name) => join(chart, name)),
    ...LOADED_FOLDERS.flatMap((name) => pathsBelow(join(chart, name), 0)),
  ];
}

function pathsBelow(path: string, depth: number): string[] {
  if (!isFolder(path) || depth === DEEPEST) return [path];
  return readdirSync(path).flatMap((name) => pathsBelow(join(path, name), depth + 1));
}

/** False for one that cannot be opened: Helm reports that. */
function isFolder(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function readFolder(folder: string, inside: string, files: Map<string, ChartFile>, depth: number) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (DECIDES.test(name) || (name === '.helmignore' && inside === '')) files.set(inside + name, { path });
    if (name !== 'charts' || depth === DEEPEST || !statSync(path).isDirectory()) continue;
    // Helm ignores these.
    for (const chart of readdirSync(path).filter((each) => !/^[._]/.test(each))) {
      const [from, to] = [join(path, chart), `${inside}charts/${chart}`];
      if (statSync(from).isDirectory()) await readFolder(from, `${to}/`, files, depth + 1);
      else if (PACKED.test(to)) await readPacked(from, to, files, depth + 1);
    }
  }
}

/** One that cannot be read is left to Helm, which may ignore it. */
async function readPacked(path: string, to: string, files: Map<string, ChartFile>, depth: number) {
  try {
    await readArchive(readFileSync(path), unpacked(to), files, depth);
  } catch {
    files.set(to, { path });
  }
}

async function readArchive(archive: Buffer, inside: string, files: Map<string, ChartFile>, depth: number) {
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  const { unpackTar } = await import('modern-tar');
  const tar = gunzipSync(archive, { maxOutputLength: MOST_BYTES });
  const entries = await unpackTar(new Uint8Array(tar), {
    filter: ({ type, name }) => type === 'file' && isWanted(inChart(name)),
  });
  for (const { header, data } of entries) {
    const [path, bytes] = [inChart(header.name), Buffer.from(data ?? [])];
    if (!PACKED.test(path)) files.set(inside + path, { bytes });
    else if (depth < DEEPEST) await readArchive(bytes, inside + unpacked(path), files, depth + 1);
  }
}

/** An archive's names begin with the chart's own folder. */
const inChart = (name: string): string => name.replace(/^(?:\.\/)?[^/]+\//, '');

/** No name may lead out of the folder that it is written to. */
const isWanted = (path: string): boolean =>
  (DECIDES.test(path) || PACKED.test(path)) && !path.split('/').some((part) => /^\.+$|[\\:\0]/.test(part));

/** A chart packed in a chart is unpacked in its place. */
const unpacked = (path: string): string => `${path.slice(0, -'.tgz'.length)}/`;
