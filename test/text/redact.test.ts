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

const RUN = 'Ab1+/'.repeat(7);
const HEX = '0123456789abcdef'.repeat(5);

test('32 characters of base64, or 65 of hexadecimal, are a key; one fewer is none', () => {
  for (const [text, isKey] of [
    [RUN.slice(0, 31), false],
    [RUN.slice(0, 32), true],
    [`${RUN.slice(0, 31)}-${RUN.slice(0, 31)}`, false],
    [`${RUN.slice(0, 31)} ${RUN.slice(0, 1)}`, true],
    [`-${RUN.slice(0, 32)}-`, true],
    [`${RUN.slice(0, 31)}-${RUN.slice(0, 32)}`, true],
    [RUN.toLowerCase(), false],
    [RUN.toUpperCase(), false],
    [HEX.slice(0, 64), false],
    [HEX.slice(0, 65), true],
    [HEX.slice(0, 65).toUpperCase(), true],
    [`${HEX.slice(0, 64)} 0`, true],
    [`${HEX.slice(0, 64)}g`, false],
  ] as const) {
    assert.is(redact(text), isKey ? '(withheld: it looks like a key or certificate)' : text);
  }
});

test.run();
