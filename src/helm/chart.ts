import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, posix } from 'node:path';
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
  /** Whether Helm takes it from the `--repo` among them, and not from disk. */
  isFromRepo: boolean;
}

/**
 * Where Helm takes a chart from that `--repo` is given for: Helm 3 prefers a file or folder of its name, Helm 4 does not.
 * @param chart with `isFromRepo` where `--repo` is given
 * @see Helm, action.ChartPathOptions.LocateChart
 */
export async function withOrigin(helm: Helm, chart: ChartReference): Promise<ChartReference> {
  if (!chart.isFromRepo || !exists(chart.name.trim())) return chart;
  const { stdout } = await ask(helm, ['version', '--short'], null, 'Helm to say its version');
  return { ...chart, isFromRepo: !/^v3\./.test(stdout.toString()) };
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
  return withFolder(true, nothing, async (folder) => {
    const words = ['pull', name, '--destination', folder, ...chart.words];
    const answer = await ask(helm, words, null, `Helm to fetch the chart ${title}`);
    const [archive] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    if (answer.status !== 0 || archive === undefined) {
      throw await helmFailed(helm, answer, `Helm could not fetch the chart ${title}`, chart.secrets);
    }
    return read(join(folder, archive), title);
  });
}

const nothing = () => {};

async function read(path: string, title: string): Promise<ChartFiles> {
  let files: ChartFiles;
  try {
    files = await readChart(path);
  } catch (error) {
    const { code } = error as { code?: string };
    if (error instanceof TooLarge || code === 'ERR_BUFFER_TOO_LARGE') {
      throw new LintError(
        `the chart ${title} holds more than Helm loads: 5 MiB in a file, or 100 MiB in all`,
        NAME_A_CHART,
      );
    }
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
const DECIDES = /^(?:charts\/[^/._][^/]*\/)*(?:Chart|values|requirements)\.yaml$/;
const PACKED = /^(?:charts\/[^/._][^/]*\/)*charts\/[^/._][^/]*\.tgz$/;
const DEEPEST = 20;

const MIB = 1024 * 1024;
/** Helm's own limits on what an archive holds, and room for the headers of its files. */
const MOST_IN_FILE = 5 * MIB;
const MOST_IN_CHART = 100 * MIB;
const MOST_BYTES = MOST_IN_CHART + 8 * MIB;

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
 * Every file in the folder of a chart: Helm loads them all, for `.Files`. A report of an earlier run may be among them.
 * @param chart a folder or an archive
 * @see Helm, loader.LoadDir
 */
export function filesOfChart(chart: string): string[] {
  return isFolder(chart) ? pathsBelow(chart, 0) : [chart];
}

/**
 * The paths that Helm loads a chart on disk from, without the other files of its folder.
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

/**
 * All files of a chart on disk: templates may use any of them. `.git` is left out.
 * @returns none where Helm fetches the chart
 */
export function allChartPaths({ name, isFromRepo }: ChartReference): string[] {
  const path = name.trim();
  if (isFromRepo || !exists(path)) return [];
  if (!isFolder(path)) return [path];
  return filesIn(path, 0);
}

function filesIn(folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === '.git') return [];
    const path = join(folder, entry.name);
    const mayHoldMore = !entry.isFile() && depth < DEEPEST && isFolder(path);
    return mayHoldMore ? filesIn(path, depth + 1) : [path];
  });
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

/**
 * @see Helm, loader.LoadArchiveFiles and loader.LoadFiles: which file counts where two have one name
 * @throws Error where Helm refuses it as a whole
 */
async function readArchive(archive: Buffer, inside: string, files: Map<string, ChartFile>, depth: number) {
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  const { unpackTar } = await import('modern-tar');
  const tar = gunzipSync(archive, { maxOutputLength: MOST_BYTES });
  const budget = { left: MOST_IN_CHART };
  const entries = await unpackTar(new Uint8Array(tar), {
    filter: ({ type = 'file', name, size }) => {
      if (type === 'directory' || name.endsWith('/') || type.startsWith('pax-')) return false;
      const path = inChart(name);
      budget.left -= size;
      if (size > MOST_IN_FILE || budget.left <= 0) throw new TooLarge();
      // Helm takes a link for an empty file.
      return DECIDES.test(path) || PACKED.test(path);
    },
  });
  const packed = new Map<string, Buffer>();
  for (const { header, data } of entries) {
    const [path, bytes] = [inChart(header.name), Buffer.from(data ?? [])];
    if (!PACKED.test(path)) files.set(inside + path, { bytes });
    else if (!packed.has(path)) packed.set(path, bytes);
  }
  for (const [path, bytes] of packed) {
    if (depth < DEEPEST) await readArchive(bytes, inside + unpacked(path), files, depth + 1);
  }
}

class TooLarge extends Error {}

/**
 * The path in a chart of a file in its archive, whose names begin with the chart's own folder.
 * @throws Error for a name with which Helm refuses the archive
 */
function inChart(name: string): string {
  const delimiter = name.includes('\\') ? '\\' : '/';
  const [folder, ...parts] = name.split(delimiter);
  const path = parts.join('/');
  const clean = posix.normalize(path).replace(/\/$/, '');
  const isRefused =
    path.startsWith('/') || clean === '.' || clean.startsWith('..') || /^[a-z]:\//i.test(clean);
  if (isRefused || folder === 'Chart.yaml' || clean.includes('\0'))
    throw new Error('a file of another folder');
  return clean;
}

/** A chart packed in a chart is unpacked beside it, under a name that no other chart has. */
const unpacked = (path: string): string => `${path}.unpacked/`;
