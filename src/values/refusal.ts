/** Helm refuses the file: what is wrong, what to do, and where, as offsets in the file's text. */
export class Refusal extends Error {
  readonly help: string;
  readonly start: number;
  readonly end: number;

  /**
   * @param reason one sentence in the user's terms without a final full stop, quoting no value
   * @param help one sentence on what to do
   */
  constructor(reason: string, help: string, start: number, end: number) {
    super(reason);
    this.help = help;
    this.start = start;
    this.end = end;
  }

  /** The same refusal with its place mapped from one text to another. */
  moved(place: (offset: number) => number): Refusal {
    return new Refusal(this.message, this.help, place(this.start), place(this.end));
  }
}
