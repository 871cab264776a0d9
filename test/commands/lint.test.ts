import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { chain, issue, pkcs8 } from '../support/pki.ts';
import { base64, inlineYaml, pemYaml } from '../support/values-yaml.ts';

const { leaf, intermediates, root, pem } = chain();
const GOOD = pemYaml(pem, pkcs8(leaf.privateKey));
const BAD = 'certificate:\n  existing_cert: "A"\n';
const WARNED = 'certificate:\n  existing_cert: a\n  foo: b\n';

const test = suite<{ folder: string; file(name: string, text: string | Buffer): string }>('lint');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-test-'));
  context.file = (name, text) => {
    const path = join(context.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

test('0 where nothing fails, 1 where something does', async ({ file }) => {
  assert.is((await command(['lint', file('good.yaml', GOOD)])).status, 0);
  assert.is((await command(['lint', file('bad.yaml', BAD)])).status, 1);
  assert.is((await command(['lint', file('warned.yaml', WARNED)])).status, 0);
  assert.is((await command(['lint', '--strict', file('warned.yaml', WARNED)])).status, 1);
});

test('2 outweighs 1, and the report still holds everything that was checked', async ({ file, folder }) => {
  const { status, stdout, stderr } = await command([
    'lint',
    file('bad.yaml', BAD),
    join(folder, 'none.yaml'),
    file('good.yaml', GOOD),
  ]);
  assert.is(status, 2);
  assert.match(stdout, /bad\.yaml {2}failed/);
  assert.match(stdout, /good\.yaml {2}ok/);
  assert.not.match(stdout, /none\.yaml/);
  assert.match(stdout, /\n3 files: 1 error, 1 not read\n$/);
  assert.match(stderr, /none\.yaml cannot be read: there is no such file\n {2}Check the path/);
});

test('values.yaml of the current folder, where no file is named', async ({ folder, file }) => {
  file('values.yaml', BAD);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { status, stdout } = await command(['lint']);
    assert.is(status, 1);
    assert.match(stdout, /^values\.yaml {2}failed/);
    rmSync('values.yaml');
    const missing = await command(['lint']);
    assert.is(missing.status, 2);
    assert.is(missing.stdout, '');
    assert.match(missing.stderr, /values\.yaml cannot be read: there is no such file/);
  } finally {
    process.chdir(before);
  }
});

test('standard input is -, named <stdin>, and can be given once', async () => {
  const { status, stdout } = await command(['lint', '-'], { stdin: BAD });
  assert.is(status, 1);
  assert.match(stdout, /<stdin>:2:18 {2}error {2}secret-name/);
  assert.is((await command(['lint', '-', '-'], { stdin: GOOD })).status, 2);
  assert.is((await command(['lint', '-', '--ca-file', '-'], { stdin: GOOD })).status, 2);
});

test('a file whose name looks like a flag comes after --', async ({ file, folder }) => {
  file('--strict', GOOD);
  const before = process.cwd();
  process.chdir(folder);
  try {
    assert.is((await command(['lint', '--', '--strict'])).status, 0);
  } finally {
    process.chdir(before);
  }
});

test('what cannot be read says so, and nothing is reported', async ({ folder, file }) => {
  symlinkSync('circle', join(folder, 'circle'));
  const cases: [string, RegExp][] = [
    [join(folder, 'circle'), /form a loop/],
    [join(file('plain', ''), 'x'), /not a folder/],
    [join(folder, 'x'.repeat(300)), /name is too long/],
  ];
  for (const [path, reason] of cases) {
    const { status, stdout, stderr } = await command(['lint', path]);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, reason);
    assert.not.match(stderr, /^\s+at /m);
  }
});

test('a file that may not be read', async ({ file }) => {
  if (process.getuid?.() === 0) return;
  const path = file('secret.yaml', GOOD);
  chmodSync(path, 0);
  const { status, stderr } = await command(['lint', path]);
  assert.is(status, 2);
  assert.match(stderr, /permission denied|not permitted/);
});

test('a file of 50 MB is not checked', async ({ file }) => {
  const { status, stdout, stderr } = await command(['lint', file('big.yaml', Buffer.alloc(50e6, 'a: b\n'))]);
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /larger than 16 MiB/);
});

test('--format json, even where nothing could be checked', async ({ file, folder }) => {
  const report = JSON.parse((await command(['lint', '--format', 'json', file('bad.yaml', BAD)])).stdout);
  assert.is(report.targets[0].findings[0].rule, 'secret-name');
  const none = await command(['lint', '--format=json', join(folder, 'none.yaml')]);
  assert.is(none.status, 2);
  assert.is(JSON.parse(none.stdout).summary.targets, 0);
});

