import { transformSync } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Mutation, withMutations } from '../../scripts/mutate/mutations.mjs';

/** A source's mutations, and what it evaluates to with each of them on; -1 for none. */
function mutated(source: string) {
  const mutations: Mutation[] = [];
  const text = withMutations('x.ts', source, (mutation) => mutations.push(mutation) - 1);
  const { code } = transformSync(text, { loader: 'ts' });
  const run = (on: number): unknown =>
    new Function('mutant', `${code}; return result;`)((number: number) => number === on);
  return { mutations, run };
}
/** Each change with the result that it leads to. */
function changes(source: string): Record<string, unknown> {
  const { mutations, run } = mutated(source);
  return Object.fromEntries(mutations.map(({ change }, index) => [change, run(index)]));
}

const CASES: readonly [source: string, was: unknown, changes: Record<string, unknown>][] = [
  ['const result = 7;', 7, { '7 → 8': 8, '7 → 6': 6 }],
  ['const result = 0;', 0, { '0 → 1': 1 }],
  ['const result = 7n;', 7n, { '7n → 8n': 8n, '7n → 6n': 6n }],
  ['const result: 1 | 2 = 2 as 2;', 2, { '2 → 3': 3, '2 → 1': 1 }],
  ['const x = ""; const result = x < x;', false, { '< → <=': true }],
  ['const x = ""; const result = x >= x;', true, { '>= → >': false }],
  ['const x = ""; const result = x === x;', true, { '=== → !==': false }],
  ['const a = true, b = false; const result = a && (b || a);', true, { '&& → ||': true, '|| → &&': false }],
  ['const x = true; const result = !x;', false, { 'drop the !': true }],
  [
    'const f = (x: string) => { if (x) return "a"; return "b"; }; const result = f("x");',
    'a',
    { 'drop the if': 'b', always: 'a' },
  ],
  [
    'const f = (x: string) => { if (x) return "a"; return "b"; }; const result = f("");',
    'b',
    { 'drop the if': 'b', always: 'a' },
  ],
  ['const result = [""].some(Boolean);', false, { 'some → every': false }],
  ['let x: any; const result = x?.some(Boolean).valueOf();', undefined, { 'some → every': undefined }],
  ['const result = ("ab" as string).startsWith("b");', false, { 'startsWith → includes': true }],
  [
    'const result = /^a{2}$/.test("xaa");',
    false,
    { '{2} → {3}': false, '{2} → {1}': false, 'drop ^': true, 'drop $': false },
  ],
  ['const result = /[+^]\\+a*/.source;', '[+^]\\+a*', { '* → +': '[+^]\\+a+' }],
  [
    'const result = `a{1,20}${""}`;',
    'a{1,20}',
    {
      '{1,20} → {2,20}': 'a{2,20}',
      '{1,20} → {0,20}': 'a{0,20}',
      '{1,20} → {1,21}': 'a{1,21}',
      '{1,20} → {1,19}': 'a{1,19}',
    },
  ],
  ["const result = [...new Set(['a', 'b'])].join();", 'a,b', { "drop 'a'": 'b', "drop 'b'": 'a' }],
  [
    "const TABLE = { a: 'x', b: 'y' } as const; const result = Object.keys(TABLE).join();",
    'a,b',
    { "drop a: 'x'": 'b', "drop b: 'y'": 'a' },
  ],
  ['const result = ((rfc: any) => rfc(5280))(String);', '5280', {}],
];
for (const [source, was, expected] of CASES) {
  test(source, () => {
    assert.is(mutated(source).run(-1), was);
    assert.equal(changes(source), expected);
  });
}

test('both branches of a condition', () => {
  const found = changes('const x: boolean = Boolean("x"); const result = x ? "a" : "b";');
  assert.equal(found, { 'always "a"': 'a', 'always "b"': 'b' });
});

test('a mutation knows its place, and whether its code runs once only', () => {
  const { mutations } = mutated('const a = 1;\nconst result = () => a < a;\n');
  assert.equal(mutations, [
    { line: 1, column: 11, change: '1 → 2', once: true },
    { line: 1, column: 11, change: '1 → 0', once: true },
    { line: 2, column: 24, change: '< → <=', once: false },
  ]);
});

test('types are left alone', () => {
  assert.equal(
    mutated('type A = 1 | [2]; interface B { c: 3 } const result = "" as unknown as A | B;').mutations,
    [],
  );
});

test('what is no TypeScript is an error with the file’s name', () => {
  assert.throws(() => withMutations('x.ts', 'const = ;', () => 0), /^x\.ts: /);
});

test.run();
