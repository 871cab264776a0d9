import type { Summary } from '../lint/summary.ts';
import { escapeUnsafe } from '../text/display.ts';
import { type Place, placeOf } from './findings.ts';
import { describeNotChecked, unsaid } from './not-checked.ts';

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
