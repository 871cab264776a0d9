import type { LintError } from '../errors.ts';
import type { Severities } from '../lint/check.ts';
import type { Reported } from '../lint/summary.ts';
import { escapeUnsafeLines } from '../text/escape.ts';

/** What a report for other programs is made of. */
export interface Run {
  outcomes: readonly Reported[];
  /** What could not be judged, where no finding says so. */
  problems: readonly Problem[];
  /** Warnings fail as errors do. */
  strict: boolean;
  /** What the user said of rules' severities. */
  severities: Severities;
  /** The folder that paths in the report count from: an absolute path. */
  folder: string;
}

/** A target of which not all could be judged: exit status 2. */
export interface Problem {
  target: string;
  message: string;
  help: string;
}

/** A target of which not all could be judged, with what was said of it. */
export function problemOf(target: string, { message, help }: LintError): Problem {
  return { target, message: escapeUnsafeLines(message), help: escapeUnsafeLines(help) };
}
