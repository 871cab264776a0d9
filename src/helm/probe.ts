import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LintError } from '../errors.ts';
import { holdsMaterial } from '../text/redact.ts';
import type { ChartFile, ChartFiles } from './chart.ts';
import { cannotUse, withFolder } from './temporary.ts';

/** The chart of a probe that needs no values of its own. */
export const BARE_CHART: ChartFiles = new Map([
  ['Chart.yaml', { bytes: Buffer.from('apiVersion: v2\nname: lightrun-cert-probe\nversion: 0.0.0\n') }],
]);

/** A key of Chart.yaml that is checked against the cluster, which a probe does not know. */
const KUBE_VERSION = /^["']?kubeVersion["']?:.*\n?(?:[ \t]+.*\n?)*/m;

/**
 * Makes a chart in a temporary folder whose only template prints one value, for as long as `use` runs. No private key
 * is written there: values files on disk are linked.
 * @param value an expression of Helm's template language, without braces
 * @returns what `use` returns
 * @throws LintError where a private key would have to be written
 */
export function withProbe<T>(
  files: ChartFiles,
  value: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    try {
      for (const [path, file] of files) place(file, join(folder, path), path);
      mkdirSync(join(folder, 'templates'), { recursive: true });
      writeFileSync(join(folder, 'templates', 'probe.yaml'), template(value, keyOf(folder)));
    } catch (error) {
      throw error instanceof LintError ? error : cannotUse('the chart cannot be copied for Helm', error);
    }
    return use(folder);
  });
}

/**
 * What a probe's template printed.
 * @param stdout of `helm template`, or of `helm upgrade --dry-run`
 * @param folder the probe's
 * @returns undefined where it printed nothing
 */
export function readProbe(stdout: Buffer, folder: string): unknown {
  const line = new RegExp(`^ {2}${keyOf(folder)}: "([A-Za-z0-9+/=]*)"\\r?$`, 'm');
  const found = line.exec(stdout.toString('latin1'));
  return found?.[1] === undefined ? undefined : JSON.parse(Buffer.from(found[1], 'base64').toString());
}

/** A key that no values can contain by chance: Helm may print those too. */
function keyOf(folder: string): string {
  return `printed-${folder.slice(folder.lastIndexOf('-') + 1)}`;
}

function place(file: ChartFile, to: string, path: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (/(?:values\.yaml|\.tgz)$/.test(path) && 'path' in file && link(file.path, to)) return;
  const text = ('path' in file ? readFileSync(file.path) : file.bytes).toString();
  if (holdsMaterial(text)) {
    throw new LintError(
      `the chart's own ${path} contains what looks like a key or certificate, which this command does not write to a temporary file`,
      'Unpack the chart and name its folder, or give the certificate with -f.',
    );
  }
  writeFileSync(to, path === 'Chart.yaml' ? text.replace(KUBE_VERSION, '') : text, { mode: 0o600 });
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
