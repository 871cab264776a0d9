import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCommands } from '../src/cli.ts';
import { command } from './support/command.ts';

const COMMANDS = await loadCommands();
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

test('--version', async () => {
  assert.equal(await command(['--version']), { status: 0, stdout: `lightrun-cert ${version}\n`, stderr: '' });
});

test('--help names the commands and the exit status', async () => {
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { status, stdout, stderr } = await command(args);
    assert.is(status, 0);
    assert.is(stderr, '');
    for (const { name, summary } of COMMANDS)
      assert.match(stdout, new RegExp(`^  ${name} +${summary}$`, 'm'));
    assert.match(stdout, /2 {2}not everything could be checked/);
  }
});

test('every command has its help', async () => {
  for (const args of [
    ['lint', '--help'],
    ['lint', 'x.yaml', '-h'],
    ['help', 'lint'],
  ]) {
    const { status, stdout } = await command(args);
    assert.is(status, 0);
    assert.match(stdout, /--expires-within DAYS/);
  }
  assert.match((await command(['explain', '--help'])).stdout, /explain \[RULE\]/);
});

test('help fits into 80 columns', async () => {
  for (const args of [['--help'], ['explain'], ...COMMANDS.map(({ name }) => ['help', name])]) {
    const { stdout } = await command(args);
    assert.equal(
      stdout.split('\n').filter((line) => line.length > 80),
      [],
    );
  }
});

test('no command: the help on standard error, and 2', async () => {
  const { status, stdout, stderr } = await command([]);
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /Usage/);
});

test('an unknown command: the nearest one, and 2', async () => {
  const { status, stdout, stderr } = await command(['lnit']);
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /there is no command lnit\n {2}Did you mean lint\?/);
});

test('an unknown flag: the nearest one, and 2', async () => {
  for (const [flag, near] of [
    ['--stict', '--strict'],
    ['--formt=json', '--format'],
    ['--root-path', '--root'],
  ] as const) {
    const { status, stdout, stderr } = await command(['lint', flag]);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, new RegExp(`has no flag ${flag.split('=')[0]}\\n {2}Did you mean ${near}\\?`));
  }
});

test('an argument cannot reach the terminal', async () => {
  for (const args of [
    ['\x1b[2J'],
    ['lint', '--\x1b[2J'],
    ['lint', '\x1b[2J'],
    ['explain', '\x1b[2J'],
    ['lint', '--at', '\x1b[2J'],
  ]) {
    const { status, stderr } = await command(args);
    assert.is(status, 2);
    assert.not.ok(stderr.includes('\x1b'));
    assert.match(stderr, /\\x1b/);
  }
});

test.run();
