import { createHash } from 'node:crypto';
import type { Finding } from '../lint/check.ts';
import type { Reported } from '../lint/summary.ts';
import { displayPath } from '../text/display.ts';
import { escapeUnsafe, escapeUnsafeLines } from '../text/escape.ts';
import { redact } from '../text/redact.ts';
import { STDIN_NAME } from '../values/stdin.ts';
import type { Location } from '../values/values.ts';
import { relativePath } from './paths.ts';

/** Where a finding stands in a file that a report can point at. */
export interface Place extends Location {
  /** The file's path from the folder of the run, with forward slashes, as it is: not made harmless. */
  relative: string;
}

/** A finding as reports for other programs tell it; text is safe to show where nothing else is said. */
export interface ReportedFinding {
  finding: Finding;
  /** The finding in full sentences, with where it came from if that is no file. */
  message: string;
  help: string;
  /** The whole path in the values; empty for the file as a whole. */
  path: string;
  /** Null where the value came from no file or from standard input. */
  place: Place | null;
  /** 64 hexadecimal digits: tells it apart from the target's other findings, and stays when lines move or days pass. */
  fingerprint: string;
}

/**
 * The findings of a target, told for other programs.
 * @param folder what paths of files are to count from: an absolute path
 */
export function reportedFindings({ target, findings }: Reported, folder: string): ReportedFinding[] {
  const alike = new Map<string, number>();
  return findings.map((finding) => {
    const { rule, location } = finding;
    const path = displayPath(finding.path);
    const place = placeOf(location, folder);
    const message = escapeUnsafeLines(finding.message);
    const identity = JSON.stringify([rule.id, place?.relative ?? target.name, path, withoutNumbers(message)]);
    const earlier = alike.get(identity) ?? 0;
    alike.set(identity, earlier + 1);
    return {
      finding,
      message: [message, ...originOf(finding)].join(' '),
      help: escapeUnsafeLines(finding.help),
      path,
      place,
      fingerprint: fingerprintOf(identity, earlier),
    };
  });
}

/** A SHA-256 digest in hexadecimal of what tells a finding apart, and of how many there were like it before. */
export function fingerprintOf(identity: string, earlier = 0): string {
  return createHash('sha256').update(`${identity} ${earlier}`).digest('hex');
}

function placeOf(location: Location | null, folder: string): Place | null {
  if (location === null || location.file === STDIN_NAME) return null;
  return { ...location, relative: relativePath(folder, location.file) };
}

/** A sentence for what no place says. */
function originOf({ location, origin }: Finding): string[] {
  if (location?.file === STDIN_NAME) return [`It stands in line ${location.line} of standard input.`];
  return location === null && origin !== null ? [`It comes from ${escapeUnsafe(redact(origin))}.`] : [];
}

/** Lines, dates and days left change from run to run; names with digits are still told apart by what is around them. */
function withoutNumbers(message: string): string {
  return message.replace(/\d+(?: days?\b)?/g, '#');
}
