import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RULES } from '../../src/rules/index.ts';
import { lintText } from '../support/lint.ts';
import { broken, CHAIN, caseOf, inline, junitCases, problem, runOf } from '../support/report.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('junit');

const first = await lintText('');

test('a case a rule; what was not judged is skipped, never passed', async () => {
  const cases = junitCases(
    runOf([await broken()], { severities: new Map([['cert-expiring', 'off']]), problems: [problem] }),
  );
  assert.is(cases.length, RULES.length + 1);
  const failed = caseOf(cases, 'chain-order') as { failure: { message: string }; file: string; line: string };
  assert.match(failed.failure.message, 'wrong order');
  assert.equal([failed.file, failed.line], ['values.yaml', '3']);
  assert.ok('skipped' in caseOf(cases, 'cert-expiring'));
  assert.ok('skipped' in caseOf(cases, 'secret-missing'));
  assert.not.ok('skipped' in caseOf(cases, 'chain-broken'));
  assert.ok('error' in caseOf(cases, 'not-judged'));
});

for (const [what, text, rules] of [
  [
    'an existing Secret',
    'certificate:\n  existing_cert: my-tls\n',
    ['chain-order', 'key-weak', 'pair-refused'],
  ],
  ['a value that stops early', inline('????'), ['chain-order', 'cert-unreadable', 'cert-expired']],
  [
    'broken values behind a conflict',
    'certificate:\n  existing_cert: a\n  tls:\n    crt: "????"\n    key: "????"\n',
    ['pem-missing', 'chain-order', 'key-weak', 'key-mismatch', 'pair-refused'],
  ],
  [
    'no endpoint and no pins',
    inline(base64(CHAIN)),
    ['endpoint-format', 'pin-format', 'pin-missing', 'secret-name'],
  ],
  ['no YAML', 'certificate: [', ['chain-order', 'source-missing']],
] as const) {
  test(`rules that had nothing to judge: ${what}`, async () => {
    const cases = junitCases(runOf([await lintText(text)]));
    for (const rule of rules) assert.ok('skipped' in caseOf(cases, rule), rule);
  });
}

test('rules that had something to judge are not skipped', async () => {
  const named = junitCases(runOf([await lintText('certificate:\n  existing_cert: my-tls\n')]));
  for (const rule of ['placeholder', 'secret-name', 'source-missing', 'values-type']) {
    assert.not.ok('skipped' in caseOf(named, rule), rule);
  }
  const skipped = junitCases(runOf([await lintText(inline(base64(CHAIN)))]))
    .filter((each) => 'skipped' in each)
    .map(({ name }) => name);
  assert.equal(skipped, [
    'secret-name',
    'endpoint-format',
    'pin-format',
    'pin-missing',
    'secret-missing',
    'secret-key-missing',
    'secret-type',
  ]);
});

test('cases of two targets are told apart by their class, whose package is that of all', async () => {
  const other = { ...first, target: { ...first.target, name: 'b/other.yaml' } };
  const classes = junitCases(runOf([first, other])).map(({ classname }) => classname);
  assert.equal([...new Set(classes)], ['lightrun-cert.values_yaml', 'lightrun-cert.b/other_yaml']);
});

test('a warning fails where warnings do', async () => {
  const outcome = await lintText(inline(base64(`noise\n${CHAIN}`)));
  const run = runOf([outcome]);
  assert.not.ok('failure' in caseOf(junitCases(run), 'pem-noise'));
  assert.match(JSON.stringify(caseOf(junitCases(run), 'pem-noise')), 'system-out');
  assert.ok('failure' in caseOf(junitCases({ ...run, strict: true }), 'pem-noise'));
});

test.run();
