import { agreement } from './allowed.ts';
import type { Case } from './case.ts';
import { checked, type LintResult } from './checked.ts';
import { inParallel } from './in-parallel.ts';
import { askerOf, type Oracle } from './oracles/index.ts';
import { render } from './rendering.ts';
import { rowAgreements } from './rows.ts';

/** Pairs that are tried at the same time: handshakes spend much of theirs waiting. */
const AT_ONCE = 8;

/**
 * Makes cases, lets both Helms render them, lints them and asks their consumers.
 * @param oracles real clients that are asked too
 * @returns in the order of the cases
 */
export async function runCases(
  cases: readonly Case[],
  oracles: readonly Oracle[] = [],
): Promise<LintResult[]> {
  const made = cases.map((each) => each.make());
  const rendered = await render(made);
  const askClients = oracles.length > 0 ? askerOf(oracles) : null;
  return inParallel(cases, AT_ONCE, (each, at) =>
    checked(each, made[at] as NonNullable<(typeof made)[0]>, rendered[at] ?? new Map(), askClients),
  );
}

/** The disagreements that no line of the allowed ones explains, each in a few lines for a person. */
export function unexplained(results: readonly LintResult[]): string[] {
  return results.flatMap((each) => {
    const { kind, unexplained: left } = agreement(each);
    const warned = each.warnings.length > 0 ? ` (warnings: ${each.warnings.join(', ')})` : '';
    const rows = rowAgreements(each).filter((row) => row.unexplained !== '');
    const lines = [
      ...(left.length > 0 ? [`${kind}${warned}: ${left.join('; ')}`] : []),
      ...rows.map((row) => `the row ${row.row} is ${row.kind}: ${row.unexplained}`),
    ];
    return lines.length > 0 ? [[`${each.family}: ${each.name}`, ...lines].join('\n  ')] : [];
  });
}
