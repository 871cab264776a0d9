import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { displayFile } from '../text/display.ts';
import { PROGRAM } from '../text/shell.ts';
import { trimmedEnd } from '../text/trim.ts';
import { isMap, type Values } from '../values/values.ts';
import type { ManifestFile, ManifestIndex, ManifestObject, Release } from './form.ts';
import { mergeLayers, type ReadLayer, readLayers } from './layers.ts';
import { indexOf } from './manifest-index.ts';
import { type ManifestObjects, readObjects, releasesIn } from './objects.ts';
import type { OtherFiles } from './other-files.ts';
import { valueHolders } from './value-holders.ts';

/** How releases are found. */
export interface FindOptions {
  /** Where the Lightrun chart's values are in those of a release; empty for the top. */
  root: readonly string[];
  /** The other files at hand. */
  others?: OtherFiles;
}

/** A release whose layers were read. */
export interface ReadRelease {
  release: Release;
  layers: readonly ReadLayer[];
  values: Values;
}

/** What a file of manifests holds of Lightrun. */
export interface FoundReleases {
  releases: readonly ReadRelease[];
  /** All that was read of it. */
  objects: readonly ManifestObject[];
  /** Whether the file is one of manifests, of Lightrun or not. */
  isManifest: boolean;
}

/**
 * Finds the releases of Lightrun in a file, and the ConfigMaps and Secrets with its values that no release refers to.
 * @throws LintError where a document that may hold some cannot be read
 */
export async function findReleases(
  { bytes, name }: Input,
  { root, others }: FindOptions,
): Promise<FoundReleases> {
  const read = await readObjects(bytes, name);
  refuseUnreadable(name, read);
  const index = indexOf(read.objects, others);
  const own = (await Promise.all(read.objects.map((object) => releasesIn(object, index)))).flat();
  const holders = await valueHolders(read.objects, async () => {
    const elsewhere = (await others?.objects()) ?? [];
    const all = await Promise.all(elsewhere.map((object) => releasesIn(object, index)));
    return [...own, ...all.flat()];
  });
  const around = {
    index,
    readFile: (from: ManifestFile, file: string) => others?.beside(from.name, file) ?? null,
  };
  const releases: ReadRelease[] = [];
  for (const release of [...own, ...holders]) {
    const layers = await readLayers(release, around);
    const values = mergeLayers(layers, release.mergedBy);
    if (isOurs(release, layers, values, root)) releases.push({ release, layers, values });
  }
  const isManifest = own.length > 0 || isKubernetes(bytes);
  return { releases, objects: read.objects, isManifest };
}

/** Whether a release in another file of the invocation takes something from this one. */
export async function isReferredTo(file: string, others: OtherFiles | undefined): Promise<boolean> {
  const elsewhere = (await others?.objects()) ?? [];
  let isFound = false;
  const index = indexOf([], others);
  const watched: ManifestIndex = {
    async find(...wanted) {
      const found = await index.find(...wanted);
      isFound ||= found.some((object) => object.file.name === file);
      return found;
    },
  };
  for (const object of elsewhere.filter((each) => each.file.name !== file)) {
    for (const release of await releasesIn(object, watched)) {
      await readLayers(release, { index: watched, readFile: () => null });
    }
    if (isFound) return true;
  }
  return false;
}

/** Whether a document has the two keys that all objects of Kubernetes have. */
function isKubernetes(bytes: Buffer): boolean {
  const text = bytes.toString();
  return (
    (/^\ufeff?apiVersion[ \t]*:/m.test(text) && /^kind[ \t]*:/m.test(text)) ||
    (/^\ufeff?\s*\{/.test(text) && /"apiVersion"\s*:/.test(text) && /"kind"\s*:/.test(text))
  );
}

const CHART = 'lightrun-helm-chart';
const CERTIFICATE_KEYS = ['existing_cert', 'security_pinned_hashes', 'tls'];

/** Whether a name, path or URL is that of the chart: with a tag or digest, or an archive with its version. */
function isChartOf(chart: string): boolean {
  const last = trimmedEnd(chart, '/').split('/').at(-1) ?? '';
  const name = last.split(/[:@]/, 1)[0] ?? '';
  const isArchive = name.startsWith(CHART) && name.endsWith('.tgz');
  return (
    name === CHART || (isArchive && /^(?:-v?\d[\w.+-]*)?$/.test(name.slice(CHART.length, -'.tgz'.length)))
  );
}

/** By the chart's name, or by values that only this chart has. */
function isOurs(
  { chart }: Release,
  layers: readonly ReadLayer[],
  values: Values,
  root: readonly string[],
): boolean {
  if (isChartOf(chart ?? '')) return true;
  const certificate = values.get([...root, 'certificate']).value;
  if (isMap(certificate) && CERTIFICATE_KEYS.some((key) => Object.hasOwn(certificate, key))) return true;
  if (values.get([...root, 'general', 'lightrun_endpoint']).present) return true;
  return layers.some((layer) => layer.kind === 'unreadable' && layer.looksLikeOurs);
}

/** A document that is not YAML, and may be ours. */
function refuseUnreadable(file: string, { objects, unreadable: documents }: ManifestObjects): void {
  for (const { text, diagnostic } of documents) {
    const { reason, help, location } = diagnostic;
    const shown = `${displayFile(file)}:${location.line}`;
    if (/^releases:/m.test(text) && text.includes('{{')) {
      throw new LintError(
        `${shown}: this helmfile is a template, so it was not checked`,
        `Lint the values that helmfile makes of it: helmfile write-values, then ${PROGRAM} lint FILE.`,
      );
    }
    const isManifest = /^apiVersion[ \t]*:/m.test(text) || objects.length > 0;
    if (isManifest && /lightrun|existing_cert/.test(text)) throw new LintError(`${shown}: ${reason}`, help);
  }
}
