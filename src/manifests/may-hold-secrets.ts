/**
 * What in YAML makes a word without its letters being there: escapes of any character and of line breaks, in double quotes; and
 * `!!binary`.
 */
const SPELLED = /\\[xuU\r\n]|![^\s"'!]*binary/;

/** Whether words may be in YAML, also spelled otherwise, such as `"S\x65cret"`. */
export function mayContain(yaml: string, words: readonly string[]): boolean {
  return SPELLED.test(yaml) || words.every((word) => yaml.includes(word));
}

/** A `kind` that is one of a Secret, or that only reading YAML tells. */
const KIND = /^\ufeff?["']?kind["']?[ \t]*:[ \t]*(?:["']?(?:Secret|SecretList|List)\b|"[^"\n]*\\|!)/m;

/** Whether a file may hold Secrets as its own objects, so that it pays to load the code for them. */
export function mayHoldSecrets(bytes: Buffer): boolean {
  if (!bytes.includes('kind')) return false;
  const text = bytes.toString();
  return mayContain(text, ['Secret']) && (KIND.test(text) || /^\ufeff?\s*\{/.test(text));
}
