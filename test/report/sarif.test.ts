import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lint } from '../../src/lint/lint.ts';
import { summarize } from '../../src/lint/summary.ts';
import { RULES } from '../../src/rules/index.ts';
import type { Severity } from '../../src/rules/rule.ts';
import { lintOptions, lintSummary } from '../support/lint.ts';
import { issue, pkcs8 } from '../support/pki.ts';
import { broken, contextOf, diagnostic, inline, MISORDERED, nowhere, sarif } from '../support/report.ts';
import { pemYaml } from '../support/values-yaml.ts';

const test = suite('sarif');

test('valid by its schema, with every rule and the finding in its place', async () => {
  const run = sarif([await broken()]);
  assert.is(run.tool.driver.rules.length, RULES.length);
  const [result] = run.results;
  assert.is(result.ruleId, 'chain-order');
  assert.is(run.tool.driver.rules[result.ruleIndex].id, 'chain-order');
  assert.is(result.level, 'error');
  const { artifactLocation, region } = result.locations[0].physicalLocation;
  assert.equal(artifactLocation, { uri: 'values.yaml', uriBaseId: '%SRCROOT%' });
  assert.equal(region, { startLine: 3, startColumn: 10, endLine: 3, endColumn: 10 + MISORDERED.length });
  assert.is(run.invocations[0].executionSuccessful, true);
  const [rule] = run.tool.driver.rules;
  assert.match(rule.helpUri, `#${rule.id}`);
  assert.ok(rule.help.text && rule.help.markdown && rule.shortDescription.text && rule.fullDescription.text);
});

test('the fingerprint stays when lines move, and tells findings apart', async () => {
  const moved = await lintSummary(`# one more line\n${inline(MISORDERED)}`);
  const print = (run: { results: { partialFingerprints: object }[] }) =>
    run.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
  assert.equal(print(sarif([moved])), print(sarif([await broken()])));
  const many = await lintSummary(
    'certificate:\n  existing_cert: a\n  existing_cert: a\n  exsting: b\n  crt: c\n',
  );
  const prints = print(sarif([many]));
  assert.ok(prints.length >= 3);
  assert.is(new Set(prints).size, prints.length);
});

test('the fingerprint stays when days pass, and is not handed on to another finding', async () => {
  const root = issue({ subject: 'CN=Root', ca: true });
  const at = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000);
  const ended = { notBefore: at(-90), notAfter: at(-9) };
  const middle = issue({ subject: 'CN=Middle', issuer: root, ca: true, ...ended });
  const valid = issue({ issuer: middle });
  const old = issue({ issuer: middle, key: valid.privateKey, ...ended });
  const prints = async (end: typeof old, now = at(0)) => {
    const text = [end, middle, root].map((each) => each.pem).join('');
    const yaml = pemYaml(text, pkcs8(end.privateKey));
    const { results } = sarif([await lintSummary(yaml, { at: now })]);
    return results.map((each: { partialFingerprints: object }) => JSON.stringify(each.partialFingerprints));
  };
  const [both, ...others] = await prints(old);
  assert.equal(others, []);
  assert.equal(await prints(old, at(11)), [both]);
  assert.is.not((await prints(valid))[0], both);
});

test('paths are relative to the folder, and absolute outside of it', async () => {
  const uriOf = async (name: string) => {
    const outcome = await lint(Buffer.from(inline(MISORDERED)), name, lintOptions());
    return sarif([summarize(outcome)]).results[0].locations[0].physicalLocation?.artifactLocation;
  };
  assert.equal(await uriOf('./a b/ä#.yaml'), { uri: 'a%20b/%C3%A4%23.yaml', uriBaseId: '%SRCROOT%' });
  assert.equal(await uriOf('/home/me/repo/x.yaml'), { uri: 'x.yaml', uriBaseId: '%SRCROOT%' });
  assert.equal(await uriOf('../other/x.yaml'), { uri: 'file:///home/me/other/x.yaml' });
  assert.equal(await uriOf('..x/a:b.yaml'), { uri: '..x/a%3Ab.yaml', uriBaseId: '%SRCROOT%' });
  assert.is(await uriOf('<stdin>'), undefined);
});

test('a level that the user changed is that of the finding, and listed with the changed rules', async () => {
  const severities = new Map<string, Severity | 'off'>([
    ['chain-order', 'info'],
    ['cert-expiring', 'off'],
  ]);
  const summary = await lintSummary(inline(MISORDERED), { severities });
  const run = sarif([summary], contextOf({ severities }));
  assert.is(run.results[0].level, 'note');
  const overrides = run.invocations[0].ruleConfigurationOverrides;
  assert.equal(
    overrides.map(({ configuration }: { configuration: object }) => configuration),
    [{ enabled: false }, { level: 'note' }],
  );
  for (const { descriptor } of overrides) {
    assert.is(run.tool.driver.rules[descriptor.index].id, descriptor.id);
  }
});

test('no text of a message becomes a link', async () => {
  const summary = await lintSummary('certificate:\n  "[here](https://other.example)": 1\n');
  const [result] = sarif([summary]).results;
  assert.match(result.message.text, '[here\\](https://other.example)');
});

test('a finding from a flag has a logical place and names the flag; what was not checked is reported', async () => {
  const run = sarif([await nowhere()], contextOf({ diagnostics: [diagnostic] }));
  assert.is(run.results[0].locations[0].physicalLocation, undefined);
  assert.is(run.results[0].locations[0].logicalLocations[0].fullyQualifiedName, 'certificate.tls.crt');
  assert.match(run.results[0].message.text, 'It comes from --set certificate.tls.crt.');
  assert.is(run.invocations[0].executionSuccessful, false);
  assert.match(run.invocations[0].toolExecutionNotifications[0].message.text, 'other.yaml cannot be read');
  assert.is(run.invocations[0].toolExecutionNotifications[0].descriptor.id, 'not-checked');
});

test.run();
