import { spawn } from 'node:child_process';

/** Of util-linux: it gives a program a terminal. */
const SCRIPT = 'script';

/** What is done once a terminal has printed a string, after that of the step before: keys to type, or something else. */
export type Step = readonly [awaited: string, keys: string | ((shown: string) => void)];

/**
 * Runs a line of shell in a terminal of its own, and types, or does something else.
 * @returns all that the terminal showed, line ends as `\n`
 * @throws Error where it cannot be started, or does not end
 */
export function inTerminal(line: string, steps: readonly Step[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, SHELL: '/bin/sh', TERM: 'dumb' };
    const child = spawn(SCRIPT, ['-qec', line, '/dev/null'], { env, timeout: 20_000 });
    const waiting = [...steps];
    let shown = '';
    let seen = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      const [awaited, keys] = waiting[0] ?? [];
      if (awaited === undefined || keys === undefined || !shown.includes(awaited, seen)) return;
      seen = shown.length;
      waiting.shift();
      if (typeof keys === 'string') child.stdin.write(keys);
      else keys(shown);
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (signal !== null || waiting.length > 0) {
        reject(new Error(`it ended with ${signal ?? status}, and showed: ${shown}`));
      } else resolve(shown.replaceAll('\r\n', '\n'));
    });
  });
}

/** A word of a line of shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
