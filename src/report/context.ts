import type { Diagnostic } from '../errors.ts';
import type { Severities } from '../lint/check.ts';
import type { Summary } from '../lint/summary.ts';
import type { Severity } from '../rules/rule.ts';
import { count } from '../text/amount.ts';
import { escapeUnsafeLines } from '../text/display.ts';

/** What reports read beside the summaries of the targets. */
export interface ReportContext {
  /** The time at which validity was checked. */
  at: Date;
  /** Warnings fail too. */
  strict: boolean;
  /** The severities that the user gave rules. */
  severities: Severities;
  /** The path of the Lightrun chart's values, for commands that are printed. */
  root: readonly string[];
  /** Why targets could not be read, or not be checked to the end, where no finding says so. */
  diagnostics: readonly TargetDiagnostic[];
  /** What a target is, such as `file`. */
  noun: string;
  /** The folder that paths in the report are relative to: an absolute path. */
  folder: string;
}

/** Why a target could not be read, or not be checked to the end: exit status 2. */
export interface TargetDiagnostic extends Diagnostic {
  /** The target's name: untrusted text. */
  target: string;
}

/** The words of an error about a target, safe to show. */
export function diagnosticOf(target: string, { message, help }: Diagnostic): TargetDiagnostic {
  return { target, message: escapeUnsafeLines(message), help: escapeUnsafeLines(help) };
}

/** How many findings of each severity there are. */
export type Counts = Readonly<Record<Severity, number>>;

/** Counts the findings of all targets. */
export function countFindings(summaries: readonly Summary[]): Counts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { findings } of summaries) for (const { severity } of findings) counts[severity] += 1;
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
