import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';

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

/** Sixteen files at a time. */
const GROUPS = Array.from({ length: Math.ceil(FILES.length / 16) }, (_, at) =>
  FILES.slice(16 * at, 16 * at + 16),
);
const SMALL = {
  json: await Promise.all(GROUPS.map((files) => command(['lint', '--format', 'json', ...files]))),
  text: await Promise.all(GROUPS.map((files) => command(['lint', ...files]))),
};

test('many files: the same reports as a few at a time, in the order of the files', async () => {
  const json = await command(['lint', '--format', 'json', ...FILES]);
  assert.is(json.status, 2);
  assert.equal(
    JSON.parse(json.stdout).targets,
    SMALL.json.flatMap(({ stdout }) => JSON.parse(stdout).targets),
  );
  assert.is(json.stderr, SMALL.json.map(({ stderr }) => stderr).join(''));

  const text = await command(['lint', ...FILES]);
  assert.equal(
    blocks(text.stdout),
    SMALL.text.flatMap(({ stdout }) => blocks(stdout)),
  );
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

test.run();
