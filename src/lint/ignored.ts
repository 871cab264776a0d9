import type { LintError } from '../errors.ts';
import { RULES } from '../rules/index.ts';
import { displayFile } from '../text/display.ts';
import type { Location } from '../values/values.ts';
import { readDocuments } from '../values/yaml/documents.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import { YamlError } from '../values/yaml/error.ts';
import type { Node, ScalarNode, Span } from '../values/yaml/node.ts';
import type { Finding, Outcome } from './check.ts';
import { isRule, unknownRule } from './unknown-rule.ts';

const COMMENT = /(?:^|[ \t])(#[ \t]*lightrun-cert:[ \t]*ignore[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*))[ \t]*$/;

/**
 * Takes the findings out that a comment in a file silences: `# lightrun-cert: ignore RULE[, RULE]` on the line of the
 * value, or alone on the line above it. They are kept as ignored, to be counted and named.
 * @param bytesOf the file of a location; null where it is not at hand
 */
export function withoutIgnored(outcome: Outcome, bytesOf: (file: string) => Buffer | null): Outcome {
  const files = new Map<string, readonly string[]>();
  const linesOf = (file: string) => {
    const known = files.get(file);
    if (known) return known;
    const lines = decodeText(bytesOf(file) ?? Buffer.alloc(0)).text.split(/\r?\n/);
    files.set(file, lines);
    return lines;
  };
  const isSilenced = (rule: string, location: Location | null) =>
    location !== null && rulesAt(linesOf(location.file), location).includes(rule);
  const ignored = outcome.findings.filter((finding) => isIgnored(finding, isSilenced));
  if (ignored.length === 0) return outcome;
  const findings = outcome.findings.filter((finding) => !ignored.includes(finding));
  return { ...outcome, findings, ignored: [...(outcome.ignored ?? []), ...ignored] };
}

/**
 * A rule that checks each value by itself names all that have the mistake: then each has to have its comment. Where
 * values are checked together, one comment is enough.
 */
function isIgnored(
  { rule, location, path, related }: Finding,
  isSilenced: (rule: string, location: Location | null) => boolean,
): boolean {
  const isEach = RULES.find(({ id }) => id === rule)?.isEach ?? false;
  const places = [{ location, path }, ...related];
  const values = [...new Set(places.map((each) => each.path.join('\0')))];
  const silenced = values.filter((value) =>
    places.some((each) => each.path.join('\0') === value && isSilenced(rule, each.location)),
  );
  return silenced.length === values.length || (!isEach && silenced.length > 0);
}

/** The rules that comments silence for the value at a place. */
function rulesAt(lines: readonly string[], location: Location): string[] {
  const { line, column, endLine, endColumn } = location;
  const [above = '', own = '', last = ''] = [lines[line - 2], lines[line - 1], lines[endLine - 1]];
  const isBlock = /^[|>]/.test(own.slice(column - 1));
  const end = isBlock || endLine === line ? own : last;
  const from = isBlock ? column : endColumn;
  return [...trailing(end, from), ...alone(above, own)];
}

/** A comment after the value; in a quoted value it is text. */
function trailing(line: string, from: number): string[] {
  const found = COMMENT.exec(line);
  const at = found === null ? -1 : line.lastIndexOf(found[1] ?? '') + 1;
  return at >= from ? rulesIn(found) : [];
}

/** A comment alone on its line, or on that of the key where the value begins on the next. */
function alone(above: string, own: string): string[] {
  const found = COMMENT.exec(above);
  if (found === null) return [];
  const before = above.slice(0, above.lastIndexOf(found[1] ?? '')).trimEnd();
  // The text of a block scalar is indented more than what comes after it.
  const isComment = before === '' ? indentOf(above) <= indentOf(own) : before.endsWith(':');
  return isComment ? rulesIn(found) : [];
}

function rulesIn(found: RegExpExecArray | null): string[] {
  return (found?.[2] ?? '').split(/(?<![ \t])[ \t]*,[ \t]*/).filter((rule) => rule !== '');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/**
 * The first comment in a file that ignores a rule which does not exist: it would silence nothing, and nobody would know.
 * @returns null where there is none, or the file cannot be read
 */
export async function unknownIgnored(bytes: Buffer, name: string): Promise<LintError | null> {
  const { text } = decodeText(bytes);
  let isText: ((offset: number) => boolean) | null = null;
  let start = 0;
  for (const [at, line] of text.split('\n').entries()) {
    const found = COMMENT.exec(line.trimEnd());
    const unknown = found === null ? undefined : rulesIn(found).find((id) => !isRule(id));
    const offset = start + line.lastIndexOf(found?.[1] ?? '');
    start += line.length + 1;
    if (unknown === undefined) continue;
    isText ??= await textIn(text);
    if (!isText(offset))
      return unknownRule(unknown, `${displayFile(name)}:${at + 1}: `, ', which a comment ignores');
  }
  return null;
}

/** Whether an offset is inside a string, where a comment is none. Of a file that is not YAML that is not known. */
async function textIn(text: string): Promise<(offset: number) => boolean> {
  const spans: Span[] = [];
  try {
    const seen = new Set<Node>();
    const left: Node[] = (await readDocuments(text)).map(({ root }) => root);
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (node.kind === 'scalar') spans.push(withoutHeader(text, node));
      else if (node.kind === 'list') left.push(...node.items);
      else for (const member of node.members.values()) left.push(member.node);
    }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return () => true;
  }
  return (offset) => spans.some(({ start, end }) => start <= offset && offset < end);
}

/** A comment on the line of a block's header is one. */
function withoutHeader(text: string, { start, end, style }: ScalarNode): Span {
  const isBlock = style !== 'plain' && /[|>]/.test(text.charAt(start));
  return { start: isBlock ? text.indexOf('\n', start) : start, end };
}
