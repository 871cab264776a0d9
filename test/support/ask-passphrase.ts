/**
 * Asks for passphrases as a command does, and tells its process and, in hexadecimal, what it was given: so the text
 * itself is nowhere in the output. After each it shows the terminal's mode. Run in a terminal by test/files/passphrase.test.ts: `ask-passphrase.ts WHAT…`.
 */
import { spawnSync } from 'node:child_process';
import { LintError, printError } from '../../src/errors.ts';
import { readPassphrase } from '../../src/files/passphrase.ts';
import { fakeIo } from './command.ts';

console.log(`pid=${process.pid}`);
for (const what of process.argv.slice(2)) {
  try {
    const passphrase = await readPassphrase(null, fakeIo(), what);
    console.log(`given=${Buffer.from(passphrase).toString('hex')}`);
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    printError(error, { ...fakeIo(), stderr: (text) => process.stdout.write(text) });
  }
  if (process.stdin.isTTY) spawnSync('stty', ['-a'], { stdio: 'inherit' });
}
