import { closeSync, openSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { LintError } from '../errors.ts';
import { exitStatusOf, type Io } from '../io.ts';
import { displayFile } from '../text/display.ts';
import { readInput, STDIN } from './read.ts';

/** The terminal of this process, whatever its standard input and output are. */
const TERMINAL =
  process.platform === 'win32'
    ? { input: '\\\\.\\CONIN$', output: '\\\\.\\CONOUT$' }
    : { input: '/dev/tty', output: '/dev/tty' };

const FROM_FILE =
  'Write the passphrase into a file that only you can read, and name it:\n  --passphrase-file FILE\nIn Bash, a program can supply it without a file:\n  --passphrase-file <(pass show lightrun)';

/**
 * Reads a passphrase: the first line of a file, or what is typed at the terminal, without echo. Ctrl-C there ends this
 * process as the signal would.
 * @param file of `--passphrase-file`, also a pipe such as /dev/fd/3; null where it was not given
 * @param what the passphrase is for, such as a file's name; untrusted text
 * @throws LintError where it cannot be read, or there is no terminal
 */
export async function readPassphrase(file: string | null, io: Io, what: string): Promise<string> {
  return file === null ? ask(displayFile(what)) : firstLine(file, io);
}

function firstLine(file: string, io: Io): string {
  if (file === STDIN) {
    throw new LintError(
      '--passphrase-file does not accept "-"',
      'Name a file, or /dev/stdin if nothing else is read from standard input.',
    );
  }
  const { bytes, name } = readInput(file, io);
  const flag = `--passphrase-file ${displayFile(name)}`;
  if (bytes.length === 0) {
    throw new LintError(`${flag} is empty`, 'Write the passphrase into its first line.');
  }
  const end = bytes.indexOf('\n');
  const line = decoded(end === -1 ? bytes : bytes.subarray(0, end));
  if (line === null) {
    throw new LintError(
      `${flag} does not begin with a line of UTF-8 text`,
      'Write the passphrase into its first line, and save it as UTF-8.',
    );
  }
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** A byte-order mark is not part of the passphrase; NUL means UTF-16, or not text at all. */
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
    throw new LintError(`${what} needs a passphrase, and there is no terminal to type it at`, FROM_FILE);
  }
  const { input, output } = terminal;
  try {
    const answer = lineOf(input);
    // Before the prompt, so that no early keystroke is echoed.
    input.setRawMode(true);
    say(output, `Passphrase for ${what} (not shown): `);
    const passphrase = await answer;
    if (passphrase !== null) return passphrase;
  } finally {
    input.setRawMode(false);
    input.destroy();
    say(output, '\n');
    closeSync(output);
  }
  return process.exit(exitStatusOf('SIGINT'));
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

/** If the terminal is gone, reading from it will say so. */
function say(output: number, text: string): void {
  try {
    writeSync(output, text);
  } catch {}
}

/** What is typed up to Enter; null for Ctrl-C. */
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

/** What has been typed at a prompt so far. */
export type Typed =
  | { state: 'open' }
  /** Ended by Enter, or by Ctrl-D after at least one character. */
  | { state: 'done'; passphrase: string }
  /** Ctrl-C, or Ctrl-D at the start. */
  | { state: 'interrupted' | 'ended' };

const INTERRUPT = '\x03';
const END_OF_INPUT = '\x04';
const ERASE_LINE = '\x15';
const BACKSPACES = new Set(['\b', '\x7f']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ENDS = /[\r\n\x03\x04]/;
/** What arrow and function keys send, and the brackets around pasted text (ECMA-48 section 5.4; SS3 with one character). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPE_SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/gs;

/**
 * Reads what a terminal in raw mode has sent: characters up to Enter; Backspace deletes one, Ctrl-U all of them. Keys
 * without a character are ignored.
 * @param keys everything sent since the prompt
 */
export function readTyped(keys: string): Typed {
  const end = ENDS.exec(keys);
  if (!end) return { state: 'open' };
  if (end[0] === INTERRUPT) return { state: 'interrupted' };
  const passphrase = editedLine(keys.slice(0, end.index));
  return end[0] === END_OF_INPUT && passphrase === '' ? { state: 'ended' } : { state: 'done', passphrase };
}

function editedLine(keys: string): string {
  let line: string[] = [];
  for (const character of keys.replace(ESCAPE_SEQUENCES, '')) {
    if (BACKSPACES.has(character)) line.pop();
    else if (character === ERASE_LINE) line = [];
    else if (character >= ' ' || character === '\t') line.push(character);
  }
  return line.join('');
}
