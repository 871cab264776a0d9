import type { DeliveryFacts, FoundTrap, UnknownLayer } from '../delivery/facts.ts';
import type { ManifestIndex, ManifestObject, Release, Trap } from '../delivery/form.ts';
import { mergeLayers, type ReadLayer, readLayers } from '../delivery/layers.ts';
import { nodeAt } from '../delivery/nodes.ts';
import { type ManifestObjects, readObjects, releasesIn } from '../delivery/objects.ts';
import { valueHolders } from '../delivery/value-holders.ts';
import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { privateKeysOf } from '../rules/shared/target.ts';
import { displayFile, escapeUnsafe } from '../text/display.ts';
import { redact } from '../text/redact.ts';
import { PROGRAM } from '../text/shell.ts';
import { isSet } from '../values/settings.ts';
import { isMap, type Values } from '../values/values.ts';
import type { Finding, Outcome } from './check.ts';
import { type LintOptions, lintValues, unreadable } from './lint.ts';
import { indexOf, readBeside } from './manifest-index.ts';

/** A target in a file of manifests. */
export interface ManifestOutcome {
  outcome: Outcome;
  /** The index of its document. */
  document: number;
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
  /** Whether the file is one of manifests, of Lightrun or not. */
  isManifest: boolean;
}

/**
 * Finds the releases of Lightrun in a file, and the ConfigMaps and Secrets with its values that no release refers to.
 * @throws LintError where a document that may hold some cannot be read
 */
export async function findReleases(
  input: Input,
  { root, others }: Pick<LintOptions, 'root' | 'others'>,
): Promise<FoundReleases> {
  const read = await readObjects(input.bytes, input.name);
  refuseUnreadable(input.name, read);
  const index = indexOf(read.objects, others);
  const own = (await Promise.all(read.objects.map((object) => releasesIn(object, index)))).flat();
  const holders = await valueHolders(read.objects, async () => {
    const elsewhere = (await others?.objects()) ?? [];
    const all = await Promise.all(elsewhere.map((object) => releasesIn(object, index)));
    return [...own, ...all.flat()];
  });
  const around = {
    index,
    readFile: (from: Parameters<typeof readBeside>[0], file: string) => readBeside(from, file, others),
  };
  const releases: ReadRelease[] = [];
  for (const release of [...own, ...holders]) {
    const layers = await readLayers(release, around);
    const values = mergeLayers(layers, release.mergedBy);
    if (isOurs(release, layers, values, root)) releases.push({ release, layers, values });
  }
  const isManifest = own.length > 0 || isKubernetes(input.bytes);
  return { releases, isManifest };
}

