import type { Reported } from '../lint/summary.ts';
import type { Severity } from '../rules/rule.ts';
import { count } from '../text/amount.ts';

/** How many findings of each severity there are. */
export type Counts = Readonly<Record<Severity, number>>;

/** Counts the findings of all targets. */
export function countFindings(outcomes: readonly Reported[]): Counts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { findings } of outcomes) for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Whether the findings make the run fail: an error, with `strict` a warning too. */
export function isFailure(counts: Counts, strict: boolean): boolean {
  return counts.error > 0 || (strict && counts.warning > 0);
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** `1 error, 2 warnings`; empty where there is nothing to count. */
export function describeCounts(counts: Counts): string {
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => count(counts[severity], severity))
    .join(', ');
}
