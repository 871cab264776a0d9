const SPACE = ' \t\r\n';

/**
 * A string without the white space of YAML and base64 at its ends. `trim` takes no-break spaces and byte-order marks too,
 * which Helm keeps. A regular expression would be quadratic here.
 */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.includes(text.charAt(start))) start++;
  while (end > start && SPACE.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
