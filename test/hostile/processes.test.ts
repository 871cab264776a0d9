/**
 * A canary key through the built program and the real Helm: nothing of it is in an output, a temporary file, the
 * arguments or the environment of a process that is started, or the message of a crash.
 */
import { existsSync, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canaryOf, leaked } from '../support/canary.ts';
import { writeChart } from '../support/chart.ts';
import { startCluster } from '../support/cluster.ts';
import { type Helm, helms, withHelmHome } from '../support/helms.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, pkcs8, sec1 } from '../support/pki.ts';
import { COMMAND, type Outcome, run, runCommand } from '../support/run.ts';
import { base64, inlineYaml, pemYaml } from '../support/values-yaml.ts';

const test = suite('nothing leaks out of processes');

const PASSWORD = 'canary-password-of-the-keystore';
const { leaf, root, pem } = chain({ tag: 'canary', depth: 1 });
const KEY = pkcs8(leaf.privateKey);
const CANARY = canaryOf([KEY, sec1(leaf.privateKey)], [pem]);
const RUNS = `secrets:\n  defaults:\n    keystore_password: ${PASSWORD}\n`;

/** Output holds nothing of the key or the password. */
function assertClean(where: string, text: string): void {
  assert.equal(leaked(text, CANARY), [], where);
  assert.not.ok(text.includes(PASSWORD), where);
}

/** Every file that is seen in a folder, also one that is soon gone, by its path; what it held, as far as it was caught. */
function watched(folder: string): { seen: Map<string, string>; stop(): void } {
  const seen = new Map<string, string>();
  const look = (below: string): void => {
    const path = join(folder, below);
    try {
      const stats = statSync(path);
      if (stats.isDirectory()) for (const name of readdirSync(path)) look(join(below, name));
      else seen.set(below, (seen.get(below) ?? '') + readFileSync(path, 'latin1'));
    } catch {
      seen.set(below, seen.get(below) ?? '');
    }
  };
  const watcher = watch(folder, () => look('.'));
  const timer = setInterval(() => look('.'), 20);
  return {
    seen,
    stop() {
      clearInterval(timer);
      watcher.close();
      look('.');
    },
  };
}

interface Place {
  folder: string;
  /** Where temporary files of this program and of Helm go. */
  temporary: string;
  env: NodeJS.ProcessEnv;
  /** What Helm was given: its arguments, environment and standard input. */
  recorded(): Promise<string>;
  lint(args: readonly string[], surroundings?: { stdin?: string; env?: NodeJS.ProcessEnv }): Promise<Outcome>;
}

/** The real Helm, called by a script that records how it was called, and what lies in the temporary folder then. */
async function withPlace(bin: string, use: (place: Place) => Promise<void>): Promise<void> {
  await withHelmHome(async ({ folder: home, env: own }) => {
    const folder = join(home, 'work');
    const temporary = join(home, 'temporary');
    const record = join(home, 'record');
    await mkdir(folder);
    await mkdir(temporary);
    await writeChart(join(folder, 'chart'));
    const script = `#!/bin/sh\n{ printf '%s\\n' "$@"; env; for file in $(find '${temporary}' -type f); do echo "$file"; cat "$file"; done; } >>'${record}'\nexec '${bin}' "$@"\n`;
    await writeFile(join(home, 'helm'), script, { mode: 0o755 });
    const env = { ...own, HELM_BIN: join(home, 'helm'), TMPDIR: temporary, HOME: home };
    await use({
      folder,
      temporary,
      env,
      recorded: async () => (existsSync(record) ? await readFile(record, 'utf8') : ''),
      lint: (args, { stdin = '', env: more = {} } = {}) =>
        runCommand(args, { cwd: folder, stdin, env: { ...env, ...more } }),
    });
  });
}

const FILES: Readonly<Record<string, string | Buffer>> = {
  'good.yaml': pemYaml(pem, KEY, RUNS),
  'misordered.yaml': pemYaml(root.pem + leaf.pem, sec1(leaf.privateKey), RUNS),
  'wrapped.yaml': inlineYaml(base64(pem), base64(KEY).replace(/.{60}/g, '$& '), RUNS),
  'name.yaml': `certificate:\n  existing_cert: ${base64(KEY)}\n`,
  'key-name.yaml': `certificate:\n  tls:\n    ${base64(KEY)}: 1\n`,
  'broken.yaml': `certificate:\n  tls:\n    key: "${base64(KEY)}\n`,
  'pem.yaml': `certificate:\n  tls:\n    key: |\n${KEY}`,
  'tls.crt': pem,
  'tls.key': KEY,
  'tls.p12': pkcs12({ certificates: [leaf.der], keys: [leaf.privateKey], passphrase: PASSWORD }),
  passphrase: `${PASSWORD}\n`,
};
async function writeFiles(folder: string): Promise<void> {
  for (const [name, content] of Object.entries(FILES))
    await writeFile(join(folder, name), content, { mode: 0o600 });
}

