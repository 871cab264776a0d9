import type { Span } from './node.ts';

/** A line that Helm 4 takes for a separator, or refuses for one. */
const MARKED = /(?<![^\n])---([^\n]*)/g;
/** What may follow the mark for both Helms: Helm 4 trims more white space than YAML has. */
const SEPARATED = /^[ \t\r\x85\u2028\u2029]*(?:(?<=[ \t])#.*)?$/s;

/** A values file, split into documents. */
export interface Documents {
  /** In order, without the separating lines; one at least. Each is read for its first document. */
  spans: Span[];
  /** A line that starts with `---` and goes on, which Helm 4 refuses; the spans end before it. */
  badSeparator: Span | null;
}

/**
 * Splits a values file as Helm 4 does, line by line before any YAML is read: at each line of `---` (with white space or
 * a comment after it) that has something before it.
 *
 * @param text the file's text
 * @see YAMLReader of k8s.io/apimachinery/pkg/util/yaml
 */
export function splitDocuments(text: string): Documents {
  const spans: Span[] = [];
  let badSeparator: Span | null = null;
  let start = 0;
  for (const { index, 0: line, 1: rest = '' } of text.includes('---') ? text.matchAll(MARKED) : []) {
    if (!SEPARATED.test(rest)) badSeparator = { start: index, end: index + line.length };
    if (index === start && badSeparator === null) continue;
    spans.push({ start, end: index });
    start = index + line.length + 1;
    if (badSeparator !== null) return { spans, badSeparator };
  }
  if (start < text.length || spans.length === 0)
    spans.push({ start: Math.min(start, text.length), end: text.length });
  // Comments before the first `---` are not a document, for neither Helm.
  const [first, second] = spans as [Span, Span?];
  const isDropped =
    second !== undefined &&
    !text.startsWith('---', second.start) &&
    onlyComments(text.slice(first.start, first.end));
  return { spans: isDropped ? spans.slice(1) : spans, badSeparator };
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
  return firstContent(text) === text.length && !/^(?:---| *\t)|\r(?!\n)/m.test(text);
}
