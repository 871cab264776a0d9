import { spawnSync } from 'node:child_process';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Script } from 'node:vm';
import { transform } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EXISTING_CERT_VALUES } from '../../scripts/example.mjs';
import { canaryOf, leaked } from '../support/canary.ts';
import { writeChart } from '../support/chart.ts';
import { helms } from '../support/helms.ts';
import { CHAIN, inline, KEY } from '../support/inline.ts';
import { pathWith, ROOT } from '../support/plugin.ts';
import { COMMAND, type Outcome, run } from '../support/run.ts';
import { shellWord } from '../support/terminal.ts';

/** The length of the line that names the code. A byte for the kind of run follows, then V8's data. */
const MARK = 68;
const HEAD = MARK + 1;
const CERTIFICATES = inline(CHAIN);
const NOBODY = 65_534;
/** The time that a whole cache bears is this, and a second for each byte. */
const FIRST_TIME = 946_684_800;

const top = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
const dist = join(top, 'dist');
const home = join(top, 'home');
const command = join(dist, 'lightrun-cert.cjs');
const main = join(dist, 'main.cjs');
const beside = join(dist, 'cache');
const own = join(home, '.cache', 'lightrun-cert');

test.before.each(async () => {
  await rm(dist, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
  await mkdir(home);
  // Others have to get there, for what is tested with another user.
  await chmod(top, 0o755);
  await cp(dirname(COMMAND), dist, { recursive: true });
  await rm(beside, { recursive: true, force: true });
});
test.after(() => rm(top, { recursive: true }));

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { XDG_CACHE_HOME: _, ...env } = process.env;
  return { ...env, HOME: home, ...more };
}

function lint(stdin = CERTIFICATES, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run(process.execPath, [command, 'lint', '-'], { stdin, env: environment(env) });
}

/** The same result as ever, and nothing said. */
async function lintsAsEver(stdin?: string, env?: NodeJS.ProcessEnv): Promise<void> {
  const { status, stdout, stderr } = await lint(stdin, env);
  assert.equal([status, stderr], [0, '']);
  assert.match(stdout, /^<stdin> {2}(ok|not checked)\n/);
}

/** The only cache of main.cjs in a folder. */
async function cacheIn(folder: string): Promise<string> {
  const mark = (await readFile(main, 'latin1')).slice(3, 19);
  const found = (await readdir(folder)).filter((name) => name.startsWith(mark));
  assert.is(found.length, 1, found.join(' '));
  return join(folder, String(found[0]));
}

function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** V8's own data of a cache. */
function dataOf(bytes: Buffer): Buffer {
  return bytes.subarray(HEAD);
}

/** A cache in its right form whose data would crash V8, were it read. */
async function poisoned(cache: string): Promise<Buffer> {
  const bytes = await readFile(cache);
  dataOf(bytes).fill(0x5a, 64);
  return bytes;
}

/** Writes a cache as the program does: with the time that a whole one bears. */
async function writeWhole(cache: string, bytes: Buffer): Promise<void> {
  await writeFile(cache, bytes);
  await utimes(cache, FIRST_TIME + bytes.length, FIRST_TIME + bytes.length);
}

