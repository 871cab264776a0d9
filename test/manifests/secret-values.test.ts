import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findSecrets } from '../../src/manifests/secrets.ts';

const SECRET =
  'kind: Secret\nmetadata: {name: x-certificate}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: QUJD\n  tls.key: REVG\n  ca.crt: R0hJ\n';

async function valuesOf(text: string) {
  const found = await findSecrets(text, '<stdin>', null);
  const [secret] = found.ok ? found.secrets : [];
  if (!secret) throw new Error('no Secret was found');
  return secret.values;
}

test('the two values and what is above them are there, and nothing else', async () => {
  const values = await valuesOf(SECRET);
  const pair = { crt: 'QUJD', key: 'REVG' };
  for (const [path, value] of [
    ['certificate', { tls: pair }],
    ['certificate.tls', pair],
    ['certificate.tls.crt', 'QUJD'],
    ['certificate.tls.key', 'REVG'],
    ['certificate.tls.ca', undefined],
    ['certificate.existing_cert', undefined],
    ['general.lightrun_endpoint', undefined],
  ] as const) {
    const entry = values.get(path.split('.'));
    assert.equal([entry.present, entry.value], [value !== undefined, value], path);
  }
});

test('entries of a mapping are those directly in it', async () => {
  const values = await valuesOf(SECRET);
  const names = (...path: string[]) => values.entries(path).map((entry) => entry.path.join('.'));
  assert.equal(names(), ['certificate']);
  assert.equal(names('certificate'), ['certificate.tls']);
  assert.equal(names('certificate', 'tls'), []);
  assert.equal(names('general'), []);
});

test.run();
