import { type Document, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { Refusal } from './refusal.ts';

/**
 * Refuses what go-yaml's scanner refuses and the parser used here lets through: other directives than
 * `%YAML 1.1` and `%TAG`, an end mark before anything, tabs where a token may start, some escapes, some
 * names of anchors.
 *
 * @param text the text that was parsed without an error
 * @param document what came of it
 * @throws {Refusal} with offsets in `text`
 */
export function checkStrictly(text: string, document: Document.Parsed): void {
  if (text.startsWith('%') || text.includes('\n%')) checkDirectives(text);
  const ends = /^(?:[ \t\r]*(?:#[^\n]*)?\n){0,1000}\.\.\.\s/.exec(text);
  if (ends !== null) {
    const at = ends[0].length - 4;
    throw new Refusal('the file starts with the end mark `...`', 'Delete that line.', at, at + 3);
  }
  const tab = /^[ ]*\t|[-?:] *\t/m.test(text);
  const special = text.includes('\\') || text.includes('&') || text.includes('*');
  const contents = document.contents as Node | null;
  if (!(tab || special)) return;
  const leaves: Leaf[] = [];
  if (contents !== null) collect(contents, text, -1, leaves);
  const flow = contents !== null && 'flow' in contents && contents.flow === true;
  const marked = contents !== null && /^(?:---|\.\.\.)\s/m.test(text);
  const end = flow ? contents.range?.[1] : marked ? document.range[2] : text.length;
  if (tab) checkTabs(text.slice(0, end), leaves);
}

/** A stretch of the text that is one token or flow collection, and the column of the block it stands in. */
interface Leaf {
  start: number;
  end: number;
  plain: boolean;
  indent: number;
}

const DIRECTIVE = /^%(?:YAML[ \t]+1\.1[ \t\r]*(?:#.*)?$|TAG[ \t])/;

function checkDirectives(text: string): void {
  for (const match of text.matchAll(/^(?:(%[^\n]*)|[ \t\r]*(?:#[^\n]*)?)\n/gmy)) {
    const line = match[1];
    if (line === undefined || DIRECTIVE.test(line)) continue;
    throw new Refusal(
      'a directive (a line that starts with `%`) other than `%YAML 1.1`, which is all that Helm takes',
      'Delete the line.',
      match.index,
      match.index + line.length,
    );
  }
}

function collect(node: Node, text: string, indent: number, leaves: Leaf[]): void {
  const [start, end] = node.range ?? [0, 0];
  if ('anchor' in node && typeof node.anchor === 'string') checkName(node.anchor, start, start + 1);
  if (isMap(node) || isSeq(node)) {
    const flow = node.flow === true;
    if (flow) leaves.push({ start, end, plain: false, indent });
    const inner = flow ? indent : start - (text.lastIndexOf('\n', start - 1) + 1);
    for (const item of node.items) {
      const parts = isMap(node)
        ? [(item as { key: Node }).key, (item as { value: Node | null }).value]
        : [item as Node];
      for (const part of parts) if (part !== null) collect(part, text, inner, leaves);
    }
    return;
  }
  if (!isScalar(node)) {
    checkName((node as { source?: string }).source ?? '', start, end);
    leaves.push({ start, end, plain: false, indent });
    return;
  }
  const { type } = node as Scalar;
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') checkBlock(text.slice(start, end), start);
  if (type === 'QUOTE_DOUBLE') checkEscapes(text.slice(start, end), start);
  leaves.push({ start, end, plain: (type ?? 'PLAIN') === 'PLAIN' && end > start, indent });
}

function checkName(name: string, start: number, end: number): void {
  if (/^[\w-]+$/.test(name)) return;
  throw new Refusal(
    'the name of an anchor (`&name`) or alias (`*name`) holds other characters than letters, digits, `-` and `_`',
    'Rename it, or put the value in quotes if the `&` or `*` belongs to it.',
    start,
    end,
  );
}

/** A `|` or `>` block whose first line with text is indented with a tab. */
function checkBlock(block: string, start: number): void {
  const match = /^[|>][^\d\n]*\n(?: *\r?\n){0,1000} *\t/.exec(block);
  if (match !== null) throw tabRefusal(start + match[0].length - 1);
}

function tabRefusal(at: number): Refusal {
  return new Refusal(
    'a tab stands where YAML allows only spaces (it may be invisible at the start of an otherwise empty line)',
    'Delete the tab, or put spaces in its place.',
    at,
    at + 1,
  );
}

function checkEscapes(quoted: string, start: number): void {
  for (const { 0: sequence, index } of quoted.matchAll(/\\(?:u[dD][89a-fA-F]|U0000[dD][89a-fA-F]|[\s\S])/g)) {
    if (sequence.length === 2 && sequence !== '\\/') continue;
    throw new Refusal(
      sequence === '\\/'
        ? 'the escape `\\/` stands in a double-quoted string, and Helm does not know it'
        : 'half a character (a surrogate) is written as an escape in a double-quoted string',
      sequence === '\\/'
        ? 'Write the slash without the backslash.'
        : 'Write the character itself, or `\\U` with its eight digits.',
      start + index,
      start + index + sequence.length,
    );
  }
}

/** Tabs may stand inside tokens, and between tokens of one line, but not where a key or an item may start. */
function checkTabs(text: string, leaves: readonly Leaf[]): void {
  let next = 0;
  let last: Leaf | undefined;
  for (const match of text.matchAll(/^ *\t|(?<=^[ ]*(?:[-?:] +)*[-?:] *)\t/gm)) {
    const at = match.index + match[0].length - 1;
    for (; next < leaves.length && (leaves[next] as Leaf).start < at; next += 1) {
      const leaf = leaves[next] as Leaf;
      if (last === undefined || leaf.end >= last.end) last = leaf;
    }
    if (last !== undefined && last.end > at) continue;
    if (last?.plain === true && /^\s*$/.test(text.slice(last.end, at))) {
      const column = at - (text.lastIndexOf('\n', at) + 1);
      if (column > last.indent) continue;
    }
    throw tabRefusal(at);
  }
}
