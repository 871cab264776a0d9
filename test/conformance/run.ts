import { agreement } from './allowed.ts';
import type { Case } from './case.ts';
import { checked, type LintResult } from './checked.ts';
import { render } from './rendering.ts';

/** Pairs that are tried at the same time: handshakes spend much of theirs waiting. */
const AT_ONCE = 8;

/**
 * Makes cases, lets both Helms render them, judges them and asks their consumers.
 * @returns in the order of the cases
 */
export async function runCases(cases: readonly Case[]): Promise<LintResult[]> {
  const made = cases.map((each) => each.make());
  const rendered = await render(made);
  const results: LintResult[] = [];
  const waiting = [...cases.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, each] = next;
      results[at] = await checked(each, made[at] as NonNullable<(typeof made)[0]>, rendered[at] ?? new Map());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** The disagreements that no line of the allowed ones explains, each in a few lines for a person. */
export function unexplained(results: readonly LintResult[]): string[] {
  return results.flatMap((each) => {
    const { kind, unexplained: left } = agreement(each);
    if (left.length === 0) return [];
    const warned = each.warnings.length > 0 ? ` (warnings: ${each.warnings.join(', ')})` : '';
    return [`${each.family}: ${each.name}\n  ${kind}${warned}: ${left.join('; ')}`];
  });
}
