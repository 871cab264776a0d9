import type { Io } from './io.ts';
import { escapeUnsafe, escapeUnsafeLines } from './text/display.ts';
import { DEFAULT_WIDTH, WIDEST, wrap } from './text/wrap.ts';

const INDENT = '  ';
const indent = (line: string): string => INDENT + line;

/** The words of an error. Text that comes from outside is already safe to show. */
export interface Diagnostic {
  /** What happened, and where. */
  message: string;
  /** What to do about it. */
  help: string;
}

/** An error that the user can do something about: exit status 2, never a stack trace. */
export class LintError extends Error implements Diagnostic {
  readonly help: string;

  /**
   * @param message what happened, and where; untrusted parts already escaped
   * @param help what to do about it
   */
  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}

/** Prints an error on standard error: what happened, then what to do. A log gets it on one line each, to be searched. */
export function printError({ message, help }: Diagnostic, io: Io): void {
  const columns = io.terminalWidth('stderr');
  const width =
    columns === null ? Number.POSITIVE_INFINITY : Math.min(columns || DEFAULT_WIDTH, WIDEST) - INDENT.length;
  const said = `lightrun-cert: ${escapeUnsafeLines(message)}`.split('\n').flatMap((line) => {
    const [first = '', ...rest] = wrap(line, width);
    return [first, ...rest.map(indent)];
  });
  const advice = wrap(escapeUnsafeLines(help), width).map(indent);
  io.stderr([...said, ...advice, ''].join('\n'));
}

const CAUSES: Readonly<Record<string, readonly [cause: string, help: string]>> = {
  ENOENT: ['there is no such file', 'Check the path; it is relative to the current folder.'],
  ENOTDIR: ['a part of the path is not a folder', 'Check the path; it is relative to the current folder.'],
  EISDIR: ['it is a folder', 'Name a file in it.'],
  EACCES: ['permission denied', 'Check the permissions of the file and its folders.'],
  EPERM: ['operation not permitted', 'Check the permissions of the file and its folders.'],
  EROFS: ['the file system is read-only', 'Name a file elsewhere.'],
  ENOSPC: ['the disk is full', 'Free some space, or name a file elsewhere.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or name a file elsewhere.'],
  EFBIG: [
    'it would be larger than files may be here',
    'Raise the limit (ulimit -f), or name a file on another file system.',
  ],
  EIO: [
    'the disk failed to read or write it',
    'Check the disk (dmesg shows its errors), or name a file elsewhere.',
  ],
  EBUSY: [
    'it is in use; a file that is mounted by itself into a container cannot be replaced',
    'Mount the folder that it is in.',
  ],
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
