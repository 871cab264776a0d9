/** One list of the formats of a report; whatever names them names all of them, in its order. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { FORMATS } from '../../src/options/report.ts';
import { command } from '../support/command.ts';
import { ROOT } from '../support/plugin.ts';

const read = (name: string) => readFile(join(ROOT, name), 'utf8');
const wordsIn = (text: string) => (text.match(/[a-z]+/g) ?? []).filter((word) => word !== 'or');

test('action.yml', async () => {
  const { inputs } = parse(await read('action.yml'));
  assert.equal(wordsIn(inputs.format.description), FORMATS);
  assert.ok(FORMATS.includes(inputs.format.default));
});

test('docs/ci.md: the input of the Action', async () => {
  const row = (await read('docs/ci.md')).split('\n').find((line) => line.startsWith('| `format` '));
  assert.equal(wordsIn(row?.split('|')[2] ?? ''), FORMATS);
});

test('docs/formats.md: each has a row, and those for programs that show findings one in the second table', async () => {
  const tables = (await read('docs/formats.md'))
    .split(/\n(?!\|)/)
    .map((table) => table.split('\n').flatMap((line) => /^\| `([a-z]+)` /.exec(line)?.[1] ?? []));
  const named = tables.filter((names) => names.includes('sarif'));
  const shown = FORMATS.filter((each) => each !== 'text' && each !== 'json');
  assert.equal(named, [FORMATS, shown]);
});

test('the help of each command with reports', async () => {
  for (const [name, flag] of [
    ['lint', 'format'],
    ['post-render', 'format'],
    ...['install', 'upgrade', 'template'].map((each) => [each, 'lint-format']),
  ] as const) {
    const { stdout } = await command([name, '--help'], {});
    const [, list] = new RegExp(`--${flag} FORMAT\\s+([a-z, \\n]+?) \\(default`).exec(stdout) ?? [];
    assert.equal(wordsIn(list ?? ''), FORMATS, name);
  }
});

test('a format that there is not is refused with all that there are', async () => {
  const { status, stderr } = await command(['lint', '--format', 'xml', '-'], {});
  assert.is(status, 2);
  assert.equal(wordsIn(/ is not one of (.*)\n/.exec(stderr)?.[1] ?? ''), FORMATS);
});

test('completion', async () => {
  for (const args of [
    ['lint', '--format', ''],
    ['upgrade', '--lint-format', ''],
  ]) {
    const { stdout } = await command(['__complete', ...args], {});
    assert.equal(stdout.split('\n').slice(0, FORMATS.length), FORMATS);
  }
});

test.run();
