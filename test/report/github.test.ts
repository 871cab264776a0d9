import { posix } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../src/lint/check.ts';
import { lint } from '../../src/lint/lint.ts';
import { type Summary, summarize } from '../../src/lint/summary.ts';
import { formatGithub } from '../../src/report/github.ts';
import { escapeUnsafe } from '../../src/text/display.ts';
import { lintOptions, lintSummary } from '../support/lint.ts';
import { tries } from '../support/property.ts';
import { broken, contextOf, diagnostic, inline, MISORDERED } from '../support/report.ts';
import { readCommand } from '../support/runner.ts';

const test = suite('github');

const first = await lintSummary('');
const finding = first.findings[0] as Finding;

test('a command for each finding, with its place, and a summary that is not a command', async () => {
  const summary = await broken();
  const lines = formatGithub([summary], contextOf({ diagnostics: [diagnostic] }))
    .trimEnd()
    .split('\n');
  const [first, second, last] = lines.map(readCommand);
  assert.is(lines.length, 3);
  assert.is(first?.name, 'error');
  const { file, line, col, title } = first?.properties ?? {};
  assert.equal([file, line, col, title], ['values.yaml', '3', '10', 'lightrun-cert: chain-order']);
  assert.match(first?.data ?? '', summary.findings[0]?.message ?? 'none');
  assert.is(second?.data, 'other.yaml cannot be read: 50% of, it\n\nCheck\nit.');
  assert.is(last, null);
  assert.is(lines[2], 'lightrun-cert: 1 error, 1 not read');
});

test('every name of a file arrives as it is shown, and nothing but it', () => {
  const name = fc.oneof(fc.constantFrom('=a', 'a,line=9', '%3A', 'a%2Cb', ' x ', 'a::b'), fc.string());
  const inFile = (file: string): Summary => ({
    ...first,
    findings: [{ ...finding, location: placeIn(file) }],
  });
  const placeIn = (file: string) => ({ file, line: 2, column: 3, endLine: 4, endColumn: 5 });
  fc.assert(
    fc.property(name, (file) => {
      const relative = `x/${file}`;
      fc.pre(posix.normalize(relative) === relative && !relative.endsWith('/'));
      for (const each of file.startsWith('.') || file === '' ? [relative] : [relative, file]) {
        fc.pre(posix.normalize(each) === each && !each.startsWith('/'));
        const read = readCommand(formatGithub([inFile(each)], contextOf()).split('\n')[0] ?? '');
        const shown = each.startsWith('=') ? `./${each}` : each;
        assert.equal(read?.properties, {
          file: escapeUnsafe(shown),
          line: '2',
          endLine: '4',
          title: 'lightrun-cert: source-missing',
        });
      }
    }),
    tries(),
  );
});

test('a finding in standard input says its line', async () => {
  const summary = summarize(await lint(Buffer.from(inline(MISORDERED)), '<stdin>', lintOptions()));
  const command = readCommand(formatGithub([summary], contextOf()).split('\n')[0] ?? '');
  assert.not.ok('file' in (command?.properties ?? {}));
  assert.match(command?.data ?? '', 'It is on line 3 of standard input.');
});

test.run();
