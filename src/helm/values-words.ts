/** A flag that gives values, in Helm's own grammar. */
export interface ValuesWord {
  flag: `--${(typeof VALUES_FLAGS)[number]}`;
  /** Its value, as it was given. */
  value: string;
}

/** The names of the flags that give values, in the order in which Helm merges them. */
export const VALUES_FLAGS = ['values', 'set-json', 'set', 'set-string', 'set-file', 'set-literal'] as const;

/** Those behind the files, as words. */
export const SET_FLAGS = VALUES_FLAGS.slice(1).map((name) => `--${name}` as ValuesWord['flag']);

/** The words of a command line that give these values. */
export function wordsOf(words: readonly ValuesWord[]): string[] {
  return words.map(({ flag, value }) => `${flag}=${value}`);
}

/** The files of all `--values` in their order: each may name several with commas, in the grammar of CSV. */
export function valuesFiles(words: readonly ValuesWord[]): string[] {
  return words
    .filter(({ flag, value }) => flag === '--values' && value !== '')
    .flatMap(({ value }) => fieldsOf(value));
}

/** The files of all `--set-file`, in the grammar of `--set`. */
export function setFiles(words: readonly ValuesWord[]): string[] {
  return words
    .filter(({ flag }) => flag === '--set-file')
    .flatMap(({ value }) => value.split(/(?<!\\),/))
    .map((part) => part.slice(part.indexOf('=') + 1).replace(/\\(.)/g, '$1'));
}

/** Whether Helm will read its standard input for one of them. */
export function readsStdin(words: readonly ValuesWord[]): boolean {
  return (
    valuesFiles(words).some((file) => file.trim() === '-') ||
    setFiles(words).some((file) => file.trim() === '-')
  );
}

/** What is set by these flags, as texts of which no message may show a piece. */
export function secretsOf(words: readonly ValuesWord[]): string[] {
  return words
    .filter(({ flag }) => flag !== '--values' && flag !== '--set-file')
    .map(({ flag, value }) => (flag === '--set-json' ? value : value.slice(value.indexOf('=') + 1)));
}

function fieldsOf(text: string): string[] {
  if (!text.includes('"')) return text.split(',');
  const fields = text.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return fields.map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}
