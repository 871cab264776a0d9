import { isUtf8 } from 'node:buffer';
import { YamlError } from './error.ts';

/** The text of a values file. */
export interface Decoded {
  /** As much of it as can be shown; offsets count in it. */
  text: string;
  /** The first thing in the bytes that stops Helm, null where there is none. */
  error: YamlError | null;
}

// What go-yaml's reader lets through is the printable set of YAML 1.1 section 4.1.1, with U+FEFF anywhere.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/**
 * Decodes a values file as both Helms do: UTF-8, without a leading byte-order mark (it counts in no offset). Refused
 * are UTF-16 (which Helm 3 alone would read), bytes that are not UTF-8, and control characters.
 *
 * @param bytes the file as it is on disk
 */
export function decodeText(bytes: Buffer): Decoded {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    const words = 'the file is UTF-16: Helm 3 reads it, Helm 4 refuses it';
    return { text: '', error: new YamlError(words, 'Save the file as UTF-8.', 0, 0) };
  }
  const start = first === 0xef && second === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = bytes.toString('utf8', start);
  if (!isUtf8(bytes)) {
    const at = badUtf8Offset(bytes.subarray(start));
    return { text, error: new YamlError('the file is not UTF-8', 'Save the file as UTF-8.', at, at + 1) };
  }
  const offset = text.search(UNPRINTABLE);
  return { text, error: offset < 0 ? null : controlCharacter(text, offset) };
}

function controlCharacter(text: string, offset: number): YamlError {
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return new YamlError(
    `the file contains a control character (U+${code}), and Helm refuses those, even in comments`,
    'Delete the character; in a double-quoted string it can be written as an escape.',
    offset,
    offset + 1,
  );
}

/** The offset, in UTF-16 units of the decoded text, of the first line's first broken character. */
function badUtf8Offset(bytes: Buffer): number {
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line)) {
      const before = bytes.toString('utf8', 0, start).length;
      return before + Math.max(0, line.toString('utf8').indexOf('\ufffd'));
    }
    start = end;
  }
  return 0;
}
