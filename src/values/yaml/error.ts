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

/** How many documents of a file are read. */
export const MAX_DOCUMENTS = 2_000;
/** How many lines of a file are read. */
export const MAX_LINES = 500_000;
/** How many tokens `yaml` may read of a file: it takes some 3 µs for each. */
const MAX_TOKENS = 400_000;
/** How long a double-quoted scalar may be: `yaml` reads it character by character. */
export const MAX_QUOTED = 4 * 1024 * 1024;
/** How many keys a document may have at its top, and how many keys and items below one of them: 200 MB of memory. */
export const MAX_NODES = 100_000;
/** How deep the fast reader follows; it leaves deeper values to the parser. */
export const MAX_FAST_DEPTH = 500;
/** go-yaml's limit, on flow collections and on block collections alike. */
export const MAX_DEPTH = 10_000;

/** How many tokens `yaml` may still read, over all documents of a file. */
export interface Budget {
  tokens: number;
}

/** The budget of one file. */
export function newBudget(): Budget {
  return { tokens: MAX_TOKENS };
}

/** Helm's own limit on nesting is exceeded. */
export function tooDeepForHelm(): YamlError {
  return new YamlError(
    'values are nested more than 10,000 levels deep, and Helm refuses that',
    'Flatten the values.',
    0,
    0,
  );
}

/** Nested more deeply than this program can follow; Helm may read it. */
export function tooDeep(): YamlError {
  return new YamlError(
    'values are nested too deeply for this check, so the file was not checked',
    'Flatten the values, or lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}

/** Too much for this program to read in reasonable time; Helm may read it. */
export function tooLarge(): YamlError {
  return new YamlError(
    'the file holds too many or too long values for this check, so the file was not checked',
    'Lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}
