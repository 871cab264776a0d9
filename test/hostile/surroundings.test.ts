/** The built program on a full or limited disk, with a configuration of OpenSSL that it did not ask for, and behind links. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from '../support/chart.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { ROOT } from '../support/plugin.ts';
import { COMMAND, run, runCommand } from '../support/run.ts';
import { commandsOfCi } from '../support/runner.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const test = suite('surroundings');
const FOLDER = mkdtempSync(join(tmpdir(), 'surroundings-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const GOOD = join(FOLDER, 'good.yaml');
writeFileSync(GOOD, inline(CHAIN));
const { leaf, pem } = chain({ tag: 'surroundings', depth: 1 });
const FIXABLE = inlineYaml(base64(pem).replace(/^.{64}/, '$& '), base64(pkcs8(leaf.privateKey)));

/** With no file larger than this many blocks, of 512 or 1024 bytes. */
const limited = (blocks: number, args: readonly string[], env = process.env) =>
  run('sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, COMMAND, ...args], { env });

if (existsSync('/dev/full')) {
  test('a full disk is that, in words', async () => {
    const report = await runCommand(['lint', '--output', '/dev/full', GOOD]);
    assert.is(report.status, 2);
    assert.match(report.stderr, 'the report cannot be written to /dev/full: the disk is full');
    const output = await run('sh', ['-c', '"$@" >/dev/full', 'sh', process.execPath, COMMAND, 'lint', GOOD]);
    assert.is(output.status, 2);
    assert.match(output.stderr, 'the output cannot be written: the disk is full');
  });
}

test('a file that may not be that large leaves the old one, and nothing beside it', async () => {
  const folder = join(FOLDER, 'limited');
  mkdirSync(folder);
  const file = join(folder, 'values.yaml');
  writeFileSync(file, FIXABLE);
  const fixing = await limited(1, ['lint', '--fix', file]);
  assert.is(fixing.status, 2);
  assert.match(
    fixing.stderr,
    'cannot be replaced, and is unchanged: it would be larger than files may be here',
  );
  assert.is(readFileSync(file, 'utf8'), FIXABLE);
  const made = await limited(0, [
    'generate',
    '--host',
    'a.example',
    '--key',
    'ec256',
    '--out-dir',
    folder,
    '--force',
  ]);
  assert.is(made.status, 2);
  assert.match(made.stderr, 'tls.key cannot be written: it would be larger than files may be here');
  assert.equal(readdirSync(folder), ['values.yaml']);
});

await forEachHelm(test, ({ name, bin }, test) => {
  test(`${name}: the gate on such disks says that Helm was not run`, () =>
    withHelmHome(async ({ folder, env }) => {
      await writeChart(join(folder, 'chart'));
      const gate = ['template', 'x', join(folder, 'chart'), '-f', GOOD];
      const own = { ...env, HELM_BIN: bin };
      const outcomes = [await limited(0, gate, own)];
      if (existsSync('/dev/full')) {
        outcomes.push(await runCommand([...gate, '--lint-output', '/dev/full'], { env: own }));
      }
      for (const { status, stdout, stderr } of outcomes) {
        assert.equal([status, stdout], [2, '']);
        assert.match(stderr, /the disk is full|larger than files may be here/);
        assert.match(stderr, 'helm template was not run; nothing has been changed.');
        assert.not.match(stderr, 'a bug in this program');
      }
    }));
});

test("no words of Helm's become a command of a CI system", async () => {
  const helm = join(FOLDER, 'hostile-helm');
  const words = ['a', '::error::b', ' ##vso[task.complete]c', "##teamcity[message text='d']", '##[error]e'];
  const markers = '\\033[0Ksection_start:1:f\\r\\033[0K';
  writeFileSync(
    helm,
    `#!/bin/sh\n[ "$1" = version ] && echo v3.17.3 && exit\nprintf '%b\\n' "Error: ${[...words, markers].join('\\n')}" >&2\nexit 1\n`,
  );
  chmodSync(helm, 0o755);
  const env = { ...process.env, HELM_BIN: helm };
  for (const args of [
    ['template', 'x', 'repository/chart', '-f', GOOD],
    ['lint', '-f', GOOD],
    ['lint', '-f', GOOD, '--format', 'gitlab'],
    ['inspect', '--secret', 'a'],
  ]) {
    const { status, stdout, stderr } = await runCommand(args, { env });
    assert.is(status, 2, args.join(' '));
    assert.match(stdout + stderr, 'error::b');
    assert.equal(commandsOfCi(stdout + stderr), [], args.join(' '));
  }
});

/** A configuration of OpenSSL with this security level (SSL_CONF_cmd, CipherString). */
function opensslConf(level: number): string {
  const file = join(FOLDER, `level-${level}.cnf`);
  const lines = [
    'nodejs_conf = a',
    'openssl_conf = a',
    '[a]',
    'ssl_conf = b',
    '[b]',
    'system_default = c',
    '[c]',
  ];
  writeFileSync(file, [...lines, `CipherString = DEFAULT:@SECLEVEL=${level}`, ''].join('\n'));
  return file;
}

test('OPENSSL_CONF and NODE_OPTIONS do not change what lint finds', async () => {
  const args = ['lint', '--format', 'json', '--at', '2026-01-01', GOOD];
  const { stdout: expected } = await runCommand(args);
  assert.match(expected, '"findings"');
  for (const level of [0, 3, 5]) {
    const file = opensslConf(level);
    for (const more of [
      { OPENSSL_CONF: file },
      { NODE_OPTIONS: `--openssl-config=${file}` },
      { OPENSSL_CONF: file, NODE_OPTIONS: '--openssl-shared-config' },
      { NODE_OPTIONS: `--tls-cipher-list=DEFAULT:@SECLEVEL=${level}` },
    ]) {
      const { stdout, stderr } = await runCommand(args, { env: { ...process.env, ...more } });
      assert.is(stdout, expected, `${JSON.stringify(more)}: ${stderr}`);
    }
  }
});

test('the wrapper starts Node without OPENSSL_CONF, and Helm with it', async () => {
  const broken = join(FOLDER, 'broken.cnf');
  writeFileSync(broken, '[[[ =\n');
  const [helm, seen] = [join(FOLDER, 'helm'), join(FOLDER, 'seen')];
  writeFileSync(helm, `#!/bin/sh\necho "$OPENSSL_CONF,$LIGHTRUN_CERT_OPENSSL_CONF" >${seen}\nexit 1\n`);
  chmodSync(helm, 0o755);
  const wrapper = join(ROOT, 'scripts', 'lightrun-cert.sh');
  const env = { ...process.env, OPENSSL_CONF: broken, HELM_BIN: helm };
  const alone = await run(wrapper, ['lint', GOOD], { env });
  assert.is(alone.status, 0, alone.stderr);
  assert.is((await run(wrapper, ['lint', '-f', GOOD], { env })).status, 2);
  assert.is(readFileSync(seen, 'utf8'), `${broken},\n`);
});

test('the wrapper, the post-renderers and the completion work behind links', async () => {
  const links = join(FOLDER, 'links');
  mkdirSync(join(links, 'deep'), { recursive: true });
  for (const [script, args] of [
    ['scripts/lightrun-cert.sh', ['--version']],
    ['scripts/post-renderer.sh', ['--help']],
    ['post-renderer/post-renderer.sh', ['--help']],
    ['plugin.complete', ['explain', 'chain-o']],
  ] as const) {
    const [absolute, relative] = [join(links, 'deep', 'absolute'), join(links, 'relative')];
    symlinkSync(join(ROOT, script), absolute);
    symlinkSync('deep/absolute', relative);
    const direct = await run(join(ROOT, script), args);
    assert.is(direct.status, 0, direct.stderr);
    for (const link of [absolute, relative]) assert.equal(await run(link, args), direct, script);
    for (const link of [absolute, relative]) rmSync(link);
  }
});

test.run();
