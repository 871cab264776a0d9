/** What was typed at a prompt so far. */
export type Typed =
  | { state: 'open' }
  /** Ended by Enter, or by Ctrl-D behind something. */
  | { state: 'done'; passphrase: string }
  /** Ctrl-C, or Ctrl-D before anything. */
  | { state: 'interrupted' | 'ended' };

const INTERRUPT = '\x03';
const END_OF_INPUT = '\x04';
const ERASE_LINE = '\x15';
const BACKSPACES = new Set(['\b', '\x7f']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ENDS = /[\r\n\x03\x04]/;
/** What arrow and function keys send, and what encloses pasted text (ECMA-48 section 5.4; SS3 with one character). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPE_SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/gs;

/**
 * Reads what a terminal in raw mode has sent: characters up to Enter; backspace takes one back, Ctrl-U all of them.
 * Keys that stand for no character are passed over.
 * @param keys all that was sent since the prompt
 */
export function readTyped(keys: string): Typed {
  const end = ENDS.exec(keys);
  if (!end) return { state: 'open' };
  if (end[0] === INTERRUPT) return { state: 'interrupted' };
  const passphrase = lineOf(keys.slice(0, end.index));
  return end[0] === END_OF_INPUT && passphrase === '' ? { state: 'ended' } : { state: 'done', passphrase };
}

function lineOf(keys: string): string {
  let line: string[] = [];
  for (const character of keys.replace(ESCAPE_SEQUENCES, '')) {
    if (BACKSPACES.has(character)) line.pop();
    else if (character === ERASE_LINE) line = [];
    else if (character >= ' ' || character === '\t') line.push(character);
  }
  return line.join('');
}
