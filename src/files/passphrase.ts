import { closeSync, openSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { LintError } from '../errors.ts';
import { statusOf } from '../helm/signal.ts';
import type { Io } from '../io.ts';
import { display } from '../text/display.ts';
import { readInput, STDIN } from './read.ts';
import { readTyped } from './typed-passphrase.ts';

/** The terminal of this process, whatever its standard input and output are. */
const TERMINAL =
  process.platform === 'win32'
    ? { input: '\\\\.\\CONIN$', output: '\\\\.\\CONOUT$' }
    : { input: '/dev/tty', output: '/dev/tty' };

const SHOWN_LENGTH = 200;
const FROM_FILE =
  'Write the passphrase into a file that only you can read, and name that:\n  --passphrase-file FILE\nBash takes it from a program without a file:\n  --passphrase-file <(pass show lightrun)';

/**
 * A passphrase: the first line of a file, without its end, or else what is typed at the terminal, which does not
 * show it. Ctrl-C there ends this process as the signal would.
 * @param file of `--passphrase-file`, also a pipe such as /dev/fd/3; null where it was not given
 * @param what the passphrase is for, such as a file's name; untrusted text
 * @throws LintError where it cannot be read, or there is no terminal to ask at
 */
export async function readPassphrase(file: string | null, io: Io, what: string): Promise<string> {
  return file === null ? ask(display(what, SHOWN_LENGTH)) : firstLine(file, io);
}

function firstLine(file: string, io: Io): string {
  if (file === STDIN) {
    throw new LintError(
      '--passphrase-file takes no "-"',
      'Name a file, or /dev/stdin where nothing else is read from standard input.',
    );
  }
  const { bytes, name } = readInput(file, io);
  const told = `--passphrase-file ${display(name, SHOWN_LENGTH)}`;
  if (bytes.length === 0) {
    throw new LintError(`${told} is empty`, 'Write the passphrase into its first line.');
  }
  const end = bytes.indexOf('\n');
  const line = decoded(end === -1 ? bytes : bytes.subarray(0, end));
  if (line === null) {
    throw new LintError(
      `${told} does not begin with a line of text in UTF-8`,
      'Write the passphrase into its first line, and save it as UTF-8.',
    );
  }
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** A byte-order mark is none of the passphrase; NUL shows that it is UTF-16, or no text at all. */
function decoded(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function ask(what: string): Promise<string> {
  const terminal = await openTerminal();
  if (!terminal) {
    throw new LintError(`${what} needs a passphrase, and there is no terminal to ask for it`, FROM_FILE);
  }
  const { input, output } = terminal;
  try {
    const answer = lineOf(input);
    // Before the prompt, so that nothing of an answer is shown, however soon it comes.
    input.setRawMode(true);
    say(output, `Passphrase of ${what} (it is not shown): `);
    const passphrase = await answer;
    if (passphrase !== null) return passphrase;
  } finally {
    input.setRawMode(false);
    input.destroy();
    say(output, '\n');
    closeSync(output);
  }
  return process.exit(statusOf('SIGINT'));
}

async function openTerminal(): Promise<{ input: ReadStream; output: number } | null> {
  const tty = await import('node:tty');
  let output: number | undefined;
  try {
    output = openSync(TERMINAL.output, 'r+');
    return { input: new tty.ReadStream(openSync(TERMINAL.input, 'r+')), output };
  } catch {
    if (output !== undefined) closeSync(output);
    return null;
  }
}

/** Where the terminal has gone, reading from it says so. */
function say(output: number, text: string): void {
  try {
    writeSync(output, text);
  } catch {}
}

/** What is typed up to Enter; null where that is Ctrl-C. */
function lineOf(input: ReadStream): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const none = () =>
      reject(new LintError('no passphrase was given', `Run the command again.\n${FROM_FILE}`));
    let keys = '';
    input.setEncoding('utf8');
    input.on('data', (text: string) => {
      keys += text;
      const typed = readTyped(keys);
      if (typed.state === 'done') resolve(typed.passphrase);
      else if (typed.state === 'interrupted') resolve(null);
      else if (typed.state === 'ended') none();
    });
    input.on('end', none);
    input.on('error', none);
  });
}
