import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lint } from '../../src/lint/lint.ts';
import { summarize } from '../../src/lint/summary.ts';
import { formatGitlab } from '../../src/report/gitlab.ts';
import { formatJunit } from '../../src/report/junit.ts';
import { lintOptions } from '../support/lint.ts';
import { broken, contextOf, diagnostic, inline, MISORDERED, nowhere } from '../support/report.ts';

const test = suite('gitlab');

test('what its code quality report asks for', async () => {
  const issues = JSON.parse(
    formatGitlab([await broken(), await nowhere()], contextOf({ diagnostics: [diagnostic] })),
  );
  assert.is(issues.length, 3);
  for (const issue of issues) {
    assert.type(issue.description, 'string');
    assert.type(issue.check_name, 'string');
    assert.match(issue.fingerprint, /^[0-9a-f]{64}$/);
    assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(issue.severity));
    assert.ok(issue.location.path && !issue.location.path.startsWith('./'));
    assert.type(issue.location.lines.begin, 'number');
  }
  assert.equal(issues[0].location, {
    path: 'values.yaml',
    lines: { begin: 3, end: 3 },
    positions: { begin: { line: 3, column: 10 }, end: { line: 3, column: 10 + MISORDERED.length } },
  });
});

test('a path is not taken for a key, however long and mixed its letters', async () => {
  const name = 'charts/lightrunPlatform/environments/ProductionEast/values.yaml';
  const summary = summarize(await lint(Buffer.from(inline(MISORDERED)), name, lintOptions()));
  assert.is(JSON.parse(formatGitlab([summary], contextOf()))[0].location.path, name);
  assert.match(formatJunit([summary], contextOf()), `<testsuite name="${name}"`);
});

test('an error is critical, a warning minor, information for information', async () => {
  const summary = summarize(await lint(Buffer.from(inline(MISORDERED)), 'values.yaml', lintOptions()));
  for (const [severity, expected] of [
    ['error', 'critical'],
    ['warning', 'minor'],
    ['info', 'info'],
  ] as const) {
    const findings = summary.findings.map((finding) => ({ ...finding, severity }));
    assert.is(JSON.parse(formatGitlab([{ ...summary, findings }], contextOf()))[0].severity, expected);
  }
});

test.run();
