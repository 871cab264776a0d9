// The copy of the working tree that mutate.mjs mutates and tests, so that the tree itself is never touched.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withMutations } from './mutations.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A temporary copy of the working tree; it is removed when this process ends. */
export const COPY = mkdtempSync(join(tmpdir(), 'mutate-'));
process.on('exit', () => rmSync(COPY, { recursive: true, force: true, maxRetries: 5 }));

/** The files of the working tree that git does not ignore, relative to the root. */
export function projectFiles() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return listed.filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

/** Fills the copy. Its tests register with uvu.mjs in place of uvu. */
export async function fillCopy() {
  const files = projectFiles();
  for (const file of files) await cp(join(ROOT, file), join(COPY, file), { verbatimSymlinks: true });
  symlinkSync(join(ROOT, 'node_modules'), join(COPY, 'node_modules'));
  for (const name of ['.cache', 'tmp']) mkdirSync(join(COPY, name));
  for (const name of readdirSync(join(ROOT, '.cache'))) {
    if (!name.startsWith('tests-')) symlinkSync(join(ROOT, '.cache', name), join(COPY, '.cache', name));
  }
  const uvu = JSON.stringify(join(COPY, 'scripts', 'mutate', 'uvu.mjs'));
  for (const file of files.filter((each) => each.startsWith('test/') && each.endsWith('.ts'))) {
    edit(file, (text) => text.replace(/ from 'uvu';/, ` from ${uvu};`));
  }
}

/**
 * Writes all mutations of a file into its copy.
 *
 * @param {string} file relative to the root
 * @param {(mutation: import('./mutations.mjs').Mutation) => number} enter assigns a mutation its number
 */
export function mutateCopy(file, enter) {
  const url = JSON.stringify(join(COPY, 'scripts', 'mutate', 'switch.mjs'));
  edit(file, (text) => `import { mutant } from ${url}; ${withMutations(file, text, enter)}`);
}

/** A line of a source as it is in the working tree. */
export function sourceLine(/** @type {string} */ file, /** @type {number} */ line) {
  return readFileSync(join(ROOT, file), 'utf8').split('\n')[line - 1] ?? '';
}

function edit(/** @type {string} */ file, /** @type {(text: string) => string} */ change) {
  writeFileSync(join(COPY, file), change(readFileSync(join(COPY, file), 'utf8')));
}
