import { match, ok, strictEqual } from 'node:assert/strict';
import { test } from 'uvu';
import { readValues } from '../../../src/values/read.ts';
import { type Budget, newBudget } from '../../../src/values/yaml/error.ts';
import { readSections } from '../../../src/values/yaml/fast-reader.ts';
import { parseDocument } from '../../../src/values/yaml/parse.ts';

async function isRead(text: string): Promise<boolean> {
  const file = await readValues(Buffer.from(text), 'values.yaml');
  if (file.ok) return true;
  match(file.diagnostic.reason, /too many or too long values for this check/);
  ok(!file.diagnostic.byHelm);
  return false;
}

for (const [what, lineEnd] of [
  ['line feeds', '\n'],
  ['carriage returns', '\r'],
  ['next-line characters', '\x85'],
]) {
  test(`500,000 lines are read, and no more: ${what}`, async () => {
    ok(await isRead(`a: 1${lineEnd}${lineEnd?.repeat(499_999)}`));
    ok(!(await isRead(`a: 1${lineEnd}${lineEnd?.repeat(500_000)}`)));
  });
}

test('2,000 documents are read, and no more', async () => {
  ok(await isRead(Array(2_000).fill('a: 1\n').join('---\n')));
  ok(!(await isRead(Array(2_001).fill('a: 1\n').join('---\n'))));
});

function tokensOf(text: string): number {
  const budget = newBudget();
  const { tokens } = budget;
  parseDocument(text, (offset) => offset, budget);
  return tokens - budget.tokens;
}

test('400,000 tokens are parsed, over all documents of a file, and no more', async () => {
  const list = (items: number) => `a: !t [${'x,'.repeat(items)}]\n`;
  const perItem = (tokensOf(list(110)) - tokensOf(list(10))) / 100;
  const most = Math.floor((400_000 - (tokensOf(list(10)) - 10 * perItem)) / perItem);
  ok(await isRead(list(most)));
  ok(!(await isRead(list(most + 1))));
  ok(!(await isRead(`${list(most / 2)}---\n${list(most / 2)}`)));
});

test('a budget is used up to its last token', () => {
  const text = 'a: !t b\n';
  const place = (offset: number) => offset;
  const budget: Budget = { tokens: tokensOf(text) };
  parseDocument(text, place, budget);
  strictEqual(budget.tokens, 0);
  budget.tokens = tokensOf(text) - 1;
  try {
    parseDocument(text, place, budget);
    ok(false, 'it is refused');
  } catch (error) {
    match(String(error), /too many/);
  }
});

test('a double-quoted string that needs the parser has 4 MiB, and no more', async () => {
  const quoted = (length: number) => `a: "\\x41${'A'.repeat(length - 6)}"\n`;
  ok(await isRead(quoted(4 * 1024 * 1024)));
  ok(!(await isRead(quoted(4 * 1024 * 1024 + 1))));
});

const nested = (levels: number) =>
  `${Array.from({ length: levels }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')} 1\n`;

test('the fast reader follows 500 levels below a key, and leaves deeper ones to the parser', () => {
  ok(readSections(nested(501), 0)?.[0]?.member);
  strictEqual(readSections(nested(502), 0)?.[0]?.member, null);
});

test('100,000 keys at the top, 100,000 keys and items below one, and no more', async () => {
  const top = (count: number) => Array.from({ length: count }, (_, at) => `k${at}: x\n`).join('');
  const below = (lines: number, line: string) => `a:\n${line.repeat(lines)}`;
  ok(await isRead(top(100_000)));
  ok(!(await isRead(top(100_001))));
  for (const line of ['  - x\n', '  b: x\n', '  b:\n']) {
    ok(await isRead(below(100_000, line)));
    ok(!(await isRead(below(100_001, line))));
  }
  ok(await isRead(`${below(100_000, '  - x\n')}b:\n${'  - x\n# y\n\n'.repeat(100_000)}`));
});

test.run();
