import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSecretManifest } from '../../src/manifests/secret-manifest.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('a Secret manifest');

const read = (text: string) => readSecretManifest(Buffer.from(text));

const PAIR = { crt: 'QUJD', key: 'REVG', caCrt: null, others: 0 };
const SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: my-tls\ntype: kubernetes.io/tls\ndata:\n  tls.crt: QUJD\n  tls.key: REVG\n';
const OPAQUE = SECRET.replace('kubernetes.io/tls', 'Opaque').replace('QUJD', 'T1BR');
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n';

test('data, in YAML and in JSON', async () => {
  assert.equal(await read(SECRET), PAIR);
  const json = { kind: 'Secret', type: 'kubernetes.io/tls', data: { 'tls.crt': 'QUJD', 'tls.key': 'REVG' } };
  assert.equal(await read(JSON.stringify(json, null, 4)), PAIR);
  assert.equal(await read(`${SECRET}  ca.crt: Q0E=\n`), { ...PAIR, caCrt: 'Q0E=' });
});

test('stringData, which takes precedence', async () => {
  assert.equal(await read(`${SECRET}stringData:\n  tls.crt: |\n    hello\n`), {
    ...PAIR,
    crt: base64('hello\n'),
  });
});

test('one of the two alone; none is no Secret of a certificate', async () => {
  assert.equal(await read(SECRET.replace(/ {2}tls\.key.*\n/, '')), { ...PAIR, key: null });
  assert.equal(await read(SECRET.replace('QUJD', '""')), { ...PAIR, crt: null });
  assert.is(await read(SECRET.replaceAll('tls.', 'other.')), null);
  assert.is(await read(SECRET.replace('QUJD', '[]').replace('REVG', '{}')), null);
});

test('among other documents, in a List, and in a list of Secrets', async () => {
  assert.equal(await read(`---\n${POD}---\n${SECRET}---\n${POD}`), PAIR);
  const item = JSON.stringify({ kind: 'Secret', data: { 'tls.crt': 'QUJD', 'tls.key': 'REVG' } });
  assert.equal(await read(`kind: List\nitems: [${item}]\n`), PAIR);
  assert.equal(await read(`kind: SecretList\nitems: [{data: {tls.crt: QUJD, tls.key: REVG}}]\n`), PAIR);
});

test('several are counted; the type comes before the order', async () => {
  assert.equal(await read(`${OPAQUE}---\n${SECRET}`), PAIR);
  assert.equal(await read(`${SECRET}---\n${SECRET}`), { ...PAIR, others: 1 });
  assert.is((await read(`${OPAQUE}---\n${OPAQUE}`))?.others, 1);
});

test('what is yet to be filled in stays as it is', async () => {
  assert.is((await read(SECRET.replace('REVG', 'ENC[AES256_GCM,data:x]')))?.key, 'ENC[AES256_GCM,data:x]');
});

test('anything else is none', async () => {
  for (const text of [
    '',
    POD,
    SECRET.replace('kind: Secret', 'kind: SealedSecret'),
    SECRET.replace('kind: Secret', 'kind: ConfigMap  # no Secret'),
    'kind: Secret\ndata: [\n',
    'kind: Secret\n- a\n',
    '\xff\xfe Secret',
    'certificate: {existing_cert: Secret}\n',
  ]) {
    assert.is(await read(text), null, text);
  }
  assert.equal(await read(`Secret: {{ x }}\n---\n${SECRET}`), PAIR);
});

test('a kind that is spelled otherwise', async () => {
  for (const kind of ['"S\\x65cret"', '!!binary U2VjcmV0']) {
    const found = await readSecretManifest(Buffer.from(`kind: ${kind}\ndata:\n  tls.crt: QUJD\n`));
    assert.is(found?.crt, 'QUJD', kind);
  }
});

test.run();
