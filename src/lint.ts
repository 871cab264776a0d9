import { CannotJudge } from './errors.ts';
import { judge, type Severities, type Verdict } from './judge.ts';
import type { KnownRoots } from './material/chain.ts';
import type { JudgeOptions } from './rules/rule.ts';
import { readTarget, type Target, unreadableTarget } from './target.ts';
import { harmless } from './text/harmless.ts';
import { readValues } from './values/read.ts';
import { readSettings } from './values/settings.ts';
import type { Values } from './values/values.ts';

/** How a values file is linted. */
export interface LintOptions extends JudgeOptions {
  /** Where the Lightrun chart's values sit; empty for the top. */
  root: readonly string[];
  severities: Severities;
  /** Roots of `--ca-file` beside the public ones; null where none were given. */
  roots: KnownRoots | null;
}

/** A target with all that was found in it. */
export interface Outcome {
  target: Target;
  verdicts: readonly Verdict[];
}

/**
 * Lints one values file.
 * @param bytes the file as it stands on disk
 * @param name what the report calls it
 * @throws CannotJudge where it is too large or too strange to be read, though Helm may read it
 */
export async function lint(bytes: Buffer, name: string, options: LintOptions): Promise<Outcome> {
  const file = await readValues(bytes, name);
  if (!file.ok) {
    const { byHelm, reason, help, location } = file.problem;
    if (!byHelm) throw new CannotJudge(`${harmless(name)}:${location.line}: ${reason}`, help);
    const target = unreadableTarget(name, file.problem);
    return { target, verdicts: judge(target, options, options.severities) };
  }
  const { root, roots } = options;
  const differs = file.firstDocument !== null && isDifferent(file.values, file.firstDocument, root);
  const target = await readTarget(name, file.values, root, roots, differs ? file.secondDocument : null);
  const verdicts = judge(target, options, options.severities);
  if (!differs || file.firstDocument === null) return { target, verdicts };
  const first = await readTarget(name, file.firstDocument, root, roots, null);
  return {
    target,
    verdicts: [...verdicts, ...onlyInFirst(verdicts, judge(first, options, options.severities))],
  };
}

/** Whether two readings of a file differ in anything that the rules read. */
function isDifferent(one: Values, other: Values, root: readonly string[]): boolean {
  const text = (values: Values) =>
    JSON.stringify(Object.values(readSettings(values, root)).map(({ value }) => value ?? null));
  return text(one) !== text(other);
}

/** What Helm 3, which reads the first document alone, would run into and Helm 4 would not. */
function onlyInFirst(merged: readonly Verdict[], first: readonly Verdict[]): Verdict[] {
  const key = ({ rule, path, message }: Verdict) => JSON.stringify([rule.id, path, message]);
  const known = new Set(merged.map(key));
  return first
    .filter((verdict) => !known.has(key(verdict)))
    .map((verdict) => ({
      ...verdict,
      message: `In Helm 3, which reads only the first document: ${verdict.message}`,
    }));
}