const [{ bin: HELM_3 }] = (await helms()) as [Helm];
const YAMLS = Object.keys(FILES).filter((name) => name.endsWith('.yaml'));

for (const { name, bin } of await helms()) {
  test(`${name}: neither its arguments, its environment nor a temporary file hold a piece of what files hold`, () =>
    withPlace(bin, async ({ folder, temporary, lint, recorded }) => {
      await writeFiles(folder);
      const files = watched(temporary);
      const outcomes = await Promise.all([
        ...YAMLS.filter((file) => name === 'Helm 3' || file !== 'good.yaml').map((file) =>
          lint(
            name === 'Helm 3'
              ? ['lint', '-f', file, '--chart', 'chart', '--format', 'sarif']
              : ['template', 'x', 'chart', '-f', file],
          ),
        ),
        lint(['template', 'x', 'chart', '--show-only', 'none.yaml', '-f', 'good.yaml']),
        lint(['lint', '-f', '-'], { stdin: String(FILES['good.yaml']) }),
        lint(['lint', '--set-file', 'certificate.tls.key=tls.key']),
        lint(['lint', '-f', 'good.yaml', '-f', 'tls.key']),
        lint(['lint', '-f', 'good.yaml', '--chart', 'absent']),
      ]);
      files.stop();
      for (const { stdout, stderr } of outcomes) assertClean('output', stdout + stderr);
      assert.ok(outcomes.some(({ status }) => status === 0) && outcomes.some(({ status }) => status === 2));
      const calls = await recorded();
      assert.match(calls, 'probe.yaml');
      assertClean('what Helm was given', calls);
      assert.ok(files.seen.size > 0);
      for (const [file, content] of files.seen) assertClean(file, content);
      assert.equal(readdirSync(temporary), []);
    }));
}

test('what the user gave by --set reaches Helm as it was given, and nothing else', () =>
  withPlace(HELM_3, async ({ folder, lint, recorded, temporary }) => {
    await writeFiles(folder);
    const given = `certificate.tls.key=${base64(KEY)}`;
    const args = ['template', 'x', 'chart', '-f', 'name.yaml', '--set', given];
    const { status, stdout, stderr } = await lint(args);
    assert.is(status, 1);
    assertClean('output', stdout + stderr);
    assert.equal(leaked((await recorded()).replaceAll(given, ''), CANARY), []);
    assert.equal(readdirSync(temporary), []);
  }));

test('a Helm that fails and quotes all that it read', () =>
  withPlace(HELM_3, async ({ folder, lint }) => {
    await writeFiles(folder);
    const talker = join(folder, 'talker');
    await writeFile(
      talker,
      '#!/bin/sh\necho "Error: cannot parse:" >&2; cat *.yaml >&2; cat *.yaml; exit 1\n',
      {
        mode: 0o755,
      },
    );
    const env = { HELM_BIN: talker };
    for (const args of [
      ['lint', '-f', 'good.yaml'],
      ['template', 'x', 'chart', '-f', 'good.yaml'],
      ['inspect', '--secret', 'name'],
    ]) {
      const { status, stdout, stderr } = await lint(args, { env });
      assert.is(status, 2);
      assertClean(args.join(' '), stdout + stderr);
    }
  }));

test('a Secret of the cluster: no piece of it is printed, and none is left anywhere', () =>
  withPlace(HELM_3, async ({ folder, lint, recorded, temporary, env }) => {
    const cluster = await startCluster(folder);
    try {
      for (const [name, crt, key] of [
        ['good', pem, KEY],
        ['swapped', KEY, pem],
      ] as const) {
        const data = { 'tls.crt': base64(crt), 'tls.key': base64(key) };
        cluster.putSecret('default', name, 'kubernetes.io/tls', data);
        await writeFile(join(folder, `${name}.yaml`), `certificate: {existing_cert: ${name}}\n`);
        const more = { env: { ...env, KUBECONFIG: cluster.kubeconfig } };
        const checked = await lint(['lint', '--cluster', `${name}.yaml`], more);
        assert.is(checked.status, name === 'good' ? 0 : 1, checked.stderr);
        const inspected = await lint(['inspect', '--secret', name], more);
        for (const { stdout, stderr } of [checked, inspected]) assertClean(name, stdout + stderr);
      }
      assertClean('what Helm was given', await recorded());
      assert.equal(readdirSync(temporary), []);
    } finally {
      await cluster.close();
    }
  }));

