import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LintError } from '../errors.ts';
import { holdsMaterial } from '../text/redact.ts';
import type { ChartFile, ChartFiles } from './chart.ts';
import { type Answer, ask, askCluster, type Helm } from './helm.ts';
import { cannotUse, smallPlaces, withFolder } from './temporary.ts';

/** The chart of a probe that needs no values of its own. */
export const BARE_CHART: ChartFiles = new Map([
  ['Chart.yaml', { bytes: Buffer.from('apiVersion: v2\nname: lightrun-cert-probe\nversion: 0.0.0\n') }],
]);

/** A question to Helm: one value that a template can print. */
export interface ProbeRequest {
  chart: ChartFiles;
  /** An expression of Helm's template language, without braces. */
  value: string;
  /** Helm's arguments for a chart of this name. */
  argsFor(chart: string): string[];
  stdin: Buffer | null;
  /** Whether the cluster answers it. */
  isCluster: boolean;
  /** Strings of which nothing may be shown. */
  secrets: readonly string[];
}

/** What Helm answered, and the value; undefined where it printed none. */
export interface Probed {
  answer: Answer;
  printed: unknown;
}

/**
 * Has Helm print one value, in a chart whose only template prints it. Values files on disk are linked; what was in an
 * archive goes to Helm in a file without a name, so that nobody else can read it, and nothing is left however this
 * process ends. Where there are no such files, it is in a temporary folder for as long, without private keys.
 * @throws LintError where Helm cannot be started, or a private key would have to be written
 */
export function probe(helm: Helm, request: ProbeRequest): Promise<Probed> {
  const { chart, value, argsFor, stdin, isCluster, secrets } = request;
  return withProbeChart(chart, value, async ({ name, archive, key }) => {
    const args = argsFor(name);
    const answer = await (isCluster
      ? askCluster(helm, args, stdin, secrets, archive)
      : ask(helm, args, stdin, 'Helm to merge the values', archive));
    return { answer, printed: answer.status === 0 ? readProbe(answer.stdout, key) : undefined };
  });
}

/**
 * What a probe's template printed.
 * @param stdout of `helm template`, or of `helm upgrade --dry-run`
 * @param key the probe's
 * @returns undefined where it printed nothing
 */
export function readProbe(stdout: Buffer, key: string): unknown {
  const line = new RegExp(`^ {2}${key}: "([A-Za-z0-9+/=]*)"\\r?$`, 'm');
  const found = line.exec(stdout.toString('latin1'));
  return found?.[1] === undefined ? undefined : JSON.parse(Buffer.from(found[1], 'base64').toString());
}

/** Where Helm finds a descriptor that it is given; only on Linux is it a file like any other. */
const DESCRIPTORS = '/proc/self/fd';
const GIVEN = `${DESCRIPTORS}/3`;

interface ProbeChart {
  /** What Helm is told. */
  name: string;
  /** The descriptor of its archive; null where the chart is a folder. */
  archive: number | null;
  /** The key of what its template prints, which no values can contain by chance: Helm may print those too. */
  key: string;
}

async function withProbeChart<T>(
  files: ChartFiles,
  value: string,
  use: (chart: ProbeChart) => Promise<T>,
): Promise<T> {
  const isPacked = Array.from(files).some(([path, file]) => VALUES.test(path) && 'bytes' in file);
  if (isPacked) {
    const key = keyOf(process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex'));
    const archive = await unnamedArchive(files, template(value, key));
    try {
      if (archive !== null) return await use({ name: GIVEN, archive, key });
    } finally {
      if (archive !== null) closeSync(archive);
    }
  }
  const keyIn = (folder: string) => keyOf(folder.slice(folder.lastIndexOf('-') + 1));
  return withFolder(
    isPacked,
    (folder) => fill(folder, files, template(value, keyIn(folder))),
    (folder) => use({ name: folder, archive: null, key: keyIn(folder) }),
  );
}

function fill(folder: string, files: ChartFiles, probe: string): void {
  try {
    for (const [path, file] of files) place(file, join(folder, path), path);
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, TEMPLATE), probe);
  } catch (error) {
    throw error instanceof LintError ? error : cannotUse('the chart cannot be copied for Helm', error);
  }
}

