const SPACE = ' \t\r\n';

/**
 * A string without the white space of YAML and base64 at its ends. `trim` takes no-break spaces and byte-order marks too,
 * which Helm keeps. A regular expression would be quadratic here.
 */
export function trimSpace(text: string): string {
  return trimmed(text, SPACE);
}

/** A string without these characters at its ends. */
export function trimmed(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start++;
  return trimmedEnd(text.slice(start), characters);
}

/** The same at its end alone. */
export function trimmedEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