test('--output writes the report there, and standard output stays empty', async ({ file, folder }) => {
  const output = join(folder, 'report.json');
  const { status, stdout } = await command([
    'lint',
    '--format',
    'json',
    '--output',
    output,
    file('bad.yaml', BAD),
  ]);
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.is(JSON.parse(readFileSync(output, 'utf8')).summary.errors, 1);
});

test('a merged set that cannot be read has the name that its report would have', async ({ folder }) => {
  const missing = join(folder, 'none.yaml');
  const args = ['lint', '--format', 'gitlab', '-f', missing, '--set', 'a=b'];
  const { status, stdout } = await command(args);
  assert.is(status, 2);
  assert.is(JSON.parse(stdout)[0].location.path, `${missing} + --set`);
});

test('--output never overwrites what is checked, and says where it cannot write', async ({
  file,
  folder,
}) => {
  const values = file('values.yaml', GOOD);
  assert.is((await command(['lint', '--output', values, values])).status, 2);
  assert.is(readFileSync(values, 'utf8'), GOOD);
  const { status, stderr } = await command(['lint', '--output', join(folder, 'no', 'report'), values]);
  assert.is(status, 2);
  assert.match(stderr, /the report cannot be written/);
});

test('--rule changes severities; unknown ones are usage errors that name the nearest', async ({ file }) => {
  const bad = file('bad.yaml', BAD);
  assert.is((await command(['lint', '--rule', 'secret-name=off', bad])).status, 0);
  assert.is((await command(['lint', '--rule', 'secret-name=warning', bad])).status, 0);
  assert.is(
    (await command(['lint', '--rule', 'secret-name=off', '--rule=secret-name=error', bad])).status,
    1,
  );
  assert.match(
    (await command(['lint', '--rule', 'secret-nam=off', bad])).stderr,
    /Did you mean secret-name\?/,
  );
  for (const rule of ['secret-name', 'secret-name=', 'secret-name=fatal', 'secret-name=off=x', '=off']) {
    assert.is((await command(['lint', '--rule', rule, bad])).status, 2);
  }
});

test('--output overwrites nothing that is read, by whatever path it is named', async ({ file, folder }) => {
  const values = file('values.yaml', GOOD);
  const ca = file('ca.crt', root.pem);
  symlinkSync('values.yaml', join(folder, 'link'));
  linkSync(values, join(folder, 'hard'));
  for (const output of [join(folder, 'link'), join(folder, 'hard'), ca]) {
    assert.is((await command(['lint', '--ca-file', ca, '--output', output, values])).status, 2);
  }
  assert.is(readFileSync(values, 'utf8'), GOOD);
  assert.is(readFileSync(ca, 'utf8'), root.pem);
});

test('--output overwrites no file of a merged set: every -f, --set-file, and the chart', async ({
  file,
  folder,
}) => {
  const values = file('a.yaml', GOOD);
  const other = file('b, "c".yaml', GOOD);
  const set = file('d,e', 'x');
  const kubeconfig = file('config', '{}');
  const chart = join(folder, 'chart');
  const parts = [
    'values.yaml',
    'Chart.yaml',
    'charts/sub/values.yaml',
    'charts/packed.tgz',
    'templates/a/b.yaml',
  ];
  for (const part of parts) {
    mkdirSync(join(chart, part, '..'), { recursive: true });
    writeFileSync(join(chart, part), part);
  }
  const packed = file('chart.tgz', 'packed');
  const merged = ['-f', `${values},"${other.replaceAll('"', '""')}"`, '--kubeconfig', kubeconfig];
  merged.push('--set-file', `a=1,b=${set.replace(',', '\\,')}`);
  const inputs = [values, other, set, kubeconfig, packed, ...parts.map((part) => join(chart, part))];
  for (const output of inputs) {
    const before = readFileSync(output, 'utf8');
    const from = output === packed ? packed : chart;
    const ended = await command(['lint', ...merged, '--chart', from, '--format=json', '--output', output]);
    assert.is(ended.status, 2, output);
    assert.match(ended.stderr, 'would overwrite a file that is read');
    assert.is(readFileSync(output, 'utf8'), before);
  }
});

