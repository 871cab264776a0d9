import { lastNotAfter } from '../lines.ts';
import { type Budget, MAX_DOCUMENTS, MAX_LINES, newBudget, tooLarge, YamlError } from './error.ts';
import { readSections, type Section } from './fast-reader.ts';
import { type MapNode, type Member, type Span, setMember } from './node.ts';

/** One document of a values file. */
export interface YamlDocument {
  /** Where it is in the file's text. */
  span: Span;
  /** Its top mapping, with offsets in the file's text. */
  root: MapNode;
}

/** A line that Helm 4 takes for a separator, or refuses for one. */
const MARKED = /(?<![^\n])---([^\n]*)/g;
/** What both Helms accept after the mark. */
const SEPARATED = /^[ \t\r\x85\u2028\u2029]*(?:(?<=[ \t])#.*)?$/s;

/**
 * Reads all documents of a values file.
 * @param text without a byte-order mark
 * @returns one at least
 * @throws {YamlError} where Helm refuses it, or where it cannot be read here (the message says which)
 */
export async function readDocuments(text: string): Promise<[YamlDocument, ...YamlDocument[]]> {
  if (hasTooManyLines(text)) throw tooLarge();
  const { spans, badSeparator } = splitDocuments(text);
  if (spans.length > MAX_DOCUMENTS) throw tooLarge();
  const budget = newBudget();
  const documents: YamlDocument[] = [];
  for (const span of spans) documents.push({ span, root: await readDocument(text, span, budget) });
  if (badSeparator !== null) {
    const { start, end } = badSeparator;
    if (/^-----(?:BEGIN|END) /.test(text.slice(start, start + 16)))
      throw (await import('./diagnostics.ts')).pemError(start, end);
    throw new YamlError(
      'a line starts with `---` and goes on: Helm 4 accepts only a comment after it',
      'Start the content on the next line, or indent the line if the dashes belong to a value.',
      start,
      end,
    );
  }
  return documents as [YamlDocument, ...YamlDocument[]];
}

/** Checked before anything is done line by line. */
function hasTooManyLines(text: string): boolean {
  return ['\n', '\r', '\x85'].some((end) => {
    let lines = 0;
    for (let at = text.indexOf(end); at >= 0 && lines <= MAX_LINES; at = text.indexOf(end, at + 1))
      lines += 1;
    return lines > MAX_LINES;
  });
}

/**
 * Splits a values file as Helm 4 does, line by line before any YAML is read: at each line of `---` (with white space or
 * a comment after it) that has something before it. Each piece, one at least, is read for its first document. At a line
 * that starts with `---` and goes on, Helm 4 stops: the pieces end before it.
 *
 * @see YAMLReader of k8s.io/apimachinery/pkg/util/yaml
 */
function splitDocuments(text: string): { spans: Span[]; badSeparator: Span | null } {
  const spans: Span[] = [];
  let start = 0;
  for (const { index, 0: line, 1: rest = '' } of text.includes('---') ? text.matchAll(MARKED) : []) {
    const end = index + line.length;
    if (!SEPARATED.test(rest)) {
      spans.push({ start, end: index });
      return { spans, badSeparator: { start: index, end } };
    }
    if (index === start) continue;
    spans.push({ start, end: index });
    start = end + 1;
  }
  if (start < text.length || spans.length === 0)
    spans.push({ start: Math.min(start, text.length), end: text.length });
  // Comments before the first `---` are not a document, for neither Helm.
  const [first, second] = spans as [Span, Span?];
  const isPreamble =
    second !== undefined &&
    !text.startsWith('---', second.start) &&
    isOnlyComments(text.slice(first.start, first.end));
  return { spans: isPreamble ? spans.slice(1) : spans, badSeparator: null };
}

/** Whether YAML holds nothing but comments and blank lines, for go-yaml too. */
function isOnlyComments(text: string): boolean {
  return firstContent(text) === text.length && !/^(?:---| *\t)|\r(?!\n)/m.test(text);
}

/** The offset of the first character that is not a comment, white space or a `---` line; the text's length if none. */
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

/**
 * Reads one document of a values file as Helm does. `yaml` is loaded only for what the fast reader leaves.
 *
 * @param file the whole file's text
 * @param span where the document is in it
 * @param budget is drawn on by `yaml`
 * @returns its top mapping, with offsets in the file
 * @throws {YamlError} where Helm refuses it, or where it cannot be read here (the message says which)
 */
export async function readDocument(file: string, { start, end }: Span, budget: Budget): Promise<MapNode> {
  const text = normalise(file.slice(start, end));
  const place = (offset: number) => start + Math.min(offset, end - start);
  const sections = readSections(text, start);
  if (sections?.length && sections.every(({ member }) => member !== null)) return assemble(sections, null);
  const { parseDocument } = await import('./parse.ts');
  if (sections?.some(({ member }) => member !== null)) {
    const rest = excerpt(text, sections);
    try {
      const parsed = parseDocument(rest.text, (offset) => place(rest.place(offset)), budget);
      if (hasSameKeys(parsed, sections)) return assemble(sections, parsed);
    } catch (error) {
      // The whole document gives the right place and words.
      if (!(error instanceof YamlError)) throw error;
    }
  }
  return parseDocument(text, place, budget);
}

/** Helm 4 ends each document with a newline; go-yaml takes a carriage return alone, and U+0085, for one. */
function normalise(document: string): string {
  return (document.endsWith('\n') ? document : `${document}\n`).replace(/\r(?!\n)|\x85/g, '\n');
}

/** The text of the sections that the fast reader left, and how its offsets map back. */
function excerpt(text: string, sections: readonly Section[]) {
  const pieces: string[] = [];
  const starts: number[] = [];
  const shifts: number[] = [];
  let length = 0;
  for (const { member, lines } of sections) {
    if (member !== null) continue;
    starts.push(length);
    shifts.push(lines.start - length);
    pieces.push(text.slice(lines.start, lines.end));
    length += lines.end - lines.start;
  }
  const place = (offset: number): number => offset + (shifts[lastNotAfter(starts, offset)] as number);
  return { text: pieces.join(''), place };
}

/** Whether the parser saw the keys that the fast reader saw; if not, a value spans the lines of several. */
function hasSameKeys(parsed: MapNode, sections: readonly Section[]): boolean {
  const seen = new Set<number>();
  for (const [name, { key }] of parsed.members) {
    for (const span of parsed.duplicates.get(name) ?? [key]) seen.add(span.start);
  }
  const expected = sections.filter(({ member }) => member === null);
  return seen.size === expected.length && expected.every(({ key }) => seen.has(key.start));
}

function assemble(sections: readonly Section[], parsed: MapNode | null): MapNode {
  const start = sections[0]?.key.start ?? 0;
  const root = new Root(start);
  for (const { name, key, member } of sections) {
    root.last = member ?? { ...(parsed?.members.get(name) as Member), key };
    setMember(root, name, root.last);
  }
  return root;
}

/** A top mapping whose end is that of its last value, which is found out on demand. */
class Root implements MapNode {
  readonly kind = 'map';
  readonly start: number;
  readonly members = new Map<string, Member>();
  readonly duplicates = new Map<string, Span[]>();
  last: Member | null = null;

  constructor(start: number) {
    this.start = start;
  }

  get end(): number {
    return this.last?.place.end ?? this.start;
  }
}
