import type { DeliveryFacts } from '../delivery/facts.ts';
import type { OtherFiles } from '../delivery/other-files.ts';
import { LintError } from '../errors.ts';
import type { CheckOptions } from '../rules/rule.ts';
import type { Target } from '../rules/shared/target.ts';
import { escapeUnsafe } from '../text/display.ts';
import { isSecretName, isStringUnquoted } from '../text/names.ts';
import type { LiveSecret, SecretReader } from '../values/live-secret.ts';
import { readValues } from '../values/read.ts';
import { deploysSecrets, readSettings } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import {
  type Location,
  STDIN_NAME,
  type SyntaxDiagnostic,
  type Values,
  type ValuesFile,
} from '../values/values.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { checkTarget, type Finding, type Outcome, type Severities } from './check.ts';
import { namingLooseFile } from './loose-file.ts';
import { readTarget, unreadableTarget, withSecret } from './target.ts';
import type { Previous } from './upgrade.ts';

/** How a set of values is linted. */
export interface LintOptions extends CheckOptions, Trust {
  /** The path of the Lightrun chart's values; empty for the top. */
  root: readonly string[];
  severities: Severities;
  /** Reads the Secret that the values name; null where the cluster is not asked. */
  readSecret: SecretReader | null;
  /** Whether comments in the file may silence findings. */
  allowsIgnore?: boolean;
  /** What the values are compared with; null or absent for nothing. */
  previous?: Previous | null;
  /** The values file that commands edit; the one that is linted where it is not given. */
  file?: string | null;
  /** What a delivery tool makes of the values. */
  delivery?: DeliveryFacts;
  /** The other files of the invocation, where manifests may refer to each other. */
  others?: OtherFiles;
  /** A target that may hold the same bytes, by the same roots and time: they are not read again. */
  alreadyRead?: Target | null;
}

/**
 * Lints the text of one values file.
 * @param bytes the file as it is on disk
 * @param name what the report calls it
 * @throws LintError where this program cannot read it, though Helm may
 */
export async function lint(bytes: Buffer, name: string, options: LintOptions): Promise<Outcome> {
  const file = await readValues(bytes, name);
  if (!file.ok) {
    const diagnostic = namingLooseFile(bytes, file.diagnostic);
    const { byHelm, reason, help, location } = diagnostic;
    if (!byHelm) throw new LintError(`${escapeUnsafe(name)}:${location.line}: ${reason}`, help);
    return unreadable(name, diagnostic, options);
  }
  const first = differingFirst(file, options.root);
  const isFirstEmpty = first !== null && first.entries([]).length === 0;
  const outcome = await lintValues(file.values, name, options, first && file.secondDocument, isFirstEmpty);
  if (first === null || isFirstEmpty) return outcome;
  const { findings } = await lintValues(first, name, options, null);
  return { ...outcome, findings: [...outcome.findings, ...onlyInFirst(outcome.findings, findings)] };
}

/** The findings of values that Helm refuses as a whole. */
export function unreadable(name: string, diagnostic: SyntaxDiagnostic, options: LintOptions): Outcome {
  return checkTarget(unreadableTarget(name, diagnostic), options);
}

/**
 * Lints one set of values.
 * @param name what the report calls it
 * @param secondDocument where one starts that makes Helm 3 and Helm 4 read different settings
 * @param isFirstEmpty whether the first then holds nothing
 */
export async function lintValues(
  values: Values,
  name: string,
  options: LintOptions,
  secondDocument: Location | null,
  isFirstEmpty = false,
): Promise<Outcome> {
  const { file = name === STDIN_NAME ? null : name, root } = options;
  const found = await readTarget(name, values, root, options, secondDocument, file, options.alreadyRead);
  const target = isFirstEmpty ? { ...found, isFirstEmpty } : found;
  const read = options.delivery ? { ...target, delivery: options.delivery } : target;
  try {
    const own = await withItsSecret(read, options);
    const target = options.previous ? await compared(own, options.previous, options) : own;
    const notCompared = target.upgrade?.notCompared ?? null;
    const outcome = {
      ...checkTarget(target, options),
      ...(notCompared === null ? {} : { notes: [notCompared] }),
    };
    return outcome.target.live?.found && outcome.findings.length > 0
      ? await withFixOffered(outcome, options)
      : outcome;
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    return { ...checkTarget(read, options), unread: error };
  }
}

/** Only where it is asked for, so that the code for it is loaded late. */
async function compared(target: Target, previous: Previous, options: LintOptions): Promise<Target> {
  const { withPrevious } = await import('./upgrade.ts');
  return withPrevious(target, previous, options);
}

/** Only for a Secret with findings, so that the code for it is loaded late. */
async function withFixOffered(outcome: Outcome, options: LintOptions): Promise<Outcome> {
  const { offerSecretFix } = await import('./offer-secret-fix.ts');
  return offerSecretFix(outcome, options);
}

/** An unresolved name, or one that no Secret can have, has a finding of its own. */
async function withItsSecret(target: Target, options: LintOptions): Promise<Target> {
  const { readSecret } = options;
  const { settings, source } = target;
  const { value } = settings.existingCert;
  if (readSecret === null) return target;
  if (source === 'missing' && !deploysSecrets(settings) && !options.partial) {
    return withDefaultSecret(target, await readSecret(null), options);
  }
  if (source !== 'existing-secret') return target;
  if (typeof value !== 'string' || resolverOf(value) !== null) return target;
  if (!isSecretName(value) || !isStringUnquoted(value)) return target;
  const live = await readSecret(value);
  return live === null ? target : withSecret(target, live, options);
}

/** Where the values name no Secret and the chart makes none, the pods mount one that somebody made by hand, if any. */
async function withDefaultSecret(
  target: Target,
  live: LiveSecret | null,
  options: LintOptions,
): Promise<Target> {
  if (live === null) return target;
  const isThere = live.found !== null || live.going !== null;
  return withSecret(isThere ? { ...target, source: 'existing-secret' } : target, live, options);
}

/** The first document, which is all that Helm 3 reads, where a setting that the rules check differs in it; else null. */
export function differingFirst(
  { values, firstDocument }: Extract<ValuesFile, { ok: true }>,
  root: readonly string[],
): Values | null {
  const text = (each: Values) =>
    JSON.stringify(Object.values(readSettings(each, root)).map(({ value }) => value ?? null));
  return firstDocument !== null && text(values) !== text(firstDocument) ? firstDocument : null;
}

/** What only Helm 3 runs into, because it reads the first document alone. */
function onlyInFirst(merged: readonly Finding[], first: readonly Finding[]): Finding[] {
  const key = ({ rule, path, message }: Finding) => JSON.stringify([rule, path, message]);
  const known = new Set(merged.map(key));
  return first
    .filter((finding) => !known.has(key(finding)))
    .map((finding) => ({
      ...finding,
      message: `In Helm 3, which reads only the first document: ${finding.message}`,
      // What edits the file edits what Helm 4 reads.
      commands: [],
    }));
}
