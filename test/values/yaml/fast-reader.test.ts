import { deepStrictEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'uvu';
import { readDocument } from '../../../src/values/yaml/documents.ts';
import { YamlError } from '../../../src/values/yaml/error.ts';
import { readSections } from '../../../src/values/yaml/fast-reader.ts';
import { newBudget } from '../../../src/values/yaml/limits.ts';
import type { MapNode, Node } from '../../../src/values/yaml/node.ts';
import { parseDocument } from '../../../src/values/yaml/parse.ts';
import { tries } from '../../support/property.ts';

/** A tree as plain data, the order of its keys included. */
function facts(node: Node): unknown {
  if (node.kind === 'scalar') return node;
  const { kind, start, end } = node;
  if (node.kind === 'list') return { kind, start, end, items: node.items.map(facts) };
  const members = Array.from(node.members, ([name, { key, place, node: value }]) => {
    return [name, key, { start: place.start, end: place.end }, facts(value)];
  });
  return { kind, start, end, members, duplicates: [...node.duplicates] };
}

async function outcome(read: () => MapNode | Promise<MapNode>): Promise<unknown> {
  try {
    return facts(await read());
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { message, help, start, end, byHelm } = error;
    return { refused: { message, help, start, end, byHelm } };
  }
}

const NAMES = ['certificate', 'general', 'a', 'b', 'tls', 'on', 'x.y'];
const TAME = [
  'x',
  '"a b"',
  "'q'",
  '5',
  '{}',
  '[]',
  '{ cpu: 250m, memory: 512Mi }',
  '{path: /a, a: "b: c", b: 5} # c',
  '',
  '  # note',
  'https://h:8080/p',
  '["a", b]',
  '-1',
  'true',
];
const WILD = [
  ...[
    '"open',
    'close"',
    '[1,',
    ']',
    '&a 1',
    '*a',
    '!!int 5',
    '{a: 1}',
    '{a: 1, a: 2}',
    '{a: 1,}',
    '{a:1}',
    '{a: {b: c}}',
    '{on: 1}',
    '{a: b c}',
    '{a: b, c}',
    '{ a: x}y',
    '{"a": b}',
    '{a: }',
    '{a: yes, b: 017}',
    '{<<: x}',
    '{a: *b}',
    '{a: b:c}',
    '{a: b:}',
    '{a : b}',
    "it's",
    'a: b',
    '- a',
    '\tx',
    '.inf',
  ],
  ...[
    '"a" b',
    '~',
    '? k',
    '%x',
    '<<: 1',
    '"\\q"',
    'x #c',
    'x  ',
    '---',
    'ü',
    "'a''b'",
    '"#"',
    'x# y',
    '017',
    ', x',
    '[ "x" , y ] # c',
    "['a]', 1.5]",
    '[a b]',
    '[a: b]',
    '[ ]',
  ],
];
const BLOCKS = ['|', '>', '|-', '|+', '>+', '|2', '| # c'];

const indent = fc.constantFrom('', '', '  ', '  ', '    ', '      ', ' ', '   ');
const name = fc.constantFrom(...NAMES);
const scalar = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...TAME) },
  { weight: 1, arbitrary: fc.constantFrom(...WILD) },
  { weight: 1, arbitrary: fc.constantFrom(...BLOCKS) },
);
const line = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(indent, name, scalar).map(([i, n, s]) => `${i}${n}: ${s}`) },
  { weight: 5, arbitrary: fc.tuple(indent, name).map(([i, n]) => `${i}${n}:`) },
  { weight: 3, arbitrary: fc.tuple(indent, scalar).map(([i, s]) => `${i}- ${s}`) },
  { weight: 2, arbitrary: fc.tuple(indent, name, scalar).map(([i, n, s]) => `${i}- ${n}: ${s}`) },
  { weight: 2, arbitrary: fc.tuple(indent, scalar).map(([i, s]) => `${i}${s}`) },
  { weight: 2, arbitrary: indent.map((i) => `${i}# a comment: "x`) },
);
const soup = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 10 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ''));

/** A mapping as chart authors write it: right more often than the soup. */
const tree: fc.Memo<string[]> = fc.memo((depth) => {
  const value = fc.oneof(
    { weight: 3, arbitrary: scalar.map((text) => [` ${text}`]) },
    { weight: 1, arbitrary: fc.constant([' |', '  some', '    text: "x', '', '  # more']) },
    {
      weight: 1,
      arbitrary: fc.array(scalar, { maxLength: 3 }).map((items) => ['', ...items.map((x) => `- ${x}`)]),
    },
    { weight: 1, arbitrary: scalar.map((text) => ['', `    ${text}`]) },
    { weight: 1, arbitrary: fc.constant(['', '- |', '  some', '   text', '- |-', '', '  x']) },
    {
      weight: 3,
      arbitrary:
        depth > 1 ? tree(depth - 1).map((lines) => ['', ...lines.map((x) => `  ${x}`)]) : fc.constant(['']),
    },
    {
      weight: 1,
      arbitrary:
        depth > 1
          ? tree(depth - 1).map((lines) => ['', ...lines.map((x, i) => (i ? `    ${x}` : `  - ${x}`))])
          : fc.constant(['']),
    },
  );
  return fc
    .array(fc.tuple(name, value), { minLength: 1, maxLength: 4 })
    .map((pairs) =>
      pairs.flatMap(([key, [first = '', ...rest]]) => [`${key}:${first}`, ...rest, '# comment']),
    );
});
const chart = fc.tuple(tree(3), fc.constantFrom('\n', '\r\n')).map(([lines, end]) => lines.join(end));

test('what is read without a parser is read as with one: acceptance, values, styles and places', async () => {
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(soup, chart), async (text) => {
      const whole = text.endsWith('\n') ? text : `${text}\n`;
      if (readSections(whole, 0)?.some(({ member }) => member !== null)) plain += 1;
      const place = (offset: number) => Math.min(offset, text.length);
      const quick = await outcome(() => readDocument(text, { start: 0, end: text.length }, newBudget()));
      deepStrictEqual(quick, await outcome(() => parseDocument(whole, place, newBudget())));
    }),
    tries(1500),
  );
  ok(plain > 100, 'the texts must be such that something is read without a parser');
});

test.run();