test('--output may be the report of an earlier run in the folder of a chart, and no other file there', async ({
  folder,
  file,
}) => {
  const chart = join(folder, 'chart');
  mkdirSync(join(chart, 'files'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'name: x\n');
  const env = { HELM_BIN: join(folder, 'no-helm') };
  const into = (output: string) => command(['lint', '--chart', chart, '--output', output], { env });
  const values = file('values.yaml', GOOD);
  for (const format of ['text', 'json', 'sarif', 'github', 'gitlab', 'junit']) {
    const report = join(chart, `report-${format}`);
    assert.not.match((await into(report)).stderr, 'would overwrite');
    await command(['lint', '--format', format, '--output', report, values]);
    assert.not.match((await into(report)).stderr, 'would overwrite', format);
  }
  const key = join(chart, 'files', 'tls.key');
  writeFileSync(key, 'a key');
  assert.match((await into(key)).stderr, 'would overwrite a file that is read');
  assert.is(readFileSync(key, 'utf8'), 'a key');
});

test('--output overwrites neither what Helm reads without a flag nor the parts of a list', async ({
  file,
}) => {
  const [one, two, config] = ['one', 'two', 'config'].map((name) => file(name, name)) as [
    string,
    string,
    string,
  ];
  const env = { KUBECONFIG: `${two}${delimiter}${config}`, HELM_BIN: 'no-helm' };
  const values = file('values.yaml', GOOD);
  for (const output of [one, config]) {
    const args = ['lint', '-f', values, '--set-file', `a={${one}}`, '--output', output];
    assert.match((await command(args, { env })).stderr, 'would overwrite a file that is read');
    assert.match(readFileSync(output, 'utf8'), /^(one|config)$/);
  }
});

test('--fix and encode --write change none of their other inputs', async ({ file }) => {
  const ca = file('ca.yaml', `# ${root.pem.replaceAll('\n', '\n# ')}\n${root.pem}`);
  const fixing = await command(['lint', '--fix', '--ca-file', ca, ca]);
  assert.match(fixing.stderr, `--fix ${ca} would overwrite a file that is read`);
  const words = file('words', 'secret\n');
  const args = ['encode', '--cert', ca, '--key', ca, '--passphrase-file', words, '--write', words];
  assert.match((await command(args)).stderr, `--write ${words} would overwrite a file that is read`);
});

test('a rule that is off never makes a value that was not checked look fine', async ({ file }) => {
  const cases: [rules: string[], yaml: string][] = [
    [['values-unresolved'], 'certificate: {existing_cert: "ref+vault://x"}\n'],
    [['values-unresolved'], `${GOOD}general: {lightrun_endpoint: "{{ .host }}"}\n`],
    [['base64-invalid'], inlineYaml('@@@', base64(pkcs8(leaf.privateKey)))],
    [['secret-too-large'], pemYaml(pem.repeat(2000), pkcs8(leaf.privateKey))],
    [
      ['cert-unreadable', 'pair-refused'],
      pemYaml(`${pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`, pkcs8(leaf.privateKey)),
    ],
    [
      ['key-unreadable', 'pair-refused'],
      pemYaml(pem, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'),
    ],
  ];
  for (const [rules, yaml] of cases) {
    const off = rules.flatMap((rule) => ['--rule', `${rule}=off`]);
    const { status, stderr } = await command(['lint', ...off, file('values.yaml', yaml)]);
    assert.is(status, 2, rules[0]);
    assert.match(stderr, /was not checked, and a rule that is off hides why/);
  }
});

test('with values-syntax off, a file that cannot be read is not called fine', async ({ file }) => {
  const { status } = await command(['lint', '--rule', 'values-syntax=off', file('broken.yaml', 'a: [')]);
  assert.is(status, 2);
});

test('--at and --expires-within', async ({ file }) => {
  const good = file('good.yaml', GOOD);
  const year = new Date().getUTCFullYear();
  assert.match((await command(['lint', '--at', `${year + 2}-01-31`, good])).stdout, /cert-expired/);
  assert.match(
    (await command(['lint', '--at', `${year - 2}-01-31T12:00:00+02:00`, good])).stdout,
    /cert-not-yet-valid/,
  );
  assert.match((await command(['lint', '--expires-within', '100', good])).stdout, /cert-expiring/);
  assert.is((await command(['lint', '--expires-within', '0', good])).stdout.includes('cert-expiring'), false);
  for (const at of ['tomorrow', '2027-02-30', '2027-13-01', '2027-01-01T25:00:00Z', '20270101', '']) {
    assert.is((await command(['lint', `--at=${at}`, good])).status, 2, at);
  }
  for (const days of ['-1', '1.5', 'x', '']) {
    assert.is((await command(['lint', `--expires-within=${days}`, good])).status, 2, days);
  }
});

test('--host', async ({ file }) => {
  const good = file('good.yaml', GOOD);
  assert.match((await command(['lint', '--host', 'other.example.com', good])).stdout, /cert-host-mismatch/);
  assert.match((await command(['lint', '--host', '2001:db8::1', good])).stdout, /cert-host-mismatch/);
  assert.is((await command(['lint', '--strict', '--host', 'Lightrun.Example.com.', good])).status, 0);
  for (const host of [
    'lightrun.example.com:443',
    'https://x',
    '[2001:db8::1]',
    '2001:db8::zz',
    '',
    ' ',
    '*.example.com',
  ]) {
    const { status, stderr } = await command(['lint', `--host=${host}`, good]);
    assert.is(status, 2, host);
    assert.match(stderr, /is not a valid host name/);
  }
  assert.is((await command(['lint', '--strict', '--host', 'lightrun.example.com', good])).status, 0);
});

test('--root', async ({ file }) => {
  const umbrella = file('umbrella.yaml', `lightrun:\n${BAD.replace(/^(?=.)/gm, '  ')}`);
  assert.match(
    (await command(['lint', '--root', 'lightrun', umbrella])).stdout,
    /umbrella\.yaml:3:20 {2}error {2}secret-name/,
  );
  assert.is((await command(['lint', '--root', 'a..b', umbrella])).status, 2);
});

test('--root refuses a key of the Lightrun chart itself', async ({ file }) => {
  const nested = file('values.yaml', `general:\n${GOOD.replace(/^(?=.)/gm, '  ')}`);
  for (const root of ['general', 'secrets', 'deployments', 'certificate', 'serviceAccount', 'general.x']) {
    for (const name of ['lint', 'inspect']) {
      const { status, stderr } = await command([name, '--root', root, nested]);
      assert.is(status, 2, root);
      assert.match(stderr, `--root ${root} is not the place of a subchart`);
    }
  }
  const umbrella = file('umbrella.yaml', `platform:\n  general:\n${GOOD.replace(/^(?=.)/gm, '    ')}`);
  assert.is((await command(['lint', '--root', 'platform', umbrella])).status, 1);
});

test('--partial', async ({ file }) => {
  const overlay = file('overlay.yaml', 'general: {}\n');
  assert.is((await command(['lint', overlay])).status, 1);
  assert.is((await command(['lint', '--partial', overlay])).status, 0);
  for (const other of ['""', 'null', '']) {
    const half = file('half.yaml', `certificate:\n  tls:\n    crt: ${base64(pem)}\n    key: ${other}\n`);
    assert.is((await command(['lint', half])).status, 1);
    assert.is((await command(['lint', '--partial', half])).status, 0);
  }
});

test('--ca-file makes a private root known', async ({ file }) => {
  const alone = issue({ issuer: root, key: leaf.privateKey });
  const values = file('values.yaml', pemYaml(alone.pem, pkcs8(leaf.privateKey)));
  assert.match((await command(['lint', values])).stdout, /chain-incomplete/);
  const known = await command(['lint', '--ca-file', file('ca.crt', root.pem), values]);
  assert.is(known.status, 0);
  assert.match(known.stdout, /chain-no-root.*a root of --ca-file/s);
});

test('--ca-file that holds no certificate, or a damaged one', async ({ file, folder }) => {
  const values = file('values.yaml', GOOD);
  const [intermediate] = intermediates;
  const damaged = (intermediate?.pem ?? '').replace(/\n[^-\n]{64}\n/, '\n');
  for (const path of [
    file('empty', ''),
    file('key', pkcs8(leaf.privateKey)),
    file('damaged', damaged),
    join(folder, 'none'),
  ]) {
    const { status, stdout, stderr } = await command(['lint', '--ca-file', path, values]);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.ok(stderr.length > 0);
  }
});

test('--color, NO_COLOR, FORCE_COLOR', async ({ file }) => {
  const bad = file('bad.yaml', BAD);
  const isColored = async (args: string[], surroundings: Parameters<typeof command>[1] = {}) =>
    (await command(['lint', ...args, bad], surroundings)).stdout.includes('\x1b[');
  assert.is(await isColored([]), false);
  assert.is(await isColored([], { terminal: 80 }), true);
  assert.is(await isColored([], { terminal: 80, env: { NO_COLOR: '1' } }), false);
  assert.is(await isColored([], { terminal: 80, env: { TERM: 'dumb' } }), false);
  assert.is(await isColored([], { env: { FORCE_COLOR: '1' } }), true);
  assert.is(await isColored([], { terminal: 80, env: { FORCE_COLOR: '0' } }), false);
  assert.is(await isColored(['--color', 'always'], { env: { NO_COLOR: '1' } }), true);
  assert.is(await isColored(['--color=never'], { terminal: 80, env: { FORCE_COLOR: '1' } }), false);
  assert.is((await command(['lint', '--color', 'blue', bad])).status, 2);
});

test('flags need their values, and no others', async () => {
  for (const args of [['--root'], ['--strict=yes'], ['--at', '--strict'], ['--format', 'xml']]) {
    const { status, stderr } = await command(['lint', ...args]);
    assert.is(status, 2, args.join(' '));
    assert.ok(stderr.split('\n').length >= 2);
  }
});

test.run();
