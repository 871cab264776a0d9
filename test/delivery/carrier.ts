/** One way in which a form carries values. */
export interface Carrier {
  /** Such as `Application, values`. */
  name: string;
  /** The files, by name; `manifest.yaml` is linted. */
  files(values: string): Record<string, string>;
  /** The name of the target after the file's. */
  target: string;
  /** Where the value is exactly: a block or a mapping; else only its line or string is known. */
  isExact: boolean;
  /** What `--fix` does to it. */
  isFixed: boolean;
}

/** The lines of a text, each indented. */
export const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** A manifest with the values in it, as the text of one file. */
export const inFile = (text: string): Record<string, string> => ({ 'manifest.yaml': text });
