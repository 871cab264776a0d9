/**
 * Runs that write are killed at random moments: a file is the old or the new one, a pair fits, no one else could read it
 * at any time, and the next run leaves nothing beside it. KILLS says how many; `.ci/run` takes 300.
 */
import { spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { removeLeftovers } from '../../src/files/temporary.ts';
import { settleLeftovers } from '../../src/files/together.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { isWhole } from '../support/property.ts';
import { COMMAND, run, runCommand } from '../support/run.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const test = suite('kills');
const KILLS = Number(process.env.KILLS ?? 12);
const FOLDER = mkdtempSync(join(tmpdir(), 'kills-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const { leaf, pem } = chain({ tag: 'kills', depth: 1 });
const VALUES = join(FOLDER, 'values.yaml');
const [CRT, KEY] = [join(FOLDER, 'tls.crt'), join(FOLDER, 'tls.key')];
/** Wrapped, which --fix joins, and long, so that writing takes its time. */
const OLD = `${inlineYaml(base64(pem).replace(/^.{64}/, '$& '), base64(pkcs8(leaf.privateKey)))}${'# x\n'.repeat(300_000)}`;
const GENERATE = ['generate', '--host', 'a.example', '--key', 'ec256'];

interface Kind {
  args: readonly string[];
  prepare(): void;
  /** What is wrong with the files that it writes; null for nothing. */
  wrong(): string | null;
}

const values = (args: readonly string[]): Kind => ({
  args,
  prepare: () => {
    writeFileSync(VALUES, OLD);
    chmodSync(VALUES, 0o600);
  },
  wrong: () => {
    const text = readFileSync(VALUES, 'utf8');
    if (text === OLD) return null;
    return text.endsWith(OLD.slice(-100)) && /crt: "[A-Za-z0-9+/=]+"\n/.test(text) ? null : 'half a file';
  },
});
const isPair = (crt: string, key: string): boolean =>
  new X509Certificate(crt).checkPrivateKey(createPrivateKey(key));
const pair = (isForced: boolean): Kind => ({
  args: [...GENERATE, '--out-dir', FOLDER, ...(isForced ? ['--force'] : [])],
  prepare: () => {
    for (const path of [CRT, KEY]) rmSync(path, { force: true });
    if (isForced) writeFileSync(CRT, pem);
    if (isForced) writeFileSync(KEY, pkcs8(leaf.privateKey), { mode: 0o600 });
  },
  wrong: () => {
    const [crt, key] = [CRT, KEY].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : null));
    if (!crt || !key) return isForced ? 'a file is missing' : null;
    return isPair(crt, key) ? null : 'the pair does not fit';
  },
});
const KINDS: readonly Kind[] = [
  values(['lint', '--fix', VALUES]),
  values([...GENERATE, '--write', VALUES, '--force']),
  pair(true),
  pair(false),
];

/** Whether a run was killed, and how long it took in milliseconds. */
async function runAndKill(args: readonly string[], after: number | null): Promise<[boolean, number]> {
  const began = performance.now();
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: 'ignore' });
  const timer = after === null ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
  const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
  clearTimeout(timer);
  return [signal === 'SIGKILL', performance.now() - began];
}

/** What is beside the files; all of it only its owner may read. */
function beside(): string[] {
  const names = readdirSync(FOLDER).filter((name) => name.startsWith('.'));
  for (const name of names) {
    const stats = lstatSync(join(FOLDER, name));
    if (stats.isFile()) assert.is(stats.mode & (name.includes('.crt') ? 0 : 0o077), 0, name);
  }
  return names;
}

for (const [index, kind] of KINDS.entries()) {
  test(kind.args.slice(0, 3).join(' '), async () => {
    const { args, prepare, wrong } = kind;
    prepare();
    let [, length] = await runAndKill(args, null);
    assert.is(wrong(), null);
    const wanted = Math.ceil((KILLS - index) / KINDS.length);
    let tried = 0;
    for (let killed = 0; killed < wanted; tried += 1) {
      assert.ok(tried < 20 * wanted, `${killed} of ${tried} runs were killed in time`);
      prepare();
      // The writing is at the end of a run; on a busy machine no two take the same time.
      const [isKilled, took] = await runAndKill(args, length * (0.4 + 0.65 * Math.random()));
      if (isKilled) killed += 1;
      else length = took;
      assert.is(wrong(), null);
      beside();
    }
    prepare();
    const { status, stderr } = await runCommand(args);
    assert.is(status, 0, stderr);
    assert.equal(beside(), []);
    assert.is(wrong(), null);
  });
}

/** Kills the process right before the nth change of a folder. */
const KILLER = `const fs = require('node:fs');
let left = Number(process.env.KILL_BEFORE);
for (const name of ['linkSync', 'mkdirSync', 'openSync', 'renameSync', 'rmSync', 'symlinkSync', 'unlinkSync']) {
  const own = fs[name];
  fs[name] = (...args) => {
    const isChange = String(args[0]).includes(process.env.KILL_IN) && (name !== 'openSync' || args[1] !== 'r');
    if (isChange && --left === 0) process.kill(process.pid, 'SIGKILL');
    return own(...args);
  };
}`;

for (const had of isWhole ? [[CRT, KEY], [KEY], []] : [[CRT, KEY]]) {
  test(`generate --force over ${had.length} files, killed before each single change: both are old, or both new`, async () => {
    const preload = join(FOLDER, '..', `killer-${process.pid}.cjs`);
    writeFileSync(preload, KILLER);
    const old = { [CRT]: pem, [KEY]: pkcs8(leaf.privateKey) };
    const seen = new Set<string>();
    try {
      for (let step = 1, isKilled = true; isKilled; step += 1) {
        for (const path of [CRT, KEY]) rmSync(path, { force: true });
        for (const path of had) writeFileSync(path, old[path] ?? '', { mode: 0o600 });
        const args = ['-r', preload, COMMAND, ...GENERATE, '--out-dir', FOLDER, '--force'];
        const env = { ...process.env, KILL_BEFORE: String(step), KILL_IN: FOLDER };
        const { status } = await run(process.execPath, args, { env });
        isKilled = status === null;
        assert.ok(isKilled || status === 0);
        const found = () => [CRT, KEY].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : null));
        const [crt = null, key = null] = found();
        const isOld = [CRT, KEY].every(
          (path, at) => [crt, key][at] === (had.includes(path) ? old[path] : null),
        );
        assert.ok(isOld || (crt && key && isPair(crt, key)), `step ${step}`);
        seen.add(isOld ? 'old' : 'new');
        // The next run that writes there begins with this.
        settleLeftovers(FOLDER);
        for (const path of [CRT, KEY]) removeLeftovers(path);
        assert.equal(found(), [crt, key], `step ${step}`);
        assert.equal(beside(), [], `step ${step}`);
        const isLink = [CRT, KEY].some((path) =>
          lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink(),
        );
        assert.not.ok(isLink, `step ${step}`);
        if (key !== null) assert.is(lstatSync(KEY).mode & 0o777, 0o600);
        assert.ok(step < 100);
      }
    } finally {
      rmSync(preload);
    }
    assert.equal([...seen], ['old', 'new']);
  });
}

test.run();
