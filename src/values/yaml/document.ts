import { lastNotAfter } from '../search.ts';
import type { Budget } from './budget.ts';
import { type MapNode, type Member, newMap, type Span, setMember } from './node.ts';
import { readSections, type Section } from './plain.ts';
import { Refusal } from './refusal.ts';

/**
 * Reads one document of a values file as Helm does. The parser is loaded only for what needs one.
 *
 * @param file the whole file's text
 * @param chunk where the document stands in it
 * @param budget is drawn on by the parser
 * @returns its top mapping, with offsets in the file
 * @throws {Refusal} where Helm refuses it, or where it cannot be read here (the message tells which)
 */
export async function readDocument(file: string, chunk: Span, budget: Budget): Promise<MapNode> {
  const { start, end } = chunk;
  const text = normalise(file.slice(start, end));
  const place = (offset: number) => start + Math.min(offset, end - start);
  const sections = readSections(text, start);
  if (sections?.length && sections.every(({ member }) => member !== null)) return assemble(sections, null);
  const { parseDocument } = await import('./parse.ts');
  if (sections?.some(({ member }) => member !== null)) {
    const rest = excerpt(text, sections);
    try {
      const parsed = parseDocument(rest.text, (offset) => place(rest.place(offset)), budget);
      if (isAsExpected(parsed, sections)) return assemble(sections, parsed);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return parseDocument(text, place, budget);
}

/** Helm 4 ends each document with a newline; go-yaml takes a carriage return alone, and U+0085, for one. */
function normalise(chunk: string): string {
  return (chunk.endsWith('\n') ? chunk : `${chunk}\n`).replace(/\r(?!\n)|\x85/g, '\n');
}

/** The text of the sections that need a parser, and how its offsets map back. */
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

/** Whether the parser saw the same keys at the top; if not, a value reaches over the lines in between. */
function isAsExpected(parsed: MapNode, sections: readonly Section[]): boolean {
  const seen = new Set<number>();
  for (const [name, { key }] of parsed.members) {
    for (const span of parsed.duplicates.get(name) ?? [key]) seen.add(span.start);
  }
  const expected = sections.filter(({ member }) => member === null);
  return seen.size === expected.length && expected.every(({ key }) => seen.has(key.start));
}

function assemble(sections: readonly Section[], parsed: MapNode | null): MapNode {
  const start = sections[0]?.key.start ?? 0;
  const root = newMap(start);
  for (const { name, key, member } of sections) {
    const found = member ?? (parsed?.members.get(name) as Member);
    setMember(root, name, { ...found, key });
    root.end = found.place.end;
  }
  return root;
}
