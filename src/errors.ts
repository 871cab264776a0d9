/** A run that could not judge all of it, with what to do about it: exit status 2, never a stack trace. */
export class LintError extends Error {
  readonly help: string;

  /**
   * @param message what happened, and where; untrusted parts already made harmless
   * @param help what to do next
   */
  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}
