import type { Verdict } from '../judge.ts';
import type { Outcome } from '../lint.ts';
import { harmless, harmlessLines } from '../text/harmless.ts';
import { withhold } from '../text/withhold.ts';
import type { Location } from '../values/values.ts';

/** A finding as reports for other programs tell it; all of its text is safe to show. */
export interface ReportedFinding {
  verdict: Verdict;
  /** The finding in full sentences, with where it came from if that is no file. */
  message: string;
  help: string;
  /** The whole path in the values. */
  path: string;
  /** Its place in a file; null where there is none, or the file is standard input. */
  place: (Location & { relative: string }) | null;
  /** Tells it apart from every other finding of the run, and stays when lines move: hexadecimal. */
  fingerprint: string;
}

/**
 * The findings of a target, told for other programs.
 * @param folder what paths of files are to count from: an absolute path
 */
export function reportedFindings({ target, verdicts }: Outcome, folder: string): ReportedFinding[] {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const seen = new Map<string, number>();
  return verdicts.map((verdict) => {
    const { rule, location, origin } = verdict;
    const path = harmless(verdict.path.map(withhold).join('.'));
    const place =
      location === null || location.file === '<stdin>'
        ? null
        : { ...location, relative: relativeTo(folder, location.file) };
    const identity = JSON.stringify([rule.id, place?.relative ?? target.name, path]);
    const earlier = seen.get(identity) ?? 0;
    seen.set(identity, earlier + 1);
    const message = harmlessLines(verdict.message);
    return {
      verdict,
      message: origin === null ? message : `${message} It comes from ${harmless(withhold(origin))}.`,
      help: harmlessLines(verdict.help),
      path,
      place,
      fingerprint: createHash('sha256').update(`${identity}${earlier}`).digest('hex'),
    };
  });
}

/** A file's path from a folder, with forward slashes; as it is where the file lies elsewhere. */
function relativeTo(folder: string, file: string): string {
  const { isAbsolute, relative, resolve, sep } = process.getBuiltinModule('node:path');
  const inside = relative(folder, resolve(folder, file));
  const path =
    inside === '' || inside.startsWith('..') || isAbsolute(inside) ? resolve(folder, file) : inside;
  // A URI has no place for half a surrogate pair.
  return Buffer.from(path.split(sep).join('/')).toString();
}
