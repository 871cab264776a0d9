/** Values that move within a file: what the text is afterwards, and what is not touched. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { moveValues } from '../../src/values/move.ts';

async function moved(
  text: string,
  ...moves: (readonly [from: string, to: string])[]
): Promise<string | null> {
  const paths = moves.map(([from, to]) => ({ from: from.split('/'), to: to.split('/') }));
  const bytes = await moveValues(Buffer.from(text), paths);
  return bytes === null ? null : bytes.toString();
}

for (const [form, from, to, before, after] of [
  [
    'a key is renamed where it is',
    'a/old',
    'a/new',
    'a:\n  old: "1" # one\n  b: 2\n',
    'a:\n  new: "1" # one\n  b: 2\n',
  ],
  ['also in a flow mapping', 'a/old', 'a/new', 'a: {old: 1,  b: 2}\n', 'a: {new: 1,  b: 2}\n'],
  ['a mapping is renamed', 'old', 'new', 'old:   # one\n  b:\n   - 2\n', 'new:   # one\n  b:\n   - 2\n'],
  [
    'keys are put above it',
    'old',
    'a/b/c',
    'x: 1\nold: 2 # two\ny: 3\n',
    'x: 1\na:\n  b:\n    c: 2 # two\ny: 3\n',
  ],
  [
    'keys are put between it and its mapping',
    'a',
    'a/b',
    'a: # one\n  # two\n  c: 1\n\n  d: |\n    x\n     y\nz: 1\n',
    'a:\n  b: # one\n    # two\n    c: 1\n\n    d: |\n      x\n       y\nz: 1\n',
  ],
  [
    'its lines go under an empty key',
    'b',
    'a/b',
    'a:\nb:\n  c: 1 # one\n  d: 2\ne: 3\n',
    'a:\n  b:\n    c: 1 # one\n    d: 2\ne: 3\n',
  ],
  [
    'with the comments above it',
    'a/b',
    'b',
    '# top\na:\n  c: 1\n  # one\n  # two\n  b:\n    # three\n    d: 2\n  e: 3\n',
    '# top\na:\n  c: 1\n  e: 3\n# one\n# two\nb:\n  # three\n  d: 2\n',
  ],
  [
    'not with those at the top of the file',
    'b',
    'a/b',
    '# top\nb: 1\na:\n  c: 2\n',
    '# top\na:\n  c: 2\n  b: 1\n',
  ],
  [
    'mappings that it leaves empty go',
    'a/b/c',
    'd/c',
    'a:\n  b:\n    c: 1\nd:\n  e: 2\n',
    'd:\n  e: 2\n  c: 1\n',
  ],
  ['a mapping above both stays', 'a/b/c', 'a/c', 'a:\n  b:\n    c: 1\n', 'a:\n  c: 1\n'],
  ['an empty value is replaced', 'b', 'a/c', 'a:\n  c: ""\nb: x\n', 'a:\n  c: "x"\n'],
  [
    'a block keeps its lines',
    'b',
    'a/b',
    'a:\n  c: 1\nb: |-\n  x\n\n   y\n',
    'a:\n  c: 1\n  b: |-\n    x\n\n     y\n',
  ],
  ['without a line break at the end', 'b', 'a/b', 'b: 1\na:\n  c: 2', 'a:\n  c: 2\n  b: 1'],
  ['an anchor goes with it', 'b', 'a/b', 'b: &x 1\na:\n  c: 2\n', 'a:\n  c: 2\n  b: &x 1\n'],
] as const) {
  test(form, async () => {
    assert.is(await moved(before, [from, to]), after);
    const windows = await moved(before.replaceAll('\n', '\r\n'), [from, to]);
    assert.is(windows, after.replaceAll('\n', '\r\n'));
    assert.is(await moved(`\ufeff${before}`, [from, to]), `\ufeff${after}`);
  });
}

test('one after the other', async () => {
  const text = 'crt: 1 # one\nx: 0\nkey: 2 # two\n';
  const after = 'tls:\n  crt: 1 # one\n  key: 2 # two\nx: 0\n';
  assert.is(await moved(text, ['crt', 'tls/crt'], ['key', 'tls/key']), after);
});

test('nothing is moved where more than that would change', async () => {
  for (const [text, from, to] of [
    ['a: 1\n', 'b', 'c'],
    ['a: 1\nb: 2\n', 'a', 'b'],
    ['a: 1\nb: {c: 2}\n', 'a', 'b'],
    ['a: 1\n---\nb: 2\n', 'a', 'c'],
    ['a: [\n', 'a', 'b'],
    // Used before it is written.
    ['a:\n  b: &x 1\nc: *x\n', 'a/b', 'd/b'],
    // A comment on a key that would go.
    ['a: # one\n  b: 1\nc:\n  d: 2\n', 'a/b', 'c/b'],
    // Not on lines of its own.
    ['a: {b: {c: 1}, d: 2}\n', 'a/b', 'b'],
    ['a:\n  - b: 1\n', 'a/b', 'b'],
    // What a merge brings in is written elsewhere.
    ['x: &x {b: 1}\na:\n  <<: *x\nc: 1\n', 'a/b', 'b'],
    ['\u0000a: 1\n', 'a', 'b'],
  ] as const) {
    assert.is(await moved(text, [from, to]), null, text);
  }
});

test.run();
