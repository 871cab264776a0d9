import type { Span } from './node.ts';

const SEPARATOR = /^---[^\S\n]*(?:#[^\n]*)?$/gm;

/**
 * Cuts a values file as Helm 4 does, line by line before any YAML is read: at each line of `---` (with white
 * space or a comment behind it) that has something before it. Each piece is read for its first document.
 *
 * @param text the file's text
 * @returns the pieces in order, without the separating lines; one at least
 */
export function cutDocuments(text: string): Span[] {
  const chunks: Span[] = [];
  let start = 0;
  if (text.includes('---')) {
    for (const match of text.matchAll(SEPARATOR)) {
      if (match.index === start) continue;
      chunks.push({ start, end: match.index });
      start = match.index + match[0].length + 1;
    }
  }
  if (start < text.length || chunks.length === 0)
    chunks.push({ start: Math.min(start, text.length), end: text.length });
  // Comments before the first `---` make no document, for neither Helm.
  const first = chunks.findIndex((chunk) => !onlyComments(text.slice(chunk.start, chunk.end)));
  return chunks.slice(first < 0 ? chunks.length - 1 : first);
}

/** The offset of the first character that is no comment, no white space and no `---` line; the text's length if none. */
export function firstContent(text: string): number {
  const idle = /[ \t\r]*(?:#[^\n]*)?\n|---[^\S\n]*(?:#[^\n]*)?\n|[ \t\r]*#[^\n]*$/y;
  let at = 0;
  while (at < text.length) {
    idle.lastIndex = at;
    if (!idle.test(text)) break;
    at = idle.lastIndex;
  }
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

/** Whether a text holds nothing but comments and blank lines. */
function onlyComments(text: string): boolean {
  return firstContent(text) === text.length && !/^---/m.test(text);
}
