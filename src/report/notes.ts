import type { Summary } from '../lint/summary.ts';
import { escapeUnsafe } from '../text/display.ts';
import type { Location } from '../values/values.ts';
import type { ReportContext } from './context.ts';
import { type Place, placeOf } from './findings.ts';
import { describeConfiguration, describeIgnored, describeNotChecked, unsaid } from './not-checked.ts';

/** What a report says beside the findings: it is no mistake, and changes no status. Text is safe to show. */
export interface Note {
  /** What it is about: a target's name, or that of the configuration file; not escaped. */
  target: string;
  id: 'not-checked' | 'note' | 'ignored' | 'configuration' | 'excluded';
  /** One sentence. */
  message: string;
  /** The whole path in the values; empty for the file as a whole. */
  path: string;
  /** Null where it is in no file, or in standard input. */
  place: Place | null;
}

/**
 * What was not checked in a target, what the check does not hold though all was checked, and what comments silenced.
 * @param folder what paths of files are relative to: an absolute path
 */
export function notesOf(summary: Summary, folder: string): Note[] {
  const noteOf = (
    id: Note['id'],
    message: string,
    { path, location }: { path: readonly string[]; location: Location | null },
  ): Note => ({
    id,
    target: summary.name,
    message,
    path: escapeUnsafe(path.join('.')),
    place: placeOf(location, folder),
  });
  const whole = { path: [], location: null };
  return [
    ...unsaid(summary).map((each) => noteOf('not-checked', describeNotChecked(each), each)),
    ...summary.notes.map((message) => noteOf('note', message, whole)),
    ...summary.ignored.map((each) => noteOf('ignored', describeIgnored(each), each)),
  ];
}

/** The notes on all targets, and then those on the run as a whole. */
export function allNotes(
  summaries: readonly Summary[],
  context: Pick<ReportContext, 'configuration' | 'folder'>,
): Note[] {
  return [...summaries.flatMap((summary) => notesOf(summary, context.folder)), ...notesOfRun(context)];
}

/** What a configuration file changed. */
export function notesOfRun({ configuration }: Pick<ReportContext, 'configuration'>): Note[] {
  if (!configuration) return [];
  return describeConfiguration(configuration).map((each) => ({
    ...each,
    target: configuration.name,
    path: '',
    place: null,
  }));
}
