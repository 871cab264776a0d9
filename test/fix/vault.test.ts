import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readVaultAnswer } from '../../src/fix/vault.ts';
import { chain, pkcs1, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('an answer of Vault');

const { leaf, intermediates, root, pem } = chain({ keyKind: 'rsa2048' });
const [lower] = intermediates as [typeof leaf];
const KEY = pkcs8(leaf.privateKey);
const read = (answer: unknown) => readVaultAnswer(Buffer.from(JSON.stringify(answer)));

const ANSWER = {
  certificate: leaf.pem.trimEnd(),
  issuing_ca: lower.pem.trimEnd(),
  ca_chain: [lower.pem.trimEnd(), root.pem.trimEnd()],
  private_key: KEY.trimEnd(),
};

test('alone, in data, and in data of a key-value store', () => {
  const expected = { crt: pem, key: KEY.trimEnd() };
  for (const answer of [ANSWER, { request_id: 'x', data: ANSWER }, { data: { data: ANSWER, metadata: {} } }])
    assert.equal(read(answer), expected);
  assert.is(read({ data: { data: { data: ANSWER } } }), null);
});

test('each certificate once, also where the chain is a string or the issuer alone', () => {
  assert.is(read({ ...ANSWER, ca_chain: lower.pem + root.pem })?.crt, pem);
  assert.is(read({ ...ANSWER, ca_chain: null })?.crt, leaf.pem + lower.pem);
  assert.is(read({ ...ANSWER, certificate: KEY + pem })?.crt, pem, 'format=pem_bundle');
});

test('format=der', () => {
  const answer = {
    certificate: base64(leaf.der),
    ca_chain: [base64(lower.der), base64(root.der)],
    private_key: base64(leaf.privateKey.export({ type: 'pkcs1', format: 'der' })),
  };
  assert.equal(read(answer), { crt: pem, key: pkcs1(leaf.privateKey).trimEnd() });
});

test('one of the two alone', () => {
  assert.equal(read({ data: { certificate: leaf.pem } }), { crt: leaf.pem, key: null });
  assert.equal(read({ data: { private_key: KEY } }), { crt: null, key: KEY.trimEnd() });
});

test('what cannot be read stays, so that it is said', () => {
  assert.is(read({ certificate: 'hello', ca_chain: [1] })?.crt, 'hello\n');
});

test('anything else is none', () => {
  for (const bytes of [
    '',
    '{',
    '[]',
    '{"data": null}',
    '{"certificate": {"tls": {}}}',
    pem,
    'certificate: x\n',
  ])
    assert.is(readVaultAnswer(Buffer.from(bytes)), null, bytes.slice(0, 40));
  assert.is(readVaultAnswer(Buffer.from(`\ufeff${JSON.stringify(ANSWER)}`))?.crt, pem);
});

test.run();
