import type { Diagnostic } from '../errors.ts';
import type { Severities } from '../lint/check.ts';
import type { Checked, Summary } from '../lint/summary.ts';
import type { Configuration } from '../options/config.ts';
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
  /** As text: only targets with findings. */
  isQuiet?: boolean;
  /** What a configuration file changed; null where there is none. */
  configuration?: Configuration | null;
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

/** How many targets were checked in part, and how many not at all, where no error says so; the latter with those that could not be read. */
export function countNotChecked(
  summaries: readonly Summary[],
  diagnostics: readonly TargetDiagnostic[],
): { part: number; none: number; unread: number } {
  const counted = summaries.filter((summary) => countFindings([summary]).error === 0);
  const having = (checked: Checked) => counted.filter((summary) => summary.checked === checked).length;
  const names = new Set(summaries.map(({ name }) => name));
  const unread = diagnostics.filter(({ target }) => !names.has(target)).length;
  return { part: having('part'), none: having('none'), unread };
}

/** `1 not checked, 2 not fully checked, 1 not read`, as parts of a list. */
export function describeNotCheckedCounts(counts: ReturnType<typeof countNotChecked>): string[] {
  const { part, none, unread } = counts;
  return [
    ...(none > 0 ? [`${none} not checked`] : []),
    ...(part > 0 ? [`${part} not fully checked`] : []),
    ...(unread > 0 ? [`${unread} not read`] : []),
  ];
}

/** `2 ignored`, as a part of a list. */
export function describeIgnoredCount(summaries: readonly Summary[]): string[] {
  const ignored = summaries.reduce((sum, summary) => sum + summary.ignored.length, 0);
  return ignored > 0 ? [`${ignored} ignored`] : [];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** `1 error, 2 warnings`; empty where there is nothing to count. */
export function describeCounts(counts: Counts): string {
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => count(counts[severity], severity))
    .join(', ');
}
