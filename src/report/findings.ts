import { createHash } from 'node:crypto';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../lint/check.ts';
import type { Summary } from '../lint/summary.ts';
import type { Severity } from '../rules/rule.ts';
import { escapeUnsafe, escapeUnsafeLines } from '../text/display.ts';
import { type Location, STDIN_NAME } from '../values/values.ts';

/** The place of a finding in a file that a report can point at. */
export interface Place extends Location {
  /** The file's path relative to the folder of the run, with forward slashes; not escaped. */
  relative: string;
}

/** A finding as reports for other programs show it; text is safe to show unless said otherwise. */
export interface LocatedFinding {
  rule: string;
  severity: Severity;
  /** The finding in full sentences, with its origin where that is not a file. */
  message: string;
  help: string;
  /** Lines for a shell that leave the finding gone; may be empty. */
  commands: readonly string[];
  /** What to do, in one text: the commands first. */
  fix: string;
  /** The whole path in the values; empty for the file as a whole. */
  path: string;
  /** Null where the value came from no file, or from standard input. */
  place: Place | null;
  /** 64 hexadecimal digits: unique among the target's findings, and stable when lines move or days pass. */
  fingerprint: string;
}

/**
 * The findings of a target, for other programs.
 * @param folder what paths of files are relative to: an absolute path
 */
export function locateFindings({ name, findings }: Summary, folder: string): LocatedFinding[] {
  const alike = new Map<string, number>();
  return findings.map((finding) => {
    const { rule, severity, location } = finding;
    const path = escapeUnsafe(finding.path.join('.'));
    const place = placeOf(location, folder);
    const message = escapeUnsafeLines(finding.message);
    const identity = JSON.stringify([rule, place?.relative ?? name, path, withoutNumbers(message)]);
    const earlier = alike.get(identity) ?? 0;
    alike.set(identity, earlier + 1);
    return {
      rule,
      severity,
      message: [message, ...originOf(finding)].join(' '),
      help: escapeUnsafeLines(finding.help),
      commands: finding.commands,
      fix: fixOf(finding),
      path,
      place,
      fingerprint: fingerprintOf(identity, earlier),
    };
  });
}

/** The commands, each on an indented line, then the help. */
function fixOf({ commands, help }: Finding): string {
  const said = escapeUnsafeLines(help);
  return commands.length === 0 ? said : ['Run:', ...commands.map((line) => `  ${line}`), '', said].join('\n');
}

/** The SHA-256 digest, in hexadecimal, of a finding's identity and of how many there were like it before. */
export function fingerprintOf(identity: string, earlier = 0): string {
  return createHash('sha256').update(`${identity} ${earlier}`).digest('hex');
}

/** The place in a report; null where there is none, and for standard input. */
export function placeOf(location: Location | null, folder: string): Place | null {
  if (location === null || location.file === STDIN_NAME) return null;
  return { ...location, relative: relativePath(folder, location.file) };
}

/** A sentence for what a place cannot say. */
function originOf({ location, origin }: Finding): string[] {
  if (location?.file === STDIN_NAME) return [`It is on line ${location.line} of standard input.`];
  return location === null && origin !== null ? [`It comes from ${escapeUnsafe(origin)}.`] : [];
}

/** Lines, dates and days left change from run to run; names with digits still differ in the text around them. */
function withoutNumbers(message: string): string {
  return message.replace(/\d+(?: days?\b)?/g, '#');
}

/**
 * A file's path relative to a folder, with forward slashes and no leading `./`; the absolute path where the file is
 * outside of it.
 * @param folder an absolute path
 * @param file as the user gave it
 */
export function relativePath(folder: string, file: string): string {
  const inside = relative(folder, resolve(folder, file));
  const isOutside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return (isOutside ? resolve(folder, file) : inside).replaceAll(sep, '/');
}

/**
 * A path of `relativePath` as a URI reference (RFC 3986), in ASCII: relative, or with the scheme `file`. Half a
 * surrogate pair, which no URI can hold, becomes U+FFFD.
 */
export function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  const wellFormed = Buffer.from(path, 'utf8').toString('utf8');
  return wellFormed.split('/').map(encodeURIComponent).join('/');
}