async function isWhole(cache: string): Promise<boolean> {
  const { size, mtimeMs } = await stat(cache);
  return mtimeMs === (FIRST_TIME + size) * 1000;
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test('the version is said without the program, as the program says it', async () => {
  const says = (word: string) => run(process.execPath, [command, word], { env: environment() });
  const whole = await says('version');
  assert.match(whole.stdout, /^lightrun-cert \d+\.\d+\.\d+\n$/);
  await rm(main);
  assert.equal(await says('--version'), whole);
  assert.is((await says('version')).status, 2);
});

test('a reader that is gone is no trouble for the version', async () => {
  const script = `{ sleep 0.3; ${shellWord(process.execPath)} ${shellWord(command)} --version; echo $? >&2; } | true`;
  const { stderr } = await run('sh', ['-c', script], { env: environment() });
  assert.is(stderr, '0\n');
});

test('the first run keeps what V8 has compiled, and V8 takes it in the next one, which leaves it as it is', async () => {
  await lintsAsEver();
  const cache = await cacheIn(beside);
  assert.match(cache, new RegExp(`-${process.version}-${process.platform}-${process.arch}$`));
  const [code, bytes] = [await readFile(main), await readFile(cache)];
  const cachedData = dataOf(bytes);
  assert.equal(bytes.subarray(0, HEAD), Buffer.concat([code.subarray(0, MARK), Buffer.from('C')]));
  const script = new Script(code.toString('latin1'), { filename: main, cachedData });
  assert.is(script.cachedDataRejected, false);

  const before = await stat(cache, { bigint: true });
  await lintsAsEver();
  const after = await stat(cache, { bigint: true });
  assert.equal([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
  assert.equal(await names(join(home, '.cache')), []);
});

test('a run that read no certificates is replaced by one that did, and not the other way round', async () => {
  const kind = async () => (await readFile(await cacheIn(beside))).toString('latin1', MARK, HEAD);
  await lintsAsEver(EXISTING_CERT_VALUES);
  assert.is(await kind(), '-');
  await run(process.execPath, [command, 'explain', 'chain-order'], { env: environment() });
  assert.is(await kind(), '-');
  await lintsAsEver();
  assert.is(await kind(), 'C');
  await lintsAsEver(EXISTING_CERT_VALUES);
  assert.is(await kind(), 'C');
});

test('what the gate made of the file of lint is replaced by lint, and not the other way round', async () => {
  const [helm] = await helms();
  const chart = join(top, 'chart');
  await writeChart(chart);
  await writeFile(join(top, 'values.yaml'), CERTIFICATES);
  const args = ['template', 'r', chart, '-f', join(top, 'values.yaml')];
  const gate = async () => {
    const { status, stderr } = await run(process.execPath, [command, ...args], {
      env: environment({ HELM_BIN: helm?.bin }),
    });
    assert.is(status, 0, stderr);
    return (await readFile(await cacheIn(beside)))[MARK];
  };
  const byGate = await gate();
  assert.is(await gate(), byGate);
  await lintsAsEver();
  const byLint = (await readFile(await cacheIn(beside)))[MARK];
  assert.is.not(byLint, byGate);
  assert.is(await gate(), byLint);
});

test('first runs in parallel do not disturb each other', async () => {
  await Promise.all(Array.from({ length: 8 }, () => lintsAsEver()));
  assert.ok(await isWhole(await cacheIn(beside)));
  assert.is((await names(beside)).length, 2, 'main and certificates, and nothing unfinished');
});

test('no part of a private key gets into a cache', async () => {
  await lint();
  const canary = canaryOf([Buffer.from(KEY, 'base64').toString()], [CHAIN]);
  assert.equal(leaked((await readFile(await cacheIn(beside))).toString('latin1'), canary), []);
});

test('a folder that cannot be used makes room for that of the user, which only the user can read', async () => {
  await writeFile(beside, 'a file');
  await lintsAsEver();
  const cache = await cacheIn(own);
  assert.equal(
    [await modeOf(join(home, '.cache')), await modeOf(own), await modeOf(cache)],
    ['700', '700', '600'],
  );
  await writeWhole(cache, await poisoned(cache));
  assert.is.not((await lint()).status, 0, 'it is not read');
});

test('XDG_CACHE_HOME names another place, if it is absolute', async () => {
  await writeFile(beside, 'a file');
  await lintsAsEver(CERTIFICATES, { XDG_CACHE_HOME: join(home, 'elsewhere') });
  await cacheIn(join(home, 'elsewhere', 'lightrun-cert'));
  assert.equal(await names(own), []);
  await lintsAsEver(CERTIFICATES, { XDG_CACHE_HOME: 'relative' });
  await cacheIn(own);
});

test('without any folder there is no cache, and no error', async () => {
  await writeFile(beside, 'a file');
  for (const HOME of [undefined, '', 'relative', '/dev/null', join(home, 'missing', 'too')])
    await lintsAsEver(CERTIFICATES, { HOME });
  assert.equal(await names(home), []);
});

test('what others could have written is not used', async () => {
  await lintsAsEver();
  const cache = await cacheIn(beside);
  await writeWhole(cache, await poisoned(cache));
  assert.is.not((await lint()).status, 0, 'the poison works');
  for (const [path, mode] of [
    [cache, 0o666],
    [cache, 0o664],
    [beside, 0o777],
    [beside, 0o775],
  ] as const) {
    const usual = (await stat(path)).mode;
    await chmod(path, mode);
    await rm(own, { recursive: true, force: true });
    await lintsAsEver();
    await chmod(path, usual);
    // What could not be used beside the program was replaced there, or made in the user's folder.
    await writeWhole(cache, await poisoned(cache));
  }
  await cp(beside, join(home, 'linked'), { recursive: true });
  await rm(beside, { recursive: true });
  await symlink(join(home, 'linked'), beside);
  await lintsAsEver();
});

if (process.getuid?.() === 0) {
  test("another user's cache is not used, nor one in another user's folder, even as root", async () => {
    await lintsAsEver();
    const cache = await cacheIn(beside);
    const poison = await poisoned(cache);
    for (const path of [cache, beside, dist]) {
      await writeWhole(cache, poison);
      await chown(path, NOBODY, NOBODY);
      await lintsAsEver();
      await chown(path, 0, 0);
    }
  });

  test("root leaves nothing in another user's home", async () => {
    await writeFile(beside, 'a file');
    await chown(home, NOBODY, NOBODY);
    await lintsAsEver();
    assert.equal(await names(home), []);
    await mkdir(join(home, '.cache'));
    await chown(join(home, '.cache'), NOBODY, NOBODY);
    await lintsAsEver();
    assert.equal(await names(own), []);
  });

  test("root's cache is for all; where there is none, a user makes an own one", async () => {
    await chown(home, NOBODY, NOBODY);
    const lintAsNobody = () => {
      const options = { uid: NOBODY, gid: NOBODY, env: environment(), input: CERTIFICATES, cwd: home };
      const { status, stderr, error } = spawnSync(process.execPath, [command, 'lint', '-'], options);
      assert.is(error, undefined);
      assert.equal([status, String(stderr)], [0, '']);
    };
    lintAsNobody();
    assert.is((await stat(await cacheIn(own))).uid, NOBODY);
    assert.equal(await names(beside), []);

    await rm(own, { recursive: true });
    await lintsAsEver();
    lintAsNobody();
    assert.equal(await names(own), []);
  });
}

test('a damaged cache is not used, and made again', async () => {
  await lintsAsEver();
  const cache = await cacheIn(beside);
  const whole = await readFile(cache);
  for (const at of [0, HEAD, HEAD + 40, Math.floor(whole.length / 4), whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
    await writeFile(cache, damaged);
    await lintsAsEver();
    assert.ok(await isWhole(cache));
    assert.not.ok((await readFile(cache)).equals(damaged));
  }
});

test('a truncated cache is not used, and made again', async () => {
  await lintsAsEver();
  const cache = await cacheIn(beside);
  const whole = await readFile(cache);
  for (const length of [0, 10, MARK, HEAD, Math.floor(whole.length / 2), whole.length - 1]) {
    await writeFile(cache, whole.subarray(0, length));
    await lintsAsEver();
    assert.ok(await isWhole(cache));
    assert.ok((await stat(cache)).size > whole.length / 2);
  }
});

test('a cache of other code of the same length is not used', async () => {
  await lintsAsEver();
  const cache = await cacheIn(beside);
  const code = await readFile(main);
  const other = Buffer.from(code);
  // Beyond what the name of the cache holds of it.
  const at = MARK - 3;
  other[at] = code[at] === 0x30 ? 0x31 : 0x30;
  await writeFile(main, other);
  await writeWhole(cache, await poisoned(cache));
  await lintsAsEver();
  assert.ok((await readFile(cache)).subarray(0, MARK).equals(other.subarray(0, MARK)));
});

test('a cache that V8 refuses is not used, and made again', async () => {
  await lintsAsEver();
  const cache = await cacheIn(beside);
  const bytes = await readFile(cache);
  // The head of the data holds V8's version and flags: another Node made this one.
  const data = Buffer.from(dataOf(bytes)).fill(0, 0, 16);
  const foreign = Buffer.concat([bytes.subarray(0, HEAD), data]);
  await writeWhole(cache, foreign);
  await lintsAsEver();
  assert.not.ok((await readFile(cache)).equals(foreign));
});

test('of many caches the newest 24 are left', async () => {
  await mkdir(beside);
  for (let age = 30; age >= 1; age -= 1) {
    const file = join(beside, `of-${age}`);
    await writeFile(file, '');
    // Each at a time of its own: that of its last change says how large it is.
    await setTimeout(10);
  }
  await lintsAsEver();
  const left = await names(beside);
  assert.is(left.length, 24);
  assert.equal(
    left.filter((name) => name.startsWith('of-')).sort(),
    Array.from({ length: 22 }, (_, age) => `of-${age + 1}`).sort(),
  );
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

test('no import() is left, which a vm.Script could not run', async () => {
  for (const name of (await readdir(dist)).filter(
    (each) => each.endsWith('.cjs') && each !== 'lightrun-cert.cjs',
  ))
    assert.not.match(await readFile(join(dist, name), 'latin1'), /[^.\w]import\(/, name);
});

test.run();
