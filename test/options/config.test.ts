/** The configuration file: where it is looked for, what it means, what wins. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { command } from '../support/command.ts';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';
import { chain, issue, pkcs8 } from '../support/pki.ts';
import { pemYaml } from '../support/values-yaml.ts';

const NAME = '.lightrun-cert.yaml';
const SECRET = 'certificate:\n  existing_cert: my-tls\n';

const test = suite<{ folder: string; before: string }>('configuration file');

test.before.each((context) => {
  context.before = process.cwd();
  context.folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightrun-cert-test-')));
  process.chdir(context.folder);
});
test.after.each(({ before, folder }) => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
}

const json = async (...args: string[]) => {
  const { stdout, stderr, status } = await command(['lint', '--format', 'json', ...args]);
  assert.is(stderr, '');
  return { status, ...JSON.parse(stdout) };
};

test('in the current folder, without Git too', async () => {
  write({ [NAME]: 'rules: {chain-order: warning, pair-refused: warning}\n', 'a.yaml': inline(MISORDERED) });
  assert.is((await command(['lint', 'a.yaml'])).status, 0);
  assert.is((await command(['lint', '--no-config', 'a.yaml'])).status, 1);
});

test('above it only inside the same Git repository, the nearest one', async () => {
  write({
    [NAME]: 'rules: {chain-order: off, pair-refused: off}\n',
    'repo/deep/er/a.yaml': inline(MISORDERED),
  });
  const status = async () => (await command(['lint', 'a.yaml'])).status;
  process.chdir('repo/deep/er');
  assert.is(await status(), 1, 'no repository');
  mkdirSync('../../.git');
  assert.is(await status(), 1, 'above the repository');
  write({ [`../../${NAME}`]: 'rules: {chain-order: off, pair-refused: off}\n' });
  assert.is(await status(), 0, 'at its top');
  write({ [`../${NAME}`]: '{}\n' });
  assert.is(await status(), 1, 'a nearer one');
  rmSync('../../.git', { recursive: true });
  write({ '../../.git': 'gitdir: elsewhere\n' });
  rmSync(`../${NAME}`);
  assert.is(await status(), 0, 'a worktree has a file .git');
});

test('--config names another one, and that alone counts', async () => {
  write({
    [NAME]: 'rules: {secret-name: off}\n',
    'ci/other.yaml': '{}\n',
    'a.yaml': 'certificate: {existing_cert: "A"}\n',
  });
  assert.is((await command(['lint', 'a.yaml'])).status, 0);
  assert.is((await command(['lint', '--config', 'ci/other.yaml', 'a.yaml'])).status, 1);
  assert.is((await command(['lint', '--config', 'none.yaml', 'a.yaml'])).status, 2);
  assert.is((await command(['lint', '--config', '-', 'a.yaml'])).status, 2);
  assert.is((await command(['lint', '--config', 'ci/other.yaml', '--no-config', 'a.yaml'])).status, 2);
});

test('files: paths, globs and folders, from the folder of the file; a FILE wins', async () => {
  write({
    [NAME]: 'files: ["env/*/values.yaml", base.yaml, charts]\n',
    '.git': '',
    'base.yaml': SECRET,
    'env/a/values.yaml': SECRET,
    'env/b/values.yaml': SECRET,
    'env/values.yaml': SECRET,
    'charts/x.yaml': SECRET,
    'charts/other.yaml': 'a: b\n',
    'sub/own.yaml': SECRET,
  });
  const names = async (...args: string[]) =>
    (await json(...args)).targets.map(({ name }: { name: string }) => name);
  const all = ['env/a/values.yaml', 'env/b/values.yaml', 'base.yaml', 'charts/x.yaml'];
  assert.equal(await names(), all);
  assert.equal(await names('sub/own.yaml'), ['sub/own.yaml']);
  process.chdir('sub');
  assert.equal(
    await names(),
    all.map((name) => `../${name}`),
  );
});

test('a glob that matches nothing, or a file that is not there, is exit 2', async () => {
  for (const file of ['env/*.yaml', 'none.yaml']) {
    write({ [NAME]: `files: ["${file}"]\n` });
    const { status, stderr } = await command(['lint']);
    assert.is(status, 2);
    assert.match(stderr, file);
  }
});

