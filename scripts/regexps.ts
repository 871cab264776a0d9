// npm run regexps: whether a regular expression of src/ can take longer than a multiple of its input's length, by recheck,
// which npm fetches once into .cache. Ends with 1 where one can that does not only see short input. What recheck cannot
// decide in time is counted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { CACHE, fetchPackage } from '../test/support/npm-package.ts';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
const CHECKER = join(CACHE, 'recheck-4.5.0.cjs');
const TIMEOUT = 5000;

/** Files whose regular expressions see short text only, and what bounds it. */
const BOUNDED: ReadonlyMap<string, string> = new Map([
  ['values/unresolved.ts', 'LONGEST_REFERENCE: 2,048 characters'],
  ['rules/shared/placeholders.ts', 'LONGEST_STAND, MAX_LENGTH: 300 characters; words of examples: 80'],
  [
    'values/yaml/fast-reader.ts',
    'a key has 200 characters at most; a line that is matched as a whole, 64 KiB',
  ],
  ['helm/helm-error.ts', 'LONGEST: what is kept of an error of Helm'],
]);

interface Checker {
  checkSync(
    source: string,
    flags: string,
    options: { timeout: number },
  ): { status: 'safe' | 'vulnerable' | 'unknown'; complexity?: { summary: string } };
}

/** The package's checker in JavaScript; those for each platform, which it would install too, take 50 MB. */
async function checker(): Promise<Checker> {
  if (!existsSync(CHECKER)) {
    const work = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
    const integrity =
      'sha512-kPnbOV6Zfx9a25AZ++28fI1q78L/UVRQmmuazwVRPfiiqpMs+WbOU69Shx820XgfKWfak0JH75PUvZMFtRGSsw==';
    await mkdir(CACHE, { recursive: true });
    const folder = await fetchPackage({ name: 'recheck', version: '4.5.0', integrity }, work);
    await copyFile(join(folder, 'lib', 'browser.js'), CHECKER);
    await rm(work, { recursive: true });
  }
  return createRequire(import.meta.url)(CHECKER);
}

/** The regular expression literals of a file, with their lines. */
function literalsOf(file: string): { pattern: string; flags: string; line: number }[] {
  const code = readFileSync(join(SOURCES, file), 'utf8');
  const found: { pattern: string; flags: string; line: number }[] = [];
  new Visitor({
    Literal(node) {
      if (!('regex' in node)) return;
      found.push({ ...node.regex, line: code.slice(0, node.start).split('\n').length });
    },
  }).visit(parseSync(file, code).program);
  return found;
}

const { checkSync } = await checker();
let [count, undecided] = [0, 0];
for (const file of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!file.endsWith('.ts') || BOUNDED.has(file)) continue;
  for (const { pattern, flags, line } of literalsOf(file)) {
    count += 1;
    const { status, complexity } = checkSync(pattern, flags.replace(/[dv]/g, ''), { timeout: TIMEOUT });
    if (status === 'unknown') undecided += 1;
    if (status !== 'vulnerable') continue;
    console.error(`src/${file}:${line}: ${complexity?.summary}: /${pattern}/${flags}`);
    process.exitCode = 1;
  }
}
console.log(`${count} regular expressions; ${undecided} could not be decided in ${TIMEOUT / 1000} s each`);
