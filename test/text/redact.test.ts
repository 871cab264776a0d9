import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { redact } from '../../src/text/redact.ts';
import { key, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

test('keys and certificates are withheld, however they are written', () => {
  const pem = pkcs8(key('ed25519'));
  const body = pem.split('\n')[1] ?? '';
  for (const text of [
    pem,
    base64(pem),
    body,
    `a.${body}`,
    base64(base64(pem)),
    Buffer.from(body, 'base64').toString('hex'),
  ]) {
    assert.match(redact(text), /^\(withheld/);
    assert.match(redact(text.replace(/.{10}/g, '$& ')), /^\(withheld/);
  }
});

test('names, hosts, paths and digests are shown', () => {
  for (const text of [
    'my-tls-secret',
    'My_TLS_Secret',
    'https://Lightrun.example.com:443/',
    'x'.repeat(253),
    'Lightrun-Production-Intermediate-Authority-2026',
    'e3b0c442'.repeat(8),
  ]) {
    assert.is(redact(text), text);
  }
});

test.run();
