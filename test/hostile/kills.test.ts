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
import { chain, pkcs8 } from '../support/pki.ts';
import { COMMAND, runCommand } from '../support/run.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const test = suite('kills');
const KILLS = Number(process.env.KILLS ?? 18);
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
    return new X509Certificate(crt).checkPrivateKey(createPrivateKey(key)) ? null : 'the pair does not fit';
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
  for (const name of names)
    assert.is(lstatSync(join(FOLDER, name)).mode & (name.includes('.crt') ? 0 : 0o077), 0, name);
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

test.run();