const TEMPLATE = 'templates/probe.yaml';
const VALUES = /values\.yaml$/;

const keyOf = (unique: string): string => `printed-${unique}`;

/**
 * The chart as an archive that has no name.
 * @returns its descriptor; null where there are no such files
 */
async function unnamedArchive(files: ChartFiles, probe: string): Promise<number | null> {
  const { gzipSync } = process.getBuiltinModule('node:zlib');
  const { packTar } = await import('modern-tar');
  const entries = [...files, [TEMPLATE, { bytes: Buffer.from(probe) }] as const].map(([path, file]) => {
    const body = new Uint8Array(bytesOf(file, path));
    return { header: { name: `probe/${path}`, size: body.length, mode: 0o600, type: 'file' as const }, body };
  });
  const bytes = gzipSync(await packTar(entries), { level: 1 });
  for (const place of smallPlaces()) {
    let descriptor: number | null = null;
    try {
      descriptor = unnamedFile(place);
      closeSync(openSync(`${DESCRIPTORS}/${descriptor}`, 'r'));
      writeFileSync(descriptor, bytes);
      return descriptor;
    } catch {
      // There is no such folder, no right to write there, no room, or no way to Helm.
      if (descriptor !== null) closeSync(descriptor);
    }
  }
  return null;
}

/** @throws a system error where it cannot be made */
function unnamedFile(place: string): number {
  const folder = mkdtempSync(join(place, 'lightrun-cert-'));
  const file = join(folder, 'chart.tgz');
  try {
    const descriptor = openSync(file, 'wx+', 0o600);
    unlinkSync(file);
    return descriptor;
  } finally {
    rmdirSync(folder);
  }
}

/** A key of Chart.yaml that is checked against the cluster, which a probe does not know. */
const KUBE_VERSION = /^["']?kubeVersion["']?:.*\n?(?:[ \t]+.*\n?)*/m;

function bytesOf(file: ChartFile, path: string): Buffer {
  if (path === 'Chart.yaml') return Buffer.from(textOf(file).replace(KUBE_VERSION, ''));
  return 'path' in file ? readFileSync(file.path) : file.bytes;
}

function textOf(file: ChartFile): string {
  return ('path' in file ? readFileSync(file.path) : file.bytes).toString();
}

function place(file: ChartFile, to: string, path: string): void {
  if (path.includes('/')) mkdirSync(dirname(to), { recursive: true });
  const isAsItIs = path !== 'Chart.yaml' || !KUBE_VERSION.test(textOf(file));
  if ('path' in file && isAsItIs && link(file.path, to)) return;
  const bytes = bytesOf(file, path);
  if (holdsMaterial(bytes.toString())) {
    throw new LintError(
      `the chart's own ${path} contains what looks like a key or certificate, which this command does not write to a temporary file`,
      'Unpack the chart and name its folder, or give the certificate with -f.',
    );
  }
  writeFileSync(to, bytes, { mode: 0o600 });
}

/** On Windows only some users may make links. */
function link(from: string, to: string): boolean {
  try {
    symlinkSync(resolve(from), to);
    return true;
  } catch {
    return false;
  }
}

/**
 * A hook, which Helm prints but neither validates nor looks up in the cluster: that would need permissions. Base64, so
 * that no value is read as YAML again.
 */
function template(value: string, key: string): string {
  return [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    '  name: lightrun-cert-probe',
    '  annotations:',
    '    helm.sh/hook: test',
    'data:',
    `  ${key}: "{{ ${value} | toJson | b64enc }}"`,
    '',
  ].join('\n');
}
