import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { transform } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EXISTING_CERT_VALUES } from '../../scripts/example.mjs';
import { pathWith, ROOT } from '../support/plugin.ts';
import { COMMAND, type Outcome, run } from '../support/run.ts';

/** The length of the line that names the code, before V8's data, which is there twice. */
const MARK = 68;

const dist = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
const command = join(dist, 'lightrun-cert.cjs');
const main = join(dist, 'main.cjs');
const cache = join(dist, 'main.cache');

test.before.each(() => cp(dirname(COMMAND), dist, { recursive: true }));
test.after(() => rm(dist, { recursive: true }));

function lint(): Promise<Outcome> {
  return run(process.execPath, [command, 'lint', '-'], { stdin: EXISTING_CERT_VALUES });
}

/** The same result as with the cache, and not a word about it. */
async function lintsAsEver(): Promise<void> {
  const { status, stderr } = await lint();
  assert.is(status, 0, stderr);
  assert.is(stderr, '');
}

/** V8's own data of a cache. */
function dataOf(bytes: Buffer): Buffer {
  return bytes.subarray(MARK, MARK + (bytes.length - MARK) / 2);
}

test('V8 takes the cache that the build made', async () => {
  const [code, bytes] = [await readFile(main), await readFile(cache)];
  const cachedData = dataOf(bytes);
  assert.equal(bytes, Buffer.concat([code.subarray(0, MARK), cachedData, cachedData]));
  const script = new Script(code.toString('latin1'), { filename: main, cachedData });
  assert.is(script.cachedDataRejected, false);
  await lintsAsEver();
});

test('a missing cache is not an error', async () => {
  await rm(cache);
  await lintsAsEver();
});

test('a damaged cache is not used', async () => {
  const whole = await readFile(cache);
  for (const at of [0, MARK, MARK + 40, Math.floor(whole.length / 4), whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
    await writeFile(cache, damaged);
    await lintsAsEver();
  }
});

test('a truncated cache is not used', async () => {
  const whole = await readFile(cache);
  for (const length of [0, 10, MARK, Math.floor(whole.length / 2), whole.length - 1]) {
    await writeFile(cache, whole.subarray(0, length));
    await lintsAsEver();
  }
});

test('a cache of other code of the same length is not used', async () => {
  const code = await readFile(main);
  const other = Buffer.from(code);
  other[10] = code[10] === 0x30 ? 0x31 : 0x30;
  await writeFile(main, other);
  // Were it read, this data would be taken by V8, and crash it.
  const data = dataOf(await readFile(cache)).fill(0x5a, 64);
  await writeFile(cache, Buffer.concat([code.subarray(0, MARK), data, data]));
  await lintsAsEver();
});

test('a cache that V8 refuses is not used', async () => {
  const code = await readFile(main);
  // The head of the data holds V8's version and flags: another Node made this one.
  const data = dataOf(await readFile(cache)).fill(0, 0, 16);
  await writeFile(cache, Buffer.concat([code.subarray(0, MARK), data, data]));
  await lintsAsEver();
});

test('without the program it says how to make it, and ends with 2', async () => {
  await rm(main);
  const { status, stdout, stderr } = await lint();
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.is(stderr, `lightrun-cert: ${main} cannot be read; make it with: npm ci && npm run build\n`);
});

test('with an old Node it says what is needed, and ends with 2', async () => {
  const path = await pathWith(join(dist, 'bin'), 'an old Node');
  const { status, stdout, stderr } = await run(join(path, 'node'), [command, 'lint', '-']);
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.is(stderr, 'lightrun-cert: Node 20.19 or newer is needed, and this is Node 18.20.8\n');
});

test('an old Node can parse it', async () => {
  const source = await readFile(join(ROOT, 'scripts', 'loader.cjs'), 'utf8');
  const asWritten = await transform(source, { target: 'esnext' });
  const forOldNode = await transform(source, { target: 'node10' });
  assert.is(forOldNode.code, asWritten.code);
});

test('the bundle has no import() left, which a vm.Script could not run', async () => {
  assert.not.match(await readFile(main, 'latin1'), /[^.\w]import\(/);
});

test.run();
