import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RULES } from '../../src/rules/index.ts';
import { lintSummary } from '../support/lint.ts';
import { broken, CHAIN, caseOf, contextOf, diagnostic, inline, junitCases } from '../support/report.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('junit');

const first = await lintSummary('');

test('a case for each rule; what was not checked is skipped, never passed', async () => {
  const cases = junitCases(
    [await broken()],
    contextOf({ severities: new Map([['cert-expiring', 'off']]), diagnostics: [diagnostic] }),
  );
  assert.is(cases.length, RULES.length + 1);
  const failed = caseOf(cases, 'chain-order') as {
    failure: Record<string, string>;
    file: string;
    line: string;
  };
  assert.match(failed.failure.message ?? '', 'wrong order');
  assert.is(failed.failure.type, 'error');
  assert.equal([failed.file, failed.line], ['values.yaml', '3']);
  assert.ok('skipped' in caseOf(cases, 'cert-expiring'));
  assert.ok('skipped' in caseOf(cases, 'secret-missing'));
  assert.not.ok('skipped' in caseOf(cases, 'chain-broken'));
  const { error } = caseOf(cases, 'not-checked') as { error: Record<string, string> };
  assert.equal([error.type, error.message], ['not-checked', diagnostic.message]);
});

for (const [what, text, rules] of [
  [
    'an existing Secret',
    'certificate:\n  existing_cert: my-tls\n',
    ['chain-order', 'key-weak', 'pair-refused'],
  ],
  ['a value that stops early', inline('????'), ['chain-order', 'cert-unreadable', 'cert-expired']],
  [
    'broken values beside an existing Secret',
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
  test(`rules that had nothing to check: ${what}`, async () => {
    const cases = junitCases([await lintSummary(text)]);
    for (const rule of rules) assert.ok('skipped' in caseOf(cases, rule), rule);
  });
}

test('rules that had something to check are not skipped', async () => {
  const named = junitCases([await lintSummary('certificate:\n  existing_cert: my-tls\n')]);
  for (const rule of ['placeholder', 'secret-name', 'source-missing', 'values-type']) {
    assert.not.ok('skipped' in caseOf(named, rule), rule);
  }
  const skipped = junitCases([await lintSummary(inline(base64(CHAIN)))])
    .filter((each) => 'skipped' in each)
    .map(({ name }) => name);
  assert.equal(skipped, [
    'secret-name',
    'switch-text',
    'internal-tls-source',
    'internal-tls-secrets',
    'keystore-password',
    'endpoint-format',
    'pin-format',
    'pin-missing',
    'cert-manager-rotation',
    'pin-changes',
    'no-rollout',
    'secret-missing',
    'secret-going',
    'secret-key-missing',
    'secret-type',
  ]);
});

test('cases of two targets differ in their class, whose package is that of all', async () => {
  const other = { ...first, name: 'b/other.yaml' };
  const classes = junitCases([first, other]).map(({ classname }) => classname);
  assert.equal([...new Set(classes)], ['lightrun-cert.values_yaml', 'lightrun-cert.b/other_yaml']);
});

test('a warning fails where warnings do', async () => {
  const summaries = [await lintSummary(inline(base64(`noise\n${CHAIN}`)))];
  assert.not.ok('failure' in caseOf(junitCases(summaries), 'pem-noise'));
  assert.match(JSON.stringify(caseOf(junitCases(summaries), 'pem-noise')), 'system-out');
  const strictly = caseOf(junitCases(summaries, contextOf({ strict: true })), 'pem-noise');
  assert.is((strictly.failure as Record<string, string>).type, 'warning');
});

test.run();
