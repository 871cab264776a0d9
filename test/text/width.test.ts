import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatText } from '../../src/report/text.ts';
import { PLAIN } from '../../src/text/paint.ts';
import { displayWidth, pad, splitAt, truncate } from '../../src/text/width.ts';
import { wrap } from '../../src/text/wrap.ts';
import { command } from '../support/command.ts';
import { lintSummary } from '../support/lint.ts';
import { issue, pkcs8 } from '../support/pki.ts';
import { contextOf } from '../support/report.ts';
import { pemYaml } from '../support/values-yaml.ts';

for (const [text, width] of [
  ['', 0],
  ['abc', 3],
  ['é└─…', 4],
  ['証明書', 6],
  ['인증서', 6],
  ['ｆｕｌｌ', 8],
  ['ﾊﾝｶｸ', 4],
  ['🔒', 2],
  ['🔒🌐', 4],
  ['⚡a', 3],
  ['e\u0301', 1],
  ['\u{20000}', 2],
  ['\u{3fffd}', 2],
  ['\u{3fffe}', 1],
  ['\u10ff\u1100\u115f\u1160', 5],
  ['\u2e7f\u2e80', 3],
] as const) {
  test(`${JSON.stringify(text)} takes ${width} columns`, () => {
    assert.is(displayWidth(text), width);
  });
}

test('truncates by columns, at both sides of the bound', () => {
  assert.is(truncate('証明書', 6), '証明書');
  assert.is(truncate('証明書', 5), '証明…');
  assert.is(truncate('証明書', 4), '証…');
  assert.is(truncate('🔒🔒', 4), '🔒🔒');
  assert.is(truncate('🔒🔒', 3), '🔒…');
  assert.is(truncate('abcd', 4), 'abcd');
  assert.is(truncate('abcd', 3), 'ab…');
});

test('fills up by columns', () => {
  assert.equal([pad('証', 4), pad('ab', 4), pad('証明書', 4)], ['証  ', 'ab  ', '証明書']);
});

test('splits by columns, and never gives nothing', () => {
  assert.equal(splitAt('証明書', 4), ['証明', '書']);
  assert.equal(splitAt('証明書', 5), ['証明', '書']);
  assert.equal(splitAt('証', 1), ['証', '']);
  assert.equal(splitAt('', 4), ['', '']);
});

test('wraps by columns, and a long word without spaces where its characters are wide', () => {
  assert.equal(wrap('証明 書類 a', 6), ['証明', '書類 a']);
  assert.equal(wrap('証明書類証明', 6), ['証明書', '類証明']);
  assert.equal(wrap('a-long-command', 6), ['a-long-command']);
});

test('the chain of a report stays within 80 columns, whatever the names', async () => {
  for (const name of ['証明書'.repeat(20), '🔒'.repeat(60), 'x'.repeat(200), 'é'.repeat(100)]) {
    const own = issue({ subject: `CN=${name}`, san: ['lightrun.example.com'] });
    const summary = await lintSummary(pemYaml(own.pem, pkcs8(own.privateKey)));
    const text = formatText([summary], contextOf(), { paint: PLAIN, width: 80 });
    const [row] = text.split('\n').filter((line) => line.startsWith('    leaf  '));
    assert.ok(row !== undefined && displayWidth(row) <= 80, text);
    assert.match(row, '… ');
  }
});

test('standard error is wrapped to the terminal like standard output, and whole in a log', async () => {
  const args = ['lint', '--root', 'general', 'values.yaml'];
  for (const [terminal, widest] of [
    [50, 50],
    [0, 80],
    [300, 100],
  ] as const) {
    const { stderr } = await command(args, { terminal });
    const widths = stderr.split('\n').map(displayWidth);
    assert.ok(Math.max(...widths) <= widest && Math.max(...widths) > widest - 20, `${terminal}: ${stderr}`);
  }
  assert.is((await command(args)).stderr.trimEnd().split('\n').length, 2);
});

test.run();
