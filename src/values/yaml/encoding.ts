import { isUtf8 } from 'node:buffer';

/** Text of a values file, or where and why its bytes are no text that Helm reads. */
export type Decoded =
  | { ok: true; text: string }
  | {
      ok: false;
      kind: 'utf16' | 'utf8' | 'control';
      /** The text as far as it can be shown, for counting lines. */
      text: string;
      /** Where in `text` the first bad character stands, in UTF-16 units. */
      offset: number;
      /** The bad character's number, for `control`. */
      code: number;
    };

// What go-yaml's reader lets through is the printable set of YAML 1.1 section 4.1.1, with U+FEFF anywhere.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/**
 * Decodes a values file as both Helms do: UTF-8, a leading byte-order mark left out (it counts in no offset).
 *
 * @param bytes the file as it stands on disk
 * @returns the text, or the first thing in it that stops Helm: UTF-16 (which Helm 3 alone would read), bytes
 *   that are no UTF-8, a control character
 */
export function decodeText(bytes: Buffer): Decoded {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { ok: false, kind: 'utf16', text: '', offset: 0, code: 0 };
  }
  const start = first === 0xef && second === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = bytes.toString('utf8', start);
  if (!isUtf8(bytes)) {
    return { ok: false, kind: 'utf8', text, offset: badUtf8Offset(bytes.subarray(start)), code: 0 };
  }
  const offset = text.search(UNPRINTABLE);
  if (offset >= 0) return { ok: false, kind: 'control', text, offset, code: text.charCodeAt(offset) };
  return { ok: true, text };
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
