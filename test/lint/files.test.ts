import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';
import { sampled } from '../support/property.ts';
import { COMMAND, run } from '../support/run.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'lint-files-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const TEXTS = [
  inline(CHAIN),
  inline(MISORDERED),
  inline(CHAIN.split('-----END CERTIFICATE-----\n')[0] ?? ''),
  `certificate:\n  existing_cert: mine\n`,
  `certificate:\n  tls: {crt: "ENC[AES256_GCM,data:${'x'.repeat(400)}]", key: ${KEY}}\n`,
  'certificate: {}\n',
  'a: [\n',
  `${inline(CHAIN)}general:\n  lightrun_endpoint: other.example.com\n`,
];
/** The last is not there. */
const FILES = Array.from({ length: 90 }, (_, at) => {
  const file = join(FOLDER, `${at}.yaml`);
  if (at < 89) writeFileSync(file, TEXTS[at % TEXTS.length] ?? '');
  return file;
});

const blocks = (text: string) => text.split('\n\n').filter((block) => !/^\d+ files|^More:/.test(block));

/** Sixteen files at a time, for which no thread is started. */
const GROUPS = Array.from({ length: Math.ceil(FILES.length / 16) }, (_, at) =>
  FILES.slice(16 * at, 16 * at + 16),
);
const SMALL = {
  json: await Promise.all(GROUPS.map((files) => command(['lint', '--format', 'json', ...files]))),
  text: await Promise.all(GROUPS.map((files) => command(['lint', ...files]))),
};

for (const [how, lint] of [
  ['in this thread', async (...args: string[]) => command(['lint', ...args])],
  ['in several threads', async (...args: string[]) => run(COMMAND, ['lint', ...args])],
] as const) {
  test(`many files ${how}: the same reports as a few at a time, in the order of the files`, async () => {
    const json = await lint('--format', 'json', ...FILES);
    assert.is(json.status, 2);
    assert.equal(
      JSON.parse(json.stdout).targets,
      SMALL.json.flatMap(({ stdout }) => JSON.parse(stdout).targets),
    );
    assert.is(json.stderr, SMALL.json.map(({ stderr }) => stderr).join(''));

    const text = await lint(...FILES);
    assert.equal(
      blocks(text.stdout),
      SMALL.text.flatMap(({ stdout }) => blocks(stdout)),
    );
  });
}

test('flags reach every thread', async () => {
  const args = ['--at', '2050-01-01', '--rule', 'chain-order=off', '--format', 'json'];
  const { stdout } = await run(COMMAND, ['lint', ...args, ...FILES.slice(0, 88)]);
  const rules = JSON.parse(stdout).targets.map(({ findings }: { findings: { rule: string }[] }) =>
    findings.map(({ rule }) => rule),
  );
  assert.ok(rules.filter((found: string[]) => found.includes('cert-expired')).length >= 33);
  assert.not.ok(rules.some((found: string[]) => found.includes('chain-order')));
});

test('--ca-file from standard input, with enough files for threads', async () => {
  const json = ['lint', '--format', 'json', ...FILES.slice(0, 88)];
  const from = (word: string[], stdin: string) => run(COMMAND, [...json, ...word], { stdin });
  for (const word of sampled([['--ca-file', '-'], ['--ca-file=-']], 2)) {
    const { status, stdout, stderr } = await from(word, CHAIN);
    assert.equal([status, stderr], [1, '']);
    assert.is(JSON.parse(stdout).targets.length, 88);
  }
});

test('standard input among many files', async () => {
  const { status, stdout } = await command(['lint', '--format', 'json', ...FILES.slice(0, 24), '-'], {
    stdin: inline(MISORDERED),
  });
  assert.is(status, 1);
  assert.is(JSON.parse(stdout).targets.at(-1).findings[0].rule, 'chain-order');
});

test('--fix fixes each of many files', async () => {
  const files = FILES.slice(0, 24);
  const { status } = await command(['lint', '--fix', '--rule', 'chain-order=error', ...files]);
  assert.is(status, 1);
  for (const [at, file] of files.entries())
    if (at % TEXTS.length === 1) {
      assert.is((await command(['lint', file])).status, 0);
    }
});

test('a thread is started by no one else', async () => {
  const { status, stderr } = await run(COMMAND, ['__lint-thread']);
  assert.is(status, 2);
  assert.match(stderr, /there is no command __lint-thread/);
});

test.run();
