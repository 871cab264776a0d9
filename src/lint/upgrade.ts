import { isDeepStrictEqual } from 'node:util';
import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import type { Helm } from '../helm/helm.ts';
import { releaseManifest, releaseValues } from '../helm/release.ts';
import type { CheckOptions } from '../rules/rule.ts';
import { restartLine } from '../rules/shared/commands.ts';
import { contextOf } from '../rules/shared/needs.ts';
import type { Target, UpgradeFacts } from '../rules/shared/target.ts';
import { displayFile, quote } from '../text/display.ts';
import type { FoundSecret, SecretReader } from '../values/live-secret.ts';
import { mergedValues } from '../values/merged.ts';
import { readValues } from '../values/read.ts';
import {
  deploysSecrets,
  fullnameOf,
  isSet,
  readSettings,
  type Settings,
  sourceOf,
} from '../values/settings.ts';
import { resolvedText } from '../values/unresolved.ts';
import { isMap, type Values } from '../values/values.ts';
import { certificateSecret, unrestarted } from '../values/workloads.ts';
import { readBase64 } from '../x509/base64.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { readMaterial } from '../x509/material.ts';
import type { Outcome } from './check.ts';

type Options = CheckOptions & Trust;

/** What the values are compared with: those of the release as it runs. */
export interface Previous {
  /** What messages call them. */
  name: string;
  /** Null where there is no such release yet. */
  read(): Promise<PreviousRelease | null>;
}

export interface PreviousRelease {
  values: Values;
  /** What the release made, and what the upgrade will make; null where that is not known. */
  manifests: { before(): Promise<string>; after(): Promise<string> } | null;
  /** Reads a Secret as it is in the cluster; null where the cluster is not asked. */
  readSecret: SecretReader | null;
  /** The namespace that kubectl has to be told; null for the one of its context. */
  namespace: string | null;
}

/** What Helm prints before values where it is not told a format. */
const HEADING = /^(?:USER-SUPPLIED|COMPUTED) VALUES:\r?\n/;

/** The values that `helm get values` printed, or that a file holds; the release itself is not asked. */
export function previousIn({ bytes, name }: Input): Previous {
  let release: Promise<PreviousRelease> | undefined;
  const read = async (): Promise<PreviousRelease> => {
    const text = bytes.toString('latin1').replace(HEADING, '');
    const file = await readValues(Buffer.from(text, 'latin1'), name);
    if (file.ok) return { values: file.values, manifests: null, readSecret: null, namespace: null };
    const { reason, help, location } = file.diagnostic;
    throw new LintError(`${displayFile(name)}:${location.line}: ${reason}, so nothing was compared`, help);
  };
  return {
    name: displayFile(name),
    read() {
      release ??= read();
      return release;
    },
  };
}

/** A release that Helm upgrades. */
export interface RunningRelease {
  helm: Helm;
  release: string;
  namespace: string | null;
  /** Reads a Secret as it is in the cluster; null where the cluster is not asked. */
  readSecret: SecretReader | null;
  /** The manifests of the upgrade. */
  render(): Promise<{ manifests: string }>;
}

/**
 * The values and manifests of a release as Helm keeps them. It is asked for the values at once, unless a credential
 * plugin may ask a person: two questions at a time would be one too many.
 */
export function previousOf({ helm, release, namespace, readSecret, render }: RunningRelease): Previous {
  let asked = helm.logIn === null ? releaseValues(helm, release) : undefined;
  // Its error is thrown where it is read.
  asked?.catch(() => undefined);
  return {
    name: `the release ${quote(release, 'object name')}`,
    async read() {
      asked ??= releaseValues(helm, release);
      const values = await asked;
      if (values === null) return null;
      return {
        values: mergedValues(values, []),
        manifests: {
          before: () => releaseManifest(helm, release),
          after: async () => (await render()).manifests,
        },
        readSecret,
        namespace,
      };
    },
  };
}

/** The line to run after an upgrade, where `no-rollout` says that there is one; else null. */
export function restartAfter({ target, findings }: Outcome, options: Options): string | null {
  if (target.upgrade === null || !findings.some(({ rule }) => rule === 'no-rollout')) return null;
  return restartLine(contextOf(target, options), target.upgrade);
}

/**
 * Compares a target with the values of the release as it runs.
 * @throws LintError where these cannot be read
 */
