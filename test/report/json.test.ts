import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatJson } from '../../src/report/json.ts';
import { lintSummary } from '../support/lint.ts';
import { PAIRS } from '../support/pairs.ts';
import { chain, issue, pkcs8 } from '../support/pki.ts';
import { inlineYaml, pemYaml } from '../support/values-yaml.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

function parsed(json: string) {
  const report = JSON.parse(json);
  assert.ok(validate(report) as boolean, JSON.stringify(validate.errors));
  return report;
}

test('every report validates against its schema', async () => {
  for (const { crt, key, more, options } of PAIRS) {
    parsed(formatJson([await lintSummary(inlineYaml(crt, key, more), options)]));
  }
  for (const text of [
    '',
    '[',
    'a: 1\n---\ncertificate: {existing_cert: a}\n',
    'certificate:\n  existing_cert: 1e3\n',
  ]) {
    parsed(formatJson([await lintSummary(text)]));
  }
  parsed(formatJson([]));
});

test('the first certificate of a self-signed pair is a leaf', async () => {
  const own = issue({ ca: true, san: ['a.example', '10.0.0.1'] });
  const report = parsed(formatJson([await lintSummary(pemYaml(own.pem, pkcs8(own.privateKey)))]));
  const [certificate] = report.targets[0].certificates;
  assert.is(certificate.role, 'leaf');
  assert.equal(certificate.names, ['a.example', '10.0.0.1']);
  assert.is(certificate.publicKey, 'EC P-256');
  assert.match(certificate.notAfter, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('certificates are in file order, whatever their roles', async () => {
  const { leaf, intermediates, root } = chain();
  const crt = [root, ...intermediates, leaf, leaf].map(({ pem }) => pem).join('');
  const report = parsed(formatJson([await lintSummary(pemYaml(crt, pkcs8(leaf.privateKey)))]));
  const roles = report.targets[0].certificates.map(({ role }: { role: string }) => role);
  assert.equal(roles, ['root', 'intermediate', 'leaf', 'extra']);
});

test('sources', async () => {
  const sourceOf = async (text: string) => parsed(formatJson([await lintSummary(text)])).targets[0];
  assert.is((await sourceOf('')).source, 'missing');
  assert.is((await sourceOf('- a')).source, 'unreadable');
  assert.is((await sourceOf('certificate: {tls: {crt: a}}')).source, 'inline');
  assert.is(
    (await sourceOf('certificate: {tls: {crt: "ref+vault://x", key: "ref+vault://x"}}')).source,
    'inline',
  );
  const secret = await sourceOf('certificate: {existing_cert: my-tls-secret}');
  assert.is(secret.source, 'existing-secret');
  assert.is(secret.existingSecret, 'my-tls-secret');
  const conflict = await sourceOf('certificate: {existing_cert: a, tls: {crt: b, key: c}}');
  assert.is(conflict.source, 'conflict');
});

test('the summary counts', async () => {
  const summaries = [await lintSummary(''), await lintSummary('certificate: {existing_cert: a, foo: b}')];
  assert.equal(parsed(formatJson(summaries)).summary, {
    targets: 2,
    errors: 1,
    warnings: 1,
    infos: 0,
    notChecked: 2,
    ignored: 0,
  });
});

test.run();
