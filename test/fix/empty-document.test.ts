/** Empty documents before the values, for which Helm 3 reads nothing of the file. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dropEmptyDocuments } from '../../src/fix/empty-document.ts';
import { command } from '../support/command.ts';
import { CHAIN, inline } from '../support/inline.ts';

const drop = async (text: string) => (await dropEmptyDocuments(Buffer.from(text)))?.toString() ?? null;

for (const [before, after] of [
  ['---\n---\na: 1 # one\n', 'a: 1 # one\n'],
  ['---\n---\n---\na: 1\n', '---\na: 1\n'],
  ['# mine\n---\n# more\n\n---\na: 1\n', '# mine\n# more\n\na: 1\n'],
  ['{}\n---\na: 1\n---\nb: 2\n', 'a: 1\n---\nb: 2\n'],
  ['null # none\n---\na: 1\n', 'a: 1\n'],
  ['---\r\n---\r\na: 1\r\n', 'a: 1\r\n'],
  ['\ufeff---\n---\na: 1\n', '\ufeffa: 1\n'],
] as const) {
  test(`${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, async () => {
    assert.is(await drop(before), after);
    assert.is(await drop(after), null);
  });
}

test('any other file stays as it is', async () => {
  for (const text of [
    '',
    'a: 1\n',
    '---\na: 1\n',
    '# c\n---\na: 1\n',
    'a: 1\n---\n---\n',
    'a: 1\n---\nb: 2\n',
    'a: [',
  ]) {
    assert.is(await drop(text), null, text);
  }
});

test('the filter says what it did', async () => {
  const { status, stdout, stderr } = await command(['lint', '--fix', '-'], {
    stdin: `---\n---\n${inline(CHAIN)}`,
  });
  assert.equal([status, stdout], [0, inline(CHAIN)]);
  assert.match(stderr, /^<stdin>: fixed\n {2}removed the empty document before the values\n/);
});

test.run();
