import { LintError } from '../errors.ts';
import { escapeUnsafe } from '../text/escape.ts';

const CAUSES: Readonly<Record<string, readonly [cause: string, help: string]>> = {
  ENOENT: ['there is no such file', 'Check the path; it is relative to the current folder.'],
  ENOTDIR: ['a part of the path is not a folder', 'Check the path; it is relative to the current folder.'],
  EISDIR: ['it is a folder', 'Name a file in it.'],
  EACCES: ['permission denied', 'Check the permissions of the file and its folders.'],
  EPERM: ['operation not permitted', 'Check the permissions of the file and its folders.'],
  EROFS: ['the file system is read-only', 'Name a file elsewhere.'],
  ENOSPC: ['the disk is full', 'Free some space, or name a file elsewhere.'],
  ELOOP: ['its symbolic links form a loop', 'Check the links.'],
  ENAMETOOLONG: ['its name is too long', 'Check the path.'],
};

/**
 * Turns a system error into words for the user.
 * @param what what could not be done, such as `values.yaml cannot be read`; safe to show
 * @param error as Node throws it, with `code`
 */
export function systemError(what: string, error: unknown): LintError {
  const { code } = error as { code?: string };
  const [cause, help] = CAUSES[code ?? ''] ?? [
    `the system says ${escapeUnsafe(code ?? 'nothing')}`,
    'Check the path.',
  ];
  return new LintError(`${what}: ${cause}`, help);
}