test('exclude: counted and named in every report, for files given by name too', async () => {
  write({
    [NAME]: 'exclude: ["**/test/**", old, "*.enc.yaml"]\n',
    'a.yaml': SECRET,
    'x.enc.yaml': inline(MISORDERED),
    'old/b.yaml': inline(MISORDERED),
    'c/test/d.yaml': inline(MISORDERED),
    'c/old/e.yaml': SECRET,
  });
  const report = await json('.');
  assert.equal(
    report.targets.map(({ name }: { name: string }) => name),
    ['a.yaml', 'c/old/e.yaml'],
  );
  const excluded = ['x.enc.yaml', 'c/test/d.yaml', 'old/b.yaml'];
  assert.equal([report.status, report.summary.ignored, report.configuration.excluded], [0, 3, excluded]);
  const named = await json('old/b.yaml', 'a.yaml');
  assert.equal([named.summary.targets, named.summary.ignored], [1, 1]);
  for (const format of ['text', 'sarif', 'github', 'gitlab', 'junit']) {
    const { stdout, status } = await command(['lint', '--format', format, ...excluded]);
    assert.is(status, 0);
    for (const name of excluded) assert.match(stdout, name, format);
    assert.match(stdout, '3 files were left out by', format);
  }
  assert.is((await command(['lint', '--require-certificate', ...excluded])).status, 1);
});

test('every key means what its flag means, and flags win', async () => {
  const { leaf, root } = chain();
  const alone = issue({ issuer: root, key: leaf.privateKey });
  const umbrella = (text: string) => `up:\n${text.replace(/^(?=.)/gm, '  ')}`;
  write({
    'conf/ca.crt': root.pem,
    'values.yaml': umbrella(pemYaml(alone.pem, pkcs8(leaf.privateKey))),
    'conf/all.yaml':
      'root: up\nhost: other.example.com\npartial: true\nstrict: false\nexpires-within: 365\nca-file: ca.crt\nrules:\n  cert-self-signed: error\n',
  });
  const rules = async (...args: string[]) =>
    (await json(...args)).targets[0].findings.map(({ rule }: { rule: string }) => rule);
  assert.equal(await rules('--config', 'conf/all.yaml'), [
    'cert-expiring',
    'cert-host-mismatch',
    'chain-no-root',
  ]);
  const flags = ['--host', 'lightrun.example.com', '--expires-within', '1'];
  assert.equal(await rules('--config', 'conf/all.yaml', ...flags), ['chain-no-root']);
  assert.equal(await rules('--config', 'conf/all.yaml', '--root', 'other'), [], 'partial');
  write({ 'conf/strict.yaml': 'strict: true\nroot: up\nca-file: [ca.crt]\n' });
  assert.is((await json('--config', 'conf/strict.yaml')).status, 1);
});

test('what it changes is named in every report, and only that', async () => {
  write({
    [NAME]:
      'root: up\npartial: true\nstrict: false\nrules: {cert-expiring: off, cert-no-san: error}\nfiles: [values.yaml]\n',
    'values.yaml': `up:\n  certificate: {existing_cert: a}\n`,
  });
  const { configuration } = await json('--rule', 'cert-no-san=warning');
  assert.equal(configuration, {
    file: NAME,
    changes: ['root=up', 'partial', 'cert-expiring=off'],
    excluded: [],
  });
  for (const format of ['text', 'sarif', 'github', 'gitlab', 'junit']) {
    const { stdout } = await command(['lint', '--format', format]);
    assert.match(stdout, `${NAME} sets root=up, partial, cert-expiring=off, cert-no-san=error.`, format);
  }
  write({ [NAME]: 'files: [values.yaml]\nroot: up\n' });
  assert.not.match((await command(['lint', '--root', 'up'])).stdout, 'sets');
  assert.is((await json('--no-config', '--root', 'up')).configuration, null);
});

