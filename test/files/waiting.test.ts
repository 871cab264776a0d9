import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startWaiting, whileWaiting } from '../../src/files/waiting.ts';
import { fakeIo } from '../support/command.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { COMMAND, run } from '../support/run.ts';
import { inTerminal, shellWord } from '../support/terminal.ts';

const test = suite('waiting');

/** What is written on a terminal of this many columns, null for none. */
function written(columns: number | null) {
  const ended = { status: 0, stdout: '', stderr: '' };
  return { io: fakeIo(columns === null ? {} : { terminal: columns }, ended), ended };
}

/** What a terminal shows in the end of a line that is written over. */
function shownAtLast(text: string): string {
  const cells: string[] = [];
  let column = 0;
  for (const character of text) {
    if (character === '\r') column = 0;
    else {
      cells[column] = character;
      column += 1;
    }
  }
  return cells.join('').trimEnd();
}

test('says after two seconds what it waits for, and wipes it', async () => {
  const { io, ended } = written(80);
  const work = whileWaiting(io, 'Waiting for the cluster', () => sleep(2_400));
  await sleep(1_800);
  assert.is(ended.stderr, '');
  await sleep(400);
  assert.is(ended.stderr, 'Waiting for the cluster …');
  await work;
  assert.is(shownAtLast(ended.stderr), '');
  assert.ok(ended.stderr.endsWith('\r'));
  assert.is(ended.stdout, '');
});

test('wipes it when the work fails, and gives what the work gives', async () => {
  const { io, ended } = written(80);
  const error = await whileWaiting(io, 'Waiting', async () => {
    await sleep(2_200);
    throw new Error('no');
  }).catch((reason) => reason);
  assert.is(error.message, 'no');
  assert.match(ended.stderr, /^Waiting …\r +\r$/);
  assert.is(await whileWaiting(io, 'Waiting', async () => 7), 7);
});

test('says nothing where there is no terminal', async () => {
  const { io, ended } = written(null);
  await Promise.all([
    whileWaiting(io, 'Waiting', () => sleep(2_200)),
    whileWaiting(null, 'Waiting', () => sleep(2_200)),
  ]);
  assert.is(ended.stderr, '');
});

test('takes one line, whatever the terminal’s width and the characters', async () => {
  const waits = [
    [20, 'Waiting for a chart with a long name'],
    [20, '等待图表的名称很长的图表等待'],
    [0, 'x'.repeat(100)],
  ] as const;
  const all = waits.map(async ([columns, what]) => {
    const { io, ended } = written(columns);
    await whileWaiting(io, what, () => sleep(2_100));
    return ended.stderr.split('\r');
  });
  const [narrow, wide, unknown] = await Promise.all(all);
  assert.equal(narrow, ['Waiting for a char…', ' '.repeat(19), '']);
  assert.equal(wide, ['等待图表的名称很长…', ' '.repeat(19), '']);
  assert.equal(unknown, [`${'x'.repeat(78)}…`, ' '.repeat(79), '']);
});

test('work that leaves no time to timers says it between its steps, not more often than can be read', () => {
  const { io, ended } = written(80);
  const waiting = startWaiting(io, 'Checking file 1 of 3');
  const workFor = (time: number) => {
    const end = Date.now() + time;
    while (Date.now() < end);
  };
  waiting.say('Checking file 2 of 3');
  assert.is(ended.stderr, '');
  workFor(2_010);
  waiting.say('Checking file 3 of 3');
  const first = 'Checking file 3 of 3 …';
  assert.is(ended.stderr, first);
  waiting.say('Checking file 4 of 4');
  assert.is(ended.stderr, first, 'within 100 ms');
  workFor(110);
  waiting.say('Checking file 5 of 5');
  assert.is(shownAtLast(ended.stderr), 'Checking file 5 of 5 …');
  waiting.end();
  assert.is(shownAtLast(ended.stderr), '');
});

const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
test.after(() => rm(folder, { recursive: true, force: true }));

async function script(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

const commandLine = (args: string) => `${shellWord(process.execPath)} ${shellWord(COMMAND)} ${args}`;
/** A Helm that takes its time, and fails. */
const SLOW_HELM = '#!/bin/sh\nsleep 2.5\nexit 1\n';

const CALLS = [
  ['lint --chart repository/chart', 'Waiting for Helm to fetch the chart repository/chart …'],
  ['lint --set a=b', 'Waiting for Helm to merge the values …'],
  ['lint --cluster values.yaml', 'Waiting for the cluster …'],
  ['install --unknown-flag x y', 'Waiting for Helm to list its flags …'],
] as const;

test('in a terminal, each call of Helm that takes long is said; elsewhere nothing is', async () => {
  const helm = await script('helm', SLOW_HELM);
  await writeFile(join(folder, 'values.yaml'), 'certificate:\n  existing_cert: lightrun-tls\n');
  const env = { ...process.env, HELM_BIN: helm };
  const all = CALLS.map(async ([args, what]) => {
    const line = `cd ${shellWord(folder)}; HELM_BIN=${shellWord(helm)} ${commandLine(args)}`;
    const [shown, piped] = await Promise.all([
      inTerminal(line, []),
      run(process.execPath, [COMMAND, ...args.split(' ')], { cwd: folder, env }),
    ]);
    const [, after = ''] = shown.split(what);
    assert.match(after, /^\r +\r/, args);
    assert.not.match(piped.stderr, /Waiting|\r/, args);
  });
  await Promise.all(all);
});

test('in a terminal, lint of several files says which it checks, and the report stays whole', async () => {
  await writeFile(join(folder, 'a.yaml'), inline(CHAIN));
  await writeFile(join(folder, 'c.yaml'), inline(CHAIN));
  await run('mkfifo', [join(folder, 'slow.yaml')]);
  const writer = spawn('sh', ['-c', 'sleep 2.5; cat a.yaml > slow.yaml'], { cwd: folder });
  const shown = await inTerminal(
    `cd ${shellWord(folder)}; ${commandLine('lint a.yaml slow.yaml c.yaml')}`,
    [],
  );
  writer.kill();
  assert.match(shown, /^Checking file 3 of 3 …\r +\ra\.yaml {2}ok\n/);
});

test('in a terminal, generate says that it makes the key', async () => {
  const slow = await script(
    'slow.cjs',
    `const { webcrypto: { subtle } } = require('node:crypto');
const generateKey = subtle.generateKey.bind(subtle);
subtle.generateKey = async (...args) => {
  await new Promise((resolve) => setTimeout(resolve, 2500));
  return generateKey(...args);
};\n`,
  );
  const args = 'generate --host lightrun.test --key ec256 --out-dir tls';
  const line = `cd ${shellWord(folder)}; NODE_OPTIONS=--require=${slow} ${commandLine(args)}`;
  const shown = await inTerminal(line, []);
  assert.match(shown, /^Making the private key …\r +\rSelf-signed, for testing only/);
});

test.run();
