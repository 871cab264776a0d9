import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import type { LiveSecret } from '../../src/values/live-secret.ts';
import { lintText, rulesOf } from '../support/lint.ts';
import { chain, type Issued, issue, pkcs8 } from '../support/pki.ts';
import { liveSecret, pem, SECRET_YAML } from '../support/rule-case.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('rules on the Secret in the cluster');

const checkTarget = (secret: LiveSecret, text = SECRET_YAML) =>
  lintText(text, { readSecret: async () => secret });

test('a right Secret is checked as values are, and nothing is found', async () => {
  const outcome = await checkTarget(liveSecret({}));
  assert.equal(rulesOf(outcome), []);
  assert.is(outcome.target.source, 'existing-secret');
  assert.is(outcome.target.material?.certificates.length, 3);
});

test('the rules on certificates check its certificates; their messages name the Secret', async () => {
  const reversed = pem
    .split(/(?=-----BEGIN)/)
    .reverse()
    .join('');
  const { findings } = await checkTarget(liveSecret({ crt: base64(reversed) }));
  assert.equal(
    findings.map(({ rule }) => rule),
    ['chain-order'],
  );
  const [finding] = findings;
  assert.match(finding?.message ?? '', 'tls.crt of the Secret my-tls');
  assert.equal(finding?.commands, [
    'kubectl get secret my-tls --namespace prod -o yaml | helm lightrun-cert lint --fix - | kubectl replace -f -',
  ]);
  assert.is(finding?.location, null);
  assert.is(finding?.origin, 'Secret prod/my-tls');
  assert.equal(finding?.path, ['data', 'tls.crt']);
});

test('a self-signed ca.crt beside it is a known root; one that is unreadable or not self-signed is not', async () => {
  const { leaf, root, intermediates } = chain({ depth: 2, tag: 'beside' });
  const [intermediate] = intermediates as [Issued];
  const withCa = async (crt: string, ca: string | null) =>
    rulesOf(await checkTarget(liveSecret({ crt, key: base64(pkcs8(leaf.privateKey)), ca })));
  const sent = base64(leaf.pem + intermediate.pem);
  assert.equal(await withCa(sent, null), ['chain-no-root']);
  assert.equal(await withCa(sent, base64(root.pem)), ['chain-no-root']);
  const direct = issue({ issuer: root });
  const alone = async (ca: string | null) =>
    rulesOf(
      await checkTarget(liveSecret({ crt: base64(direct.pem), key: base64(pkcs8(direct.privateKey)), ca })),
    );
  assert.equal(await alone(base64(root.pem)), ['chain-no-root']);
  for (const ca of [null, '', '!', base64('text'), base64(intermediate.pem)]) {
    assert.equal(await alone(ca), ['chain-incomplete'], String(ca));
  }
});

test('encoded again on top of what the API server decodes', async () => {
  assert.equal(rulesOf(await checkTarget(liveSecret({ crt: base64(base64(pem)) }))), ['base64-twice']);
});

test('the pins in the values are compared with it', async () => {
  const pins = `${SECRET_YAML}  security_pinned_hashes: ["${'0'.repeat(64)}"]\n`;
  assert.equal(rulesOf(await checkTarget(liveSecret({}), pins)), ['pin-missing']);
});

test('a Secret that is not there', async () => {
  const { findings, target } = await checkTarget(liveSecret(null));
  assert.equal(
    findings.map(({ rule, severity }) => `${rule}=${severity}`),
    ['secret-missing=error'],
  );
  const [{ message = '', help = '', location } = {}] = findings;
  assert.match(message, 'the namespace prod has no Secret of that name');
  assert.match(help, 'kubectl get secrets --namespace prod');
  assert.match(help, 'secret-missing=warning');
  assert.is(location?.line, 2);
  assert.is(target.material, null);
});

for (const [what, found, about] of [
  ['no tls.key', { key: null, keys: ['tls.crt'] }, 'tls.key'],
  ['an empty tls.crt', { crt: '' }, 'tls.crt'],
  ['entries of other names', { crt: null, key: null, keys: ['cert.pem', 'key.pem'] }, 'tls.crt'],
] as const) {
  test(`a Secret with ${what}`, async () => {
    const { findings } = await checkTarget(liveSecret(found));
    assert.equal(
      findings.map(({ rule }) => rule),
      ['secret-key-missing'],
    );
    assert.equal(findings[0]?.path, ['data', about]);
    if (what === 'entries of other names') assert.match(findings[0]?.message ?? '', 'cert.pem, key.pem');
  });
}

test('a Secret of another type is a warning', async () => {
  const outcome = await checkTarget(liveSecret({ type: 'Opaque' }));
  assert.equal(rulesOf(outcome), ['secret-type']);
});

test('a Secret is asked for only where its name is used, and can be one', async () => {
  const asked: string[] = [];
  const readSecret = async (name: string | null) => {
    asked.push(String(name));
    throw new LintError('never', 'never');
  };
  for (const text of [
    'certificate:\n  tls: {crt: abc, key: def}\n',
    'certificate:\n  existing_cert: My_Secret\n',
    'certificate:\n  existing_cert: ref+vault://x\n',
    'certificate: {existing_cert: a, tls: {crt: b, key: c}}\n',
    '{}\n',
  ]) {
    await lintText(text, { readSecret });
  }
  assert.equal(asked, []);
});

test.run();