for (const [what, text, said] of [
  ['an unknown key', 'rule: {}\n', `${NAME}:1: there is no key rule`],
  ['an unknown key with a near one', '\nexpires_within: 3\n', 'Did you mean expires-within?'],
  ['a key of every object', 'constructor: 1\n', 'there is no key constructor'],
  ['an unknown rule', 'rules:\n  chain-ordr: off\n', `${NAME}:2: there is no rule chain-ordr`],
  ['an unknown severity', 'rules:\n  chain-order: fatal\n', `${NAME}:2: chain-order has no valid severity`],
  ['on for a severity', 'rules:\n  chain-order: on\n', 'has no valid severity'],
  ['a string for a list', 'files: values.yaml\n', `${NAME}:1: files is not a list`],
  ['a string for a switch', 'partial: "true"\n', 'partial is not true or false'],
  ['a string for a number', 'expires-within: "30"\n', 'expires-within is not a whole number'],
  [
    'too large a number',
    'expires-within: 99999\n',
    `expires-within in ${NAME} 99999 is not a valid number of days`,
  ],
  ['no host', 'host: https://x\n', `host in ${NAME} https://x is not a valid host name`],
  ['a root that is a key of the chart', 'root: general\n', `root in ${NAME} general is not the place`],
  ['a list of numbers', 'exclude: [1]\n', 'exclude is not a list of globs'],
  ['a duplicate key', 'root: a\nroot: b\n', `${NAME}:2: root is a duplicate key`],
  [
    'a rule twice',
    'rules:\n  chain-order: off\n  chain-order: error\n',
    'rules.chain-order is a duplicate key',
  ],
  ['no YAML', 'a: [\n', `${NAME}:`],
  ['a list', '- a\n', `${NAME}:1`],
  ['two documents', 'root: a\n---\nhost: b\n', 'holds several YAML documents'],
] as const) {
  test(`exit 2 for ${what}`, async () => {
    write({ [NAME]: text, 'values.yaml': SECRET });
    const { status, stdout, stderr } = await command(['lint']);
    assert.equal([status, stdout], [2, '']);
    assert.match(stderr, said);
  });
}

test('its schema for editors takes what is read here, and refuses what is not', async () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schema/config.schema.json', import.meta.url), 'utf8'),
  );
  const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  for (const [text, isTaken] of [
    ['{}', true],
    ['files: [a, "b/*.yaml"]\nexclude: [c]\nroot: up\nhost: a.example\npartial: true\nstrict: true\n', true],
    ['expires-within: 36500\nca-file: [ca.crt]\nrules: {chain-order: info, placeholder: off}\n', true],
    ['ca-file: ca.crt\n', true],
    ['rule: {}\n', false],
    ['files: a\n', false],
    ['files: [1]\n', false],
    ['partial: "true"\n', false],
    ['strict: 1\n', false],
    ['expires-within: 36501\n', false],
    ['expires-within: "1"\n', false],
    ['rules: [chain-order]\n', false],
    ['rules: {chain-order: fatal}\n', false],
    ['root: ""\n', false],
    ['host: 1\n', false],
  ] as const) {
    assert.is(isValid(parse(text, { version: '1.1' })) as boolean, isTaken, text);
    write({
      [NAME]: text,
      'values.yaml': `up:\n  ${SECRET.replaceAll('\n', '\n  ')}\n`,
      'ca.crt': chain().root.pem,
    });
    const { status } = await command(['lint', 'values.yaml']);
    assert.is(status !== 2, isTaken, text);
  }
  const keys = Object.keys(schema.properties);
  write({ [NAME]: 'none: 1\n' });
  assert.match((await command(['lint'])).stderr, `All keys: ${keys.join(', ')}.`);
});

test('an empty one changes nothing, and the report may not overwrite it', async () => {
  write({ [NAME]: '# nothing yet\n', 'values.yaml': SECRET });
  assert.is((await json()).status, 0);
  assert.is((await command(['lint', '--format', 'json', '--output', NAME])).status, 2);
});

test('what many files are linted with reaches all of them', async () => {
  write({ [NAME]: 'rules: {secret-name: info}\n' });
  const names = Array.from({ length: 90 }, (_, at) => `${at}.yaml`);
  for (const name of names) writeFileSync(name, 'certificate: {existing_cert: "A"}\n');
  const { COMMAND, run } = await import('../support/run.ts');
  const { status, stdout } = await run(COMMAND, ['lint', '--format', 'json', ...names]);
  assert.is(status, 0);
  assert.equal([JSON.parse(stdout).summary.infos, JSON.parse(stdout).summary.errors], [90, 0]);
});

test('a good chain with all defaults is as before', async () => {
  write({ 'values.yaml': inline(CHAIN) });
  assert.match((await command(['lint'])).stdout, /^values\.yaml {2}ok/);
});

test.run();