export async function withPrevious(target: Target, previous: Previous, options: Options): Promise<Target> {
  const release = await previous.read();
  if (release === null) return target;
  const { values, namespace } = release;
  const settings = readSettings(values, target.root);
  const before = await contentOf(settings, release, target, options);
  const after = { crt: target.settings.crt.value, key: target.settings.key.value };
  const leaf = before && leafOf(before, options);
  const byHand = isChanged(before, after) ? await byHandOf(settings, target, release, options) : [];
  const upgrade: UpgradeFacts = {
    name: previous.name,
    leaf,
    pins: settings.pins,
    byHand,
    namespace,
    isCertain: release.manifests !== null || isAllElseSame(values, target),
    notCompared: reasonNotCompared(previous.name, { settings, before, leaf }, target, options),
  };
  return { ...target, upgrade };
}

/** Why the leaf before is not compared with that of a target; null where it is, or where the Secret stays the same. */
function reasonNotCompared(
  name: string,
  { settings, before, leaf }: { settings: Settings; before: Content | null; leaf: Certificate | null },
  target: Target,
  options: Options,
): string | null {
  const start = `The certificate was not compared with that of ${name}`;
  const isInSecret = sourceOf(settings) === 'existing-secret';
  const [old, now] = [settings, target.settings].map((each) =>
    certificateSecret(each, options.release ?? null),
  );
  if (isInSecret && target.source === 'existing-secret' && old === now) return null;
  if (leaf === null) {
    const why =
      before === null && isInSecret ? 'that is in a Secret, which was not read' : 'none can be read there';
    return `${start}: ${why}.`;
  }
  if (target.material?.chain) return null;
  return target.source === 'existing-secret' && target.live === null
    ? `${start}: it is in a Secret, which was not read.`
    : `${start}: none can be read.`;
}

interface Content {
  crt: unknown;
  key: unknown;
}

/** The two values that the pods have now; null where that is not known. */
async function contentOf(
  settings: Settings,
  { readSecret }: PreviousRelease,
  target: Target,
  options: Options,
): Promise<Content | null> {
  const source = sourceOf(settings);
  if (source === 'inline') {
    return deploysSecrets(settings) ? { crt: settings.crt.value, key: settings.key.value } : null;
  }
  const name = certificateSecret(settings, options.release ?? null);
  if (source !== 'existing-secret' || readSecret === null || resolvedText(name) === null) return null;
  // What is there now is what they have, but for a Secret that was changed by hand.
  if (target.live?.name === name && !target.live.isRendered) return target.live.found;
  const found: FoundSecret | null = (await readSecret(name))?.found ?? null;
  return found;
}

function leafOf({ crt, key }: Content, options: Options): Certificate | null {
  return readMaterial(resolvedText(crt), resolvedText(key), null, options).chain?.leaf ?? null;
}

/** Whether the bytes of one of the two values differ, as far as both are known. */
function isChanged(before: Content | null, after: Content): boolean {
  if (before === null) return false;
  return (['crt', 'key'] as const).some((about) => {
    const [old, now] = [resolvedText(before[about]), resolvedText(after[about])];
    if (old === null || now === null || old === now) return false;
    const [oldBytes, bytes] = [readBase64(old).bytes, readBase64(now).bytes];
    return oldBytes === null || bytes === null || !oldBytes.equals(bytes);
  });
}

async function byHandOf(
  before: Settings,
  { settings }: Target,
  { manifests }: PreviousRelease,
  options: Options,
): Promise<string[]> {
  const release = options.release ?? null;
  if (manifests === null || fullnameOf(settings, release) === null)
    return unrestarted(before, settings, release);
  const secret = certificateSecret(settings, release);
  if (secret !== certificateSecret(before, release)) return [];
  const { unrestartedIn } = await import('../manifests/workloads.ts');
  return unrestartedIn(await manifests.before(), await manifests.after(), secret);
}

/** Whether all values but the certificate's are the same: others may restart pods too. */
function isAllElseSame(before: Values, { values, root }: Target): boolean {
  const [old, now] = [before, values].map((each) => {
    const { value } = each.get(root);
    if (!isMap(value)) return {};
    const { certificate: _, ...others } = value;
    return Object.fromEntries(Object.entries(others).filter(([, other]) => isSet(other)));
  });
  return isDeepStrictEqual(old, now);
}
