import type { Io } from './io.ts';
import { escapeUnsafeLines } from './text/escape.ts';

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

/** Prints an error on standard error: what happened, then what to do. */
export function printError({ message, help }: Diagnostic, io: Io): void {
  io.stderr(
    `lightrun-cert: ${escapeUnsafeLines(message)}\n  ${escapeUnsafeLines(help).replaceAll('\n', '\n  ')}\n`,
  );
}