/** Whether a release in another file of the invocation takes something from this one. */
export async function isReferredTo(file: string, others: LintOptions['others']): Promise<boolean> {
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

/** The releases of Lightrun in a file, linted, each as one target. */
export async function lintReleases(found: FoundReleases, options: LintOptions): Promise<ManifestOutcome[]> {
  const outcomes: ManifestOutcome[] = [];
  for (const each of found.releases) {
    outcomes.push({ outcome: await lintRelease(each, options), document: each.release.object.document });
  }
  return outcomes;
}

/** Whether a document has the two keys that all objects of Kubernetes have. */
function isKubernetes(bytes: Buffer): boolean {
  const text = bytes.toString();
  return (
    (/^\ufeff?apiVersion[ \t]*:/m.test(text) && /^kind[ \t]*:/m.test(text)) ||
    /^\ufeff?\s*\{[\s\S]*"apiVersion"\s*:[\s\S]*"kind"\s*:/.test(text)
  );
}

const CHART = 'lightrun-helm-chart';
const CERTIFICATE_KEYS = ['existing_cert', 'security_pinned_hashes', 'tls'];

/** By the chart's name, or by values that only this chart has. */
function isOurs(
  { chart }: Release,
  layers: readonly ReadLayer[],
  values: Values,
  root: readonly string[],
): boolean {
  const last = chart?.replace(/\/+$/, '').split('/').at(-1) ?? '';
  if (last.replace(/(?:-v?\d[\w.+-]*)?\.tgz$|[:@].*$/, '') === CHART) return true;
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

async function lintRelease({ release, layers, values }: ReadRelease, options: LintOptions): Promise<Outcome> {
  const { root } = options;
  const broken = layers.find((layer) => layer.kind === 'unreadable');
  const file = release.object.file.name;
  if (broken) return named(unreadable(file, broken.diagnostic, options), release);
  const unknown = unknownLayers(layers, root);
  const delivery: DeliveryFacts = {
    unknown,
    traps: trapsOf(release, layers, root),
    isFromTlsSecret: layers.some((layer) => layer.kind === 'known' && layer.fromTlsSecret),
  };
  const outcome = await lintValues(
    values,
    file,
    {
      ...options,
      file: null,
      isMerged: true,
      partial: options.partial || unknown.length > 0,
      delivery,
    },
    null,
  );
  const findings = outcome.findings.map((finding) => sayingReplaceable(finding, layers, root));
  return named({ ...outcome, findings }, release);
}

/** As reports call it: `FILE (Application lightrun)`. */
function named(outcome: Outcome, { object, kind, name }: Release): Outcome {
  const shown = redact(name, 'object name', privateKeysOf(outcome.target));
  return { ...outcome, target: { ...outcome.target, name: `${object.file.name} (${kind} ${shown})` } };
}

/** Those that can carry the certificate: not one that sets another value alone. */
function unknownLayers(layers: readonly ReadLayer[], root: readonly string[]): UnknownLayer[] {
  return layers.flatMap((layer) =>
    layer.kind === 'unknown' && (layer.target === undefined || isOfCertificate(layer.target, root))
      ? [{ name: layer.name, reason: layer.reason }]
      : [],
  );
}

/** Whether a path of a flag is that of the certificate, or of something that holds it. */
function isOfCertificate(path: string, root: readonly string[]): boolean {
  const keys = path.split('.');
  return [...root, 'certificate'].every((key, index) => keys[index] === undefined || keys[index] === key);
}

const SOURCES = [
  ['certificate', 'existing_cert'],
  ['certificate', 'tls', 'crt'],
  ['certificate', 'tls', 'key'],
];

function trapsOf({ traps }: Release, layers: readonly ReadLayer[], root: readonly string[]): FoundTrap[] {
  const isReal = ({ between, about }: Trap): boolean => {
    if (about !== undefined) return isOfCertificate(about, root);
    if (between === undefined) return true;
    const [below, over] = between.map((index) => layers[index]);
    if (below?.kind !== 'known' || over?.kind !== 'known') return false;
    return SOURCES.some((path) => {
      const [one, other] = [below, over].map(({ values }) => values.get([...root, ...path]));
      return one !== undefined && other?.present === true && isSet(one.value) && one.value !== other.value;
    });
  };
  const seen = new Set<string>();
  return traps.filter(isReal).flatMap(({ kind, message, help, object, path }) => {
    const place = JSON.stringify([kind, message, path]);
    if (seen.has(place)) return [];
    seen.add(place);
    return [{ kind, message, help, path, location: placeOf(object, path) }];
  });
}

function placeOf({ node, file }: ManifestObject, path: readonly string[]) {
  const parent = nodeAt(node, ...path.slice(0, -1));
  const key = parent?.kind === 'map' ? parent.members.get(path.at(-1) ?? '')?.key : undefined;
  const { start, end } = key ?? nodeAt(node, ...path) ?? node;
  return file.lines.location(start, end);
}

/** Says so where a layer that is out of reach comes after the one that the value is from. */
function sayingReplaceable(finding: Finding, layers: readonly ReadLayer[], root: readonly string[]): Finding {
  const from = layers.findLastIndex(
    (layer) => layer.kind === 'known' && finding.path.length > 0 && layer.values.get(finding.path).present,
  );
  const above = from < 0 ? [] : unknownLayers(layers.slice(from + 1), root);
  if (above.length === 0) return finding;
  const names = above.map(({ name }) => escapeUnsafe(name)).join(', ');
  return {
    ...finding,
    message: `${finding.message} What was not checked (${names}) comes after this, and could replace it.`,
  };
}
