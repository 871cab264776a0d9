import { generateKeyPairSync } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintText, rulesOf } from '../support/lint.ts';
import { chain, issue, key, pkcs8, sec1 } from '../support/pki.ts';
import { base64, inlineYaml, pemYaml } from '../support/values-yaml.ts';

const { leaf, intermediates, root, pem } = chain();
const KEY = pkcs8(leaf.privateKey);
const misordered = [root, ...intermediates, leaf].map((each) => each.pem).join('');

test('a broken key does not hide a broken chain', async () => {
  const broken = inlineYaml(base64(misordered), 'LS0t LS0t');
  assert.equal(rulesOf(await lintText(broken)), ['base64-wrapped', 'chain-order']);
});

test('a value that fails a stage is not checked by later ones', async () => {
  const wrapped = inlineYaml(base64(misordered).replace(/^.{9}/, '$& '), base64(KEY));
  assert.equal(rulesOf(await lintText(wrapped)), ['base64-wrapped']);
});

test('a rule that is off lets the value through to later ones', async () => {
  const severities = new Map([['base64-wrapped', 'off'] as const]);
  const wrapped = inlineYaml(base64(misordered).replace(/^.{9}/, '$& '), base64(KEY));
  assert.equal(rulesOf(await lintText(wrapped, { severities })), ['chain-order']);
});

test('the severity that the user gives counts', async () => {
  const yaml = pemYaml(pem, sec1(leaf.privateKey));
  for (const severity of ['warning', 'info'] as const) {
    assert.equal(rulesOf(await lintText(yaml, { severities: new Map([['key-format', severity]]) })), [
      `key-format=${severity}`,
    ]);
  }
  assert.equal(rulesOf(await lintText(yaml, { severities: new Map([['key-format', 'off']]) })), []);
});

test('what is unresolved is not checked, even where the rule is off', async () => {
  const yaml = inlineYaml('ref+vault://secret/tls#crt', base64(KEY));
  assert.equal(rulesOf(await lintText(yaml, { severities: new Map([['values-unresolved', 'off']]) })), []);
});

test('where every rule on a value is off, OpenSSL still has the last word', async () => {
  const damaged = pemYaml(`${leaf.pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`, KEY);
  assert.equal(rulesOf(await lintText(damaged, { severities: new Map([['cert-unreadable', 'off']]) })), [
    'pair-refused',
  ]);
});

test('pair-refused names what no other rule does', async () => {
  // An unrelated certificate has no part in the chain, but OpenSSL refuses to load so short a key.
  const ca = issue({ subject: 'CN=Other', key: key('rsa2048', 70), ca: true });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
  const weak = issue({ subject: 'CN=Weak', issuer: ca, key: privateKey, ca: true });
  assert.equal(rulesOf(await lintText(pemYaml(pem + weak.pem, KEY))), ['chain-extra', 'pair-refused']);
});

test('the same on every Node: a signature with SHA-1 that has no part in the chain, which OpenSSL 3.5 loads', async () => {
  const ca = issue({ subject: 'CN=Other', key: key('rsa2048', 70), ca: true });
  const weak = issue({ subject: 'CN=Weak', issuer: ca, key: key('p256', 71), hash: 'sha1', ca: true });
  const rules = rulesOf(await lintText(pemYaml(pem + weak.pem, KEY)));
  assert.equal(rules.sort(), ['cert-weak-signature', 'chain-extra']);
});

test('the same on every Node: a short key that has no part in the chain, which level 2 of OpenSSL refuses', async () => {
  const ca = issue({ subject: 'CN=Other', key: key('rsa2048', 70), ca: true });
  const short = issue({ subject: 'CN=Short', issuer: ca, key: key('rsa1024', 72), ca: true });
  assert.equal(rulesOf(await lintText(pemYaml(pem + short.pem, KEY))), ['chain-extra']);
});

test('a finding is at its value, with its whole path', async () => {
  const { findings } = await lintText(`a:\n${pemYaml(misordered, KEY).replace(/^(?=.)/gm, '  ')}`, {
    root: ['a'],
  });
  assert.is(findings.length, 1);
  const [finding] = findings;
  assert.equal(finding?.path, ['a', 'certificate', 'tls', 'crt']);
  assert.is(finding?.location?.line, 4);
  assert.is(finding?.location?.column, 12);
  assert.is(finding?.location?.endLine, 4);
  assert.is(finding?.location?.endColumn, 12 + base64(misordered).length + 2);
});

test.run();
