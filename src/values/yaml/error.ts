/** Unreadable YAML: what is wrong, what to do, and where, as offsets in the file's text. */
export class YamlError extends Error {
  readonly help: string;
  readonly start: number;
  readonly end: number;
  /** Whether Helm is known to refuse the file too; false where only this program cannot read it. */
  readonly byHelm: boolean;

  /**
   * @param diagnostic one sentence in the user's terms without a final full stop, quoting no value
   * @param help one sentence on what to do
   */
  constructor(diagnostic: string, help: string, start: number, end: number, byHelm = true) {
    super(diagnostic);
    this.help = help;
    this.start = start;
    this.end = end;
    this.byHelm = byHelm;
  }

  /** The same error with its place mapped from edited text to the original. */
  moved(place: (offset: number) => number): YamlError {
    return new YamlError(this.message, this.help, place(this.start), place(this.end), this.byHelm);
  }
}
