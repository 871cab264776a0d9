/** `--quiet`, and the pointer to more about a rule. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, inline, MISORDERED } from '../support/inline.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'lightrun-cert-test-'));
test.after(() => rmSync(FOLDER, { recursive: true }));

const FILES = Array.from({ length: 60 }, (_, at) => join(FOLDER, `${at}.yaml`));
for (const file of FILES) writeFileSync(file, inline(CHAIN));
const bad = join(FOLDER, 'bad.yaml');
writeFileSync(bad, inline(MISORDERED));
const secret = join(FOLDER, 'secret.yaml');
writeFileSync(secret, 'certificate: {existing_cert: a}\n');

test('--quiet: only the last line where nothing is found', async () => {
  const { stdout, status } = await command(['lint', '--quiet', ...FILES]);
  assert.equal([status, stdout], [0, '60 files: no findings\n']);
});

test('--quiet: what has findings, and a last line that counts the rest', async () => {
  const { stdout, status } = await command(['lint', '--quiet', ...FILES, bad, secret]);
  assert.is(status, 1);
  assert.match(stdout, /bad\.yaml {2}failed/);
  assert.not.match(stdout, /secret\.yaml|0\.yaml|More:/);
  assert.match(stdout, /\n\n62 files: 1 error, 1 not fully checked\n$/);
});

test('--quiet changes no other format', async () => {
  for (const format of ['json', 'sarif', 'github', 'gitlab', 'junit', 'oneline']) {
    const args = ['lint', '--format', format, bad, secret];
    assert.is((await command([...args, '--quiet'])).stdout, (await command(args)).stdout, format);
  }
});

test('text points to more about the rule, once, before the last line', async () => {
  const one = await command(['lint', bad]);
  assert.match(
    one.stdout,
    /\n\nMore: lightrun-cert explain chain-order \(docs\/rules\.md#chain-order\)\n\n1 file: /,
  );
  const two = await command(['lint', bad, bad, '--host', 'other.example.com']);
  assert.match(two.stdout, /\nMore: lightrun-cert explain RULE \(docs\/rules\.md#RULE\)\n/);
  assert.is(two.stdout.match(/^More:/gm)?.length, 1);
  assert.not.match((await command(['lint', secret])).stdout, 'More:');
});

test('SARIF points to it at each rule', async () => {
  const { stdout } = await command(['lint', '--format', 'sarif', bad]);
  for (const { id, help, helpUri } of JSON.parse(stdout).runs[0].tool.driver.rules) {
    assert.match(help.text, `lightrun-cert explain ${id}`);
    assert.match(helpUri, `docs/rules.md#${id}`);
  }
});

test.run();
