import type { DeliveryFacts, FoundTrap, UnknownLayer } from '../delivery/facts.ts';
import type { FoundReleases, ReadRelease } from '../delivery/find.ts';
import type { ManifestObject, Release, Trap } from '../delivery/form.ts';
import type { ReadLayer } from '../delivery/layers.ts';
import { nodeAt } from '../delivery/nodes.ts';
import { privateKeysOf } from '../rules/shared/target.ts';
import { escapeUnsafe } from '../text/display.ts';
import { redact } from '../text/redact.ts';
import { isSet } from '../values/settings.ts';
import type { Finding, Outcome } from './check.ts';
import { type LintOptions, lintValues, unreadable } from './lint.ts';

/** A target in a file of manifests. */
export interface ManifestOutcome {
  outcome: Outcome;
  /** The index of its document. */
  document: number;
}

/** The releases of Lightrun in a file, linted, each as one target. */
export async function lintReleases(found: FoundReleases, options: LintOptions): Promise<ManifestOutcome[]> {
  const outcomes: ManifestOutcome[] = [];
  for (const each of found.releases) {
    outcomes.push({ outcome: await lintRelease(each, options), document: each.release.object.document });
  }
  return outcomes;
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
