import { LintError } from '../errors.ts';
import type { CheckOptions } from '../rules/rule.ts';
import { isSecretName } from '../rules/secret-name.ts';
import type { Target } from '../rules/shared/target.ts';
import { escapeUnsafe } from '../text/escape.ts';
import type { SecretReader } from '../values/live-secret.ts';
import { readValues } from '../values/read.ts';
import { readSettings } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Location, SyntaxProblem, Values } from '../values/values.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import { checkTarget, type Finding, type Severities } from './check.ts';
import { readTarget, unreadableTarget, withSecret } from './target.ts';

/** How a values file is linted. */
export interface LintOptions extends CheckOptions {
  /** Where the Lightrun chart's values sit; empty for the top. */
  root: readonly string[];
  severities: Severities;
  /** Roots of `--ca-file` beside the public ones; null where none were given. */
  roots: KnownRoots | null;
  /** Reads the Secret that the values name; null where the cluster is not to be asked. */
  readSecret: SecretReader | null;
}

/** A target with all that was found in it. */
export interface Outcome {
  target: Target;
  findings: readonly Finding[];
  /** Why the Secret that the values name could not be read, where it should have been. */
  unread?: LintError;
}

/**
 * Lints one values file.
 * @param bytes the file as it stands on disk
 * @param name what the report calls it
 * @throws LintError where it is too large or too strange to be read, though Helm may read it
 */
export async function lint(bytes: Buffer, name: string, options: LintOptions): Promise<Outcome> {
  const file = await readValues(bytes, name);
  if (!file.ok) {
    const { byHelm, reason, help, location } = file.problem;
    if (!byHelm) throw new LintError(`${escapeUnsafe(name)}:${location.line}: ${reason}`, help);
    return unreadable(name, file.problem, options);
  }
  const differs = file.firstDocument !== null && isDifferent(file.values, file.firstDocument, options.root);
  const outcome = await lintValues(file.values, name, options, differs ? file.secondDocument : null);
  if (!differs || file.firstDocument === null) return outcome;
  const first = await lintValues(file.firstDocument, name, options, null);
  return { ...outcome, findings: [...outcome.findings, ...onlyInFirst(outcome.findings, first.findings)] };
}

/** What is to be said of values that Helm refuses as a whole. */
export function unreadable(name: string, problem: SyntaxProblem, options: LintOptions): Outcome {
  const target = unreadableTarget(name, problem);
  return { target, findings: checkTarget(target, options, options.severities) };
}

/**
 * Lints one set of values.
 * @param name what the report calls it
 * @param secondDocument where one starts that makes Helm 3 and Helm 4 read different settings
 */
export async function lintValues(
  values: Values,
  name: string,
  options: LintOptions,
  secondDocument: Location | null,
): Promise<Outcome> {
  const read = await readTarget(name, values, options.root, options.roots, secondDocument);
  try {
    const target = await withItsSecret(read, options);
    return { target, findings: checkTarget(target, options, options.severities) };
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    return { target: read, findings: checkTarget(read, options, options.severities), unread: error };
  }
}

/** A name that is still to be filled in, or that no Secret can have, has a finding of its own. */
async function withItsSecret(target: Target, { readSecret, roots }: LintOptions): Promise<Target> {
  const { value } = target.settings.existingCert;
  if (readSecret === null || target.source !== 'existing-secret') return target;
  if (typeof value !== 'string' || resolverOf(value) !== null || !isSecretName(value)) return target;
  return withSecret(target, await readSecret(value), roots);
}

/** Whether two readings of a file differ in anything that the rules read. */
export function isDifferent(one: Values, other: Values, root: readonly string[]): boolean {
  const text = (values: Values) =>
    JSON.stringify(Object.values(readSettings(values, root)).map(({ value }) => value ?? null));
  return text(one) !== text(other);
}

/** What Helm 3, which reads the first document alone, would run into and Helm 4 would not. */
function onlyInFirst(merged: readonly Finding[], first: readonly Finding[]): Finding[] {
  const key = ({ rule, path, message }: Finding) => JSON.stringify([rule.id, path, message]);
  const known = new Set(merged.map(key));
  return first
    .filter((finding) => !known.has(key(finding)))
    .map((finding) => ({
      ...finding,
      message: `In Helm 3, which reads only the first document: ${finding.message}`,
    }));
}
