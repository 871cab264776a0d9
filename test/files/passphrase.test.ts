import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import { readPassphrase } from '../../src/files/passphrase.ts';
import { fakeIo } from '../support/command.ts';
import { inTerminal, type Step, shellWord } from '../support/terminal.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'lightrun-cert-'));
const FILE = join(FOLDER, 'passphrase');
const PROGRAM = fileURLToPath(new URL('../support/ask-passphrase.ts', import.meta.url));
const PROMPT = '(not shown): ';
const IS_ECHOED = / echo[ ;]/;

test.after(() => rmSync(FOLDER, { recursive: true }));

function fromFile(content: string | Buffer): Promise<string> {
  writeFileSync(FILE, content);
  return readPassphrase(FILE, fakeIo(), 'server.p12');
}

async function refusal(asked: Promise<string>): Promise<LintError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof LintError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** Asks for each `what` in a terminal, then shows the status and the terminal's mode. */
function ask(whats: readonly string[], steps: readonly Step[]): Promise<string> {
  return inTerminal(`${askLine(whats)}; echo status=$?; stty -a`, steps);
}

function askLine(whats: readonly string[]): string {
  return [process.execPath, '--import', 'tsx', PROGRAM, ...whats].map(shellWord).join(' ');
}

const given = (passphrase: string) => `given=${Buffer.from(passphrase).toString('hex')}\n`;

test('the first line of a file, without its end', async () => {
  for (const [content, passphrase] of [
    ['open sesame\n', 'open sesame'],
    ['open sesame', 'open sesame'],
    ['open sesame\r\n', 'open sesame'],
    ['open sesame\nnote: of last year\n', 'open sesame'],
    [' spaces count \t\n', ' spaces count \t'],
    ['Grüße 世界 😀\n', 'Grüße 世界 😀'],
    ['\ufeffopen sesame\n', 'open sesame'],
    ['\n', ''],
  ] as const) {
    assert.is(await fromFile(content), passphrase);
  }
});

test('a pipe, by the number of its descriptor', async () => {
  writeFileSync(FILE, 'open sesame\n');
  const descriptor = openSync(FILE, 'r');
  try {
    assert.is(await readPassphrase(`/dev/fd/${descriptor}`, fakeIo(), 'server.p12'), 'open sesame');
  } finally {
    closeSync(descriptor);
  }
});

test('a file that cannot hold a passphrase is refused, and nothing of it is shown', async () => {
  for (const [content, message] of [
    ['', /is empty$/],
    [Buffer.from('open sesame\n', 'utf16le'), /does not begin with a line of UTF-8 text$/],
    [Buffer.from('Grüße\n', 'latin1'), /does not begin with a line of UTF-8 text$/],
  ] as const) {
    const error = await refusal(fromFile(content));
    assert.match(error.message, message);
    assert.ok(error.message.includes(FILE));
    // The folder's name is random.
    assert.not.match((error.message + error.help).replaceAll(FOLDER, ''), /sesame|Gr/);
  }
});

test('a file that is not there, and standard input', async () => {
  const missing = await refusal(readPassphrase(join(FOLDER, 'none'), fakeIo(), 'server.p12'));
  assert.match(missing.message, /none cannot be read: there is no such file$/);
  const stdin = await refusal(readPassphrase('-', fakeIo({ stdin: 'open sesame\n' }), 'server.p12'));
  assert.is(stdin.message, '--passphrase-file does not accept "-"');
});

const stop = (shown: string) => {
  process.kill(Number(/pid=(\d+)/.exec(shown)?.[1]), 'SIGTERM');
};
/** All at the same time: most of what they take is to start. */
const terminals = () =>
  Promise.all([
    ask(
      ['server.p12', 'tls.key', 'pasted', 'skipped'],
      [
        [PROMPT, 'Gru\x7füße 世界😀\x7f\r'],
        [PROMPT, 'wrong\x15open sesame\n'],
        [PROMPT, '\x1b[200~pasted\x1b[201~\x1b[D\x1bOA\r'],
        [PROMPT, '\x04'],
      ],
    ),
    ask(['\x1b[31mserver.p12'], [[PROMPT, 'open\x03']]),
    ask(['server.p12'], [[PROMPT, stop]]),
    withoutTerminal(['server.p12']),
  ]);
let answered = '';
let interrupted = '';
let stopped = '';
let alone = '';

test.before(async () => {
  [answered, interrupted, stopped, alone] = await terminals();
});

/** A session of its own has no terminal. */
async function withoutTerminal(whats: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...whats], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  await once(child, 'close');
  return shown;
}

test('a terminal asks, and shows nothing of the answer', () => {
  assert.match(answered, `Passphrase for server.p12 ${PROMPT}\n${given('Grüße 世界')}`);
  assert.match(answered, `Passphrase for tls.key ${PROMPT}\n${given('open sesame')}`);
  assert.match(answered, `Passphrase for pasted ${PROMPT}\n${given('pasted')}`);
  assert.match(answered, `Passphrase for skipped ${PROMPT}\nlightrun-cert: no passphrase was given\n`);
  assert.not.match(answered, /sesame|Gr|wrong/);
  assert.match(answered, 'status=0\n');
});

test('after each answer, and at the end, the terminal is as before', () => {
  const modes = answered.match(/-?echo(?=[ ;])/g);
  assert.equal(modes, Array(5).fill('echo'));
});

test('Ctrl-C ends with the status of that signal, and the terminal is as before', () => {
  assert.match(interrupted, `Passphrase for \\x1b[31mserver.p12 ${PROMPT}\nstatus=130\n`);
  assert.not.match(interrupted, 'given=');
  assert.match(interrupted, IS_ECHOED);
});

test('a signal from elsewhere leaves the terminal as before', () => {
  assert.match(stopped, 'status=143\n');
  assert.match(stopped, IS_ECHOED);
});

test('without a terminal it says how to give the passphrase', () => {
  assert.match(
    alone,
    'lightrun-cert: server.p12 needs a passphrase, and there is no terminal to type it at\n',
  );
  assert.match(alone, '--passphrase-file FILE');
});

test.run();