test('edits in place: the temporary file is readable by the owner alone and is gone, and no other file holds the key', () =>
  withPlace(HELM_3, async ({ folder, temporary, lint }) => {
    await writeFiles(folder);
    const files = watched(temporary);
    const encoded = ['--cert', 'tls.crt', '--key', 'tls.key'];
    const opened = ['--p12', 'tls.p12', '--passphrase-file', 'passphrase', '--cert', 'tls.crt'];
    for (const args of [
      ['lint', '--fix', 'misordered.yaml', 'wrapped.yaml', 'good.yaml', 'pem.yaml', 'broken.yaml'],
      ['encode', ...encoded, '--write', 'name.yaml'],
      ['encode', ...opened, '--write', 'key-name.yaml'],
      ['encode', ...encoded, '--write', 'broken.yaml'],
      ['encode', ...encoded, '--write', 'chart'],
      ['lint', '--format', 'json', '--output', 'report', 'good.yaml'],
      ['inspect', 'tls.p12'],
    ]) {
      const { stdout, stderr } = await lint(args, { env: { NODE_DEBUG: 'fs,tls,child_process' } });
      assertClean(args.join(' '), stdout + stderr);
    }
    files.stop();
    assertClean('report', await readFile(join(folder, 'report'), 'utf8'));
    assert.equal(readdirSync(folder).sort(), [...Object.keys(FILES), 'chart', 'report'].sort());
    assert.equal(
      [...files.seen.keys()].filter((name) => name !== '.'),
      [],
    );
    assert.equal(readdirSync(temporary), []);
  }));

/** Makes a function of Node throw, once it is given certificates or a key, and say all of it, as a careless message would. */
const faulty = (owner: string, name: string): string => `
const owner = ${owner};
const real = owner.${name};
const { stringify } = JSON;
owner.${name} = function (...args) {
  const text = args.map((each) => (Buffer.isBuffer(each) || typeof each === 'string' ? String(each) : stringify(each))).join();
  if (!/BEGIN|LS0t|certificate:/.test(text)) return Reflect.apply(real, this, args);
  throw Object.assign(new TypeError(text), { code: 'ERR_FAULT' });
};
`;

test('a bug in the program: its message and trace hold nothing of the files', () =>
  withPlace(HELM_3, async ({ folder, lint }) => {
    await writeFiles(folder);
    let crashes = 0;
    for (const [owner, name] of [
      ["require('node:crypto')", 'createPrivateKey'],
      ["require('node:tls')", 'createSecureContext'],
      ["require('node:buffer')", 'isUtf8'],
      ["require('node:fs')", 'writeSync'],
      ["require('node:buffer').Buffer", 'from'],
    ] as const) {
      const preload = join(folder, 'fault.cjs');
      await writeFile(preload, faulty(owner, name));
      const env = { NODE_OPTIONS: `--require "${preload}"` };
      for (const args of [
        ['lint', '--fix', '--format', 'json', 'misordered.yaml'],
        ['encode', '--cert', 'tls.crt', '--key', 'tls.key', '--write', 'name.yaml'],
      ]) {
        const { status, stdout, stderr } = await lint(args, { env });
        assertClean(`${name} ${args.join(' ')}`, stdout + stderr);
        if (/bug in this program/.test(stderr)) crashes += 1;
        if (status !== 2) assert.not.match(stderr, /^\s+at /m, `${name} ${args.join(' ')}: ${stderr}`);
      }
      await cp(join(folder, 'good.yaml'), join(folder, 'name.yaml'));
    }
    assert.ok(crashes >= 3, `${crashes} crashes`);
  }));

test('a report that cannot be written', () =>
  withPlace(HELM_3, async ({ folder, lint, env }) => {
    await writeFiles(folder);
    for (const output of ['chart', '/dev/full', 'none/report']) {
      const { status, stdout, stderr } = await lint(['lint', '--output', output, 'misordered.yaml']);
      assert.is(status, 2);
      assertClean(output, stdout + stderr);
    }
    const full = await run(
      'sh',
      ['-c', '"$@" >/dev/full', 'sh', process.execPath, COMMAND, 'lint', 'misordered.yaml'],
      { cwd: folder, env },
    );
    assertClean('/dev/full', full.stdout + full.stderr);
    assert.is(full.status, 2);
  }));

test.run();
