import type { NotChecked, Summary } from '../lint/summary.ts';
import { escapeUnsafe } from '../text/display.ts';
import { type Place, placeOf } from './findings.ts';

/** What a report says beside the findings: it is no mistake, and changes no status. Text is safe to show. */
export interface Note {
  id: 'not-checked';
  /** One sentence. */
  message: string;
  /** The whole path in the values; empty for the file as a whole. */
  path: string;
  /** Null where it is in no file, or in standard input. */
  place: Place | null;
}

/**
 * What was not checked in a target.
 * @param folder what paths of files are relative to: an absolute path
 */
export function notesOf(summary: Summary, folder: string): Note[] {
  return unsaid(summary).map((each) => ({
    id: 'not-checked',
    message: describeNotChecked(each),
    path: escapeUnsafe(each.path.join('.')),
    place: placeOf(each.location, folder),
  }));
}

/** What was not checked, without what an error of the same target already says. */
export function unsaid({ findings, notChecked }: Summary): readonly NotChecked[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return notChecked;
  const places = errors.flatMap(({ path, related }) => [path, ...related.map((each) => each.path)]);
  const said = new Set(places.map((path) => path.join('.')));
  return notChecked.filter(
    ({ kind, path }) => (kind === 'secret' || kind === 'unresolved') && !said.has(path.join('.')),
  );
}

/** `certificate.tls.crt was not checked: it is filled in later by SOPS.` */
export function describeNotChecked({ path, kind, reason }: NotChecked): string {
  const what = path.length === 0 ? 'The file' : escapeUnsafe(path.join('.'));
  return `${what} was not ${kind === 'secret' || kind === 'broken' ? 'fully ' : ''}checked: ${reason}.`;
}
