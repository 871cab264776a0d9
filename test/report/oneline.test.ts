import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatOneline } from '../../src/report/oneline.ts';
import { command } from '../support/command.ts';
import { lintSummary } from '../support/lint.ts';
import { broken, CHAIN, contextOf, diagnostic, inline, nowhere } from '../support/report.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('oneline');

const doc = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../docs/problem-matchers/${name}`, import.meta.url), 'utf8'));
const github = doc('github.json').problemMatcher[0].pattern[0];
const vscode = doc('vscode-tasks.json').tasks[0].problemMatcher.pattern;

test('a line for each finding: file, line, column, severity, message, rule', async () => {
  const report = formatOneline([await broken()], contextOf());
  assert.match(
    report,
    /^values\.yaml:3:10: error: The certificates in certificate\.tls\.crt are in the wrong order: [^\n]* \[chain-order\]\n$/,
  );
});

test('nothing to say is nothing', async () => {
  assert.is(formatOneline([await lintSummary(inline(base64(CHAIN)))], contextOf()), '');
  assert.is(formatOneline([], contextOf()), '');
});

test('what was not checked, what could not be, and what is in no file', async () => {
  const secret = await lintSummary('certificate:\n  existing_cert: my-tls\n');
  const lines = formatOneline([secret, await nowhere()], contextOf({ diagnostics: [diagnostic] })).split(
    '\n',
  );
  assert.match(
    lines[0] ?? '',
    /^values\.yaml:1:1: error: .* It comes from --set certificate\.tls\.crt\. \[chain-order\]$/,
  );
  assert.is(lines[1], 'other.yaml:1:1: error: other.yaml cannot be read: 50% of, it [not-checked]');
  assert.match(lines[2] ?? '', /^values\.yaml:2:18: info: .* the cluster was not asked .* \[not-checked\]$/);
  assert.is(lines[3], '');
});

test('standard input has its name and line; paths count from the folder', async () => {
  const { stdout, status } = await command(['lint', '--format', 'oneline', '-'], {
    stdin: 'certificate:\n  existing_cert: "A"\n',
  });
  assert.is(status, 1);
  assert.match(stdout, /^<stdin>:2:18: error: .* \[secret-name\]\n/);
});

test('the problem matchers in docs read every line', async () => {
  assert.equal(vscode, github);
  const report = formatOneline(
    [await broken(), await lintSummary('certificate: {existing_cert: "A", tls: {crt: x}, foo: 1}\n')],
    contextOf({ diagnostics: [diagnostic] }),
  );
  const lines = report.trimEnd().split('\n');
  assert.ok(lines.length > 4);
  for (const line of lines) {
    const found = new RegExp(github.regexp).exec(line);
    assert.ok(found, line);
    assert.ok(['values.yaml', 'other.yaml'].includes(found[github.file] ?? ''), line);
    assert.match(found[github.line] ?? '', /^\d+$/);
    assert.ok(['error', 'warning', 'info'].includes(found[github.severity] ?? ''));
    assert.match(found[github.code] ?? '', /^[a-z0-9]+(-[a-z0-9]+)*$/);
  }
});

test('a file of --output is emptied where there is nothing to say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-test-'));
  try {
    const output = join(folder, 'report');
    for (const args of [
      ['--format', 'oneline', '-'],
      ['--detect', '-'],
    ]) {
      writeFileSync(output, 'values.yaml:1:1: error: of an earlier run [chain-order]\n');
      const stdin = args.includes('--detect') ? 'a: b\n' : inline(base64(CHAIN));
      assert.is((await command(['lint', '--output', output, ...args], { stdin })).status, 0);
      assert.is(readFileSync(output, 'utf8'), '');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing in a file breaks out of its line', async () => {
  const summary = await lintSummary('certificate:\n  "a\\n::error::x\\u001b[31m": 1\n  existing_cert: "A"\n');
  const report = formatOneline([{ ...summary, name: '::warning::x' }], contextOf({ folder: '/' }));
  for (const line of report.trimEnd().split('\n')) assert.match(line, new RegExp(github.regexp));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  assert.not.match(report, /\x1b|^::/m);
});

test.run();
