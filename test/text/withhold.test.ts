import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withhold } from '../../src/text/withhold.ts';
import { key, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

test('keys and certificates are withheld, however they are written', () => {
  const pem = pkcs8(key('ed25519'));
  const body = pem.split('\n')[1] ?? '';
  for (const text of [pem, base64(pem), body, `a.${body}`, base64(pem).slice(0, 20), base64(base64(pem))]) {
    assert.match(withhold(text), /^\(withheld/);
  }
});

test('names, hosts, paths and digests are shown', () => {
  for (const text of [
    'my-tls-secret',
    'My_TLS_Secret',
    'https://Lightrun.example.com:443/',
    'x'.repeat(253),
    '0aB'.repeat(13),
    'e3b0c442'.repeat(8),
  ]) {
    assert.is(withhold(text), text);
  }
});

test.run();
