import { LintError } from '../errors.ts';
import type { Io } from '../io.ts';
import { escapeUnsafe, escapeUnsafeLines } from '../text/escape.ts';

const CAUSES: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such file', 'Check the path; it counts from the current folder.'],
  ENOTDIR: ['a part of the path is no folder', 'Check the path; it counts from the current folder.'],
  EISDIR: ['it is a folder', 'Name a file in it.'],
  EACCES: ['reading or writing it is not permitted', 'Check the permissions of the file and of its folders.'],
  EPERM: ['it is not permitted', 'Check the permissions of the file and of its folders.'],
  EROFS: ['the file system is read-only', 'Name a file elsewhere.'],
  ENOSPC: ['the disk is full', 'Make room, or name a file elsewhere.'],
  ELOOP: ['its symbolic links go in a circle', 'Check the links.'],
  ENAMETOOLONG: ['its name is too long', 'Check the path.'],
};

/** What the system said of a file, as a message for a person. */
export function systemError(what: string, error: unknown): LintError {
  const { code } = error as { code?: string };
  const [cause, help] = CAUSES[code ?? ''] ?? [
    `the system says ${escapeUnsafe(code ?? 'nothing')}`,
    'Check the path.',
  ];
  return new LintError(`${what}: ${cause}`, help);
}

/** Says on standard error what could not be judged, and what to do. */
export function reportError({ message, help }: LintError, io: Io): void {
  io.stderr(
    `lightrun-cert: ${escapeUnsafeLines(message)}\n  ${escapeUnsafeLines(help).replaceAll('\n', '\n  ')}\n`,
  );
}
