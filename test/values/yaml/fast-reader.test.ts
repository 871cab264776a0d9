import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'uvu';
import { readValues } from '../../../src/values/read.ts';
import { readDocument } from '../../../src/values/yaml/documents.ts';
import { newBudget, YamlError } from '../../../src/values/yaml/error.ts';
import { readSections } from '../../../src/values/yaml/fast-reader.ts';
import type { MapNode, Node } from '../../../src/values/yaml/node.ts';
import { parseDocument } from '../../../src/values/yaml/parse.ts';
import { tries } from '../../support/property.ts';
import { recordedInputs } from '../go-yaml.ts';

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

/** What a file says, by the parser alone. */
const parsed = (text: string) =>
  outcome(() => {
    const whole = text.endsWith('\n') ? text : `${text}\n`;
    return parseDocument(whole, (offset) => Math.min(offset, text.length), newBudget());
  });

/** What a file says, by the fast reader as far as it goes. */
const read = (text: string) => outcome(() => readDocument(text, { start: 0, end: text.length }, newBudget()));

test('both readers agree: acceptance, values, styles and places', async () => {
  let fast = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(soup, chart), async (text) => {
      const whole = text.endsWith('\n') ? text : `${text}\n`;
      if (readSections(whole, 0)?.some(({ member }) => member !== null)) fast += 1;
      deepStrictEqual(await read(text), await parsed(text));
    }),
    tries(1500),
  );
  ok(fast > 100, 'the files must be such that the fast reader reads some');
});

/** What stands right behind a value: no comment without a space. */
const GLUED = ['{}', '[]', '[a]', '{a: b}', '"x"', "'x'", 'x', '5'].flatMap((value) => [
  `${value}#c`,
  `${value} #c`,
]);

test('both readers agree on each value, in each place', async () => {
  for (const value of [
    ...TAME,
    ...WILD,
    ...BLOCKS,
    ...GLUED,
    'x{}',
    '{a:b}',
    '{a: "", b: \'\'}',
    '["", \'\']',
    'yes1',
    'x1',
  ]) {
    for (const text of [
      `a: ${value}\n`,
      `a: ${value}`,
      `a:\n  ${value}\nb: c\n`,
      `a:\n- ${value}\n- d\n`,
      `a:\n  - ${value}\n  - b: ${value}\n    c: d\n`,
      `${value}\na: b\n`,
      `a: b\n${value}: c\n`,
      `a: {b: ${value}}\n`,
      `a: [${value}]\r\nb: ${value}\r\n`,
      `a: |\n  ${value}\nb: c\n`,
      `a:\n  b: c\n  - ${value}\n`,
      `a:\n- b\nc: ${value}\n`,
    ]) {
      deepStrictEqual(await read(text), await parsed(text), text);
    }
  }
});

test('both readers agree on what is compared with go-yaml', async () => {
  for (const { name, text } of recordedInputs()) {
    if (name !== undefined || /[\r\x85]/.test(text)) continue;
    deepStrictEqual(await read(text), await parsed(text), text);
  }
});

/** Whether the fast reader reads a file's first section itself. */
const isFast = (text: string) => readSections(text, 0)?.[0]?.member != null;

test('the fast reader reads what can only be read in one way', () => {
  for (const text of [
    'a: b\n',
    'a: "b c" # d\n',
    "a: 'b'\n",
    'a:\n  - b\n  - c: d\n    e: 5\n',
    'a:\n- b\n',
    'a: |\n  b\n\n  c\n',
    'a: |-\r\n  b\r\n',
    'a: {b: c, d: "e"}\n',
    'a: [b, "c", \'d\']\n',
    'a: {}\n',
    'a:\n  "b"\n',
    '---\na: b\n',
  ]) {
    ok(isFast(text), text);
  }
});

test('in doubt, the fast reader leaves a section to the parser', () => {
  for (const text of [
    'a: b: c\n',
    'a: b:\n',
    'a: &b c\n',
    'a: !b c\n',
    'a: "b\\n"\n',
    "a: 'b''c'\n",
    'a: "b" c\n',
    'a: >\n  b\n',
    'a: |2\n  b\n',
    'a: |\n\tb\n',
    'a: |\n\n  b\n',
    'a: |\nb: c\n',
    'a: b\n  c\n',
    'a:\n  b\n',
    'a:\n  - b\n - c\n',
    'a: {on: b}\n',
    'a: {b: {}}\n',
    'a:\tb\n',
    'a: .inf\n',
    'a: !!int b\n',
  ]) {
    strictEqual(isFast(text), false, text);
  }
});

test('sections that the fast reader cannot tell apart are not split', () => {
  for (const text of [
    'a: b\n\ufeffc: d\n',
    'a: b\u2028c: d\n',
    'a: b\u2029\n',
    'on: b\n',
    '"a": b\n',
    'a: b\n%c\n',
  ]) {
    strictEqual(readSections(text, 0), null, text);
  }
});

test('the fast reader reads keys of 201 characters, and no longer ones', () => {
  ok(isFast(`a:\n  ${'k'.repeat(201)}: b\n`));
  strictEqual(isFast(`a:\n  ${'k'.repeat(202)}: b\n`), false);
  ok(isFast(`a: {${'k'.repeat(201)}: b}\n`));
  strictEqual(isFast(`a: {${'k'.repeat(202)}: b}\n`), false);
});

test('the fast reader matches collections and comments of 64 KiB as a whole, and no longer ones', () => {
  const list = (length: number) => `a: [${'b'.repeat(length - 2)}]\n`;
  ok(isFast(list(65_536)));
  strictEqual(isFast(list(65_537)), false);
  const comment = (length: number) => `a: "b" #${'c'.repeat(length - 2)}\n`;
  ok(isFast(comment(65_536)));
  strictEqual(isFast(comment(65_537)), false);
});

const OVER_KEYS: readonly [text: string, values: Record<string, unknown>][] = [
  [
    'a: "x\nb: 1\nc: y"\ncertificate:\n  existing_cert: s\n',
    { a: 'x b: 1 c: y', certificate: { existing_cert: 's' } },
  ],
  ["a: 'x\nb: 1\nc: y'\nd: 1\n", { a: 'x b: 1 c: y', d: 1 }],
  ['a: [x,\nb: 1,\nc: z]\nd: 1\n', { a: ['x', { b: 1 }, { c: 'z' }], d: 1 }],
  ['a: "x\nb: !t 1\nc: y"\nd: 1\n', { a: 'x b: !t 1 c: y', d: 1 }],
];
for (const [text, values] of OVER_KEYS) {
  test(`a value may span what looks like other keys: ${JSON.stringify(text)}`, async () => {
    const file = await readValues(Buffer.from(text), 'values.yaml');
    deepStrictEqual(file.ok && file.values.get([]).value, values);
  });
}

test.run();
