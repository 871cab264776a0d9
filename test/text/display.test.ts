import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  escapeUnsafe,
  escapeUnsafeJson,
  escapeUnsafeLines,
  holdsMaterial,
  redact,
  redactPieces,
  shorten,
} from '../../src/text/display.ts';
import { key, pkcs8 } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { base64 } from '../support/values-yaml.ts';

test('keys and certificates are redacted, however they are written', () => {
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
    assert.match(redact(text), /^\(redacted/);
    assert.match(redact(text.replace(/.{10}/g, '$& ')), /^\(redacted/);
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

/** Base64 without a pattern: upper case, lower case, digits. */
const run = (length: number): string => 'aB3'.repeat(length).slice(0, length);

test('in a name, 32 characters of base64 in both cases are too many, and so are 65 hexadecimal digits', () => {
  assert.is(redact(run(31)), run(31));
  assert.match(redact(run(32)), /^\(redacted/);
  assert.is(redact(run(32).toLowerCase()), run(32).toLowerCase());
  assert.is(redact('a'.repeat(64)), 'a'.repeat(64));
  assert.match(redact('a'.repeat(65)), /^\(redacted/);
});

test('no word is shown that holds twelve characters of a known secret', () => {
  const secret = 'correct-horse-battery';
  assert.is(redactPieces(`no ${secret.slice(0, 11)}!`, [secret]), 'no correct-hor!');
  assert.is(redactPieces(`no ${secret.slice(0, 12)}!`, [secret]), 'no (redacted)!');
  assert.is(redactPieces(`no x${secret.slice(-12)}y!`, [secret]), 'no (redacted)!');
  assert.is(redactPieces(`no ${secret.slice(0, 12)}!`, []), `no ${secret.slice(0, 12)}!`);
});

test('nor is PEM, or a run of 48 characters of base64', () => {
  assert.is(redactPieces(`at ${run(47)}.`, []), `at ${run(47)}.`);
  assert.is(redactPieces(`at ${run(48)}.`, []), 'at (redacted).');
  assert.is(redactPieces('bad -----BEGIN PRIVATE KEY-----', []), 'bad (redacted) PRIVATE KEY-----');
});

test('a YAML file holds material from 48 characters of base64 on, or PEM, comments aside', () => {
  assert.not(holdsMaterial(`a: ${run(47)}\n`));
  assert.ok(holdsMaterial(`a: ${run(48)}\n`));
  assert.not(holdsMaterial(`a: ${'a'.repeat(48)}\n`));
  assert.not(holdsMaterial(`a: 1\n  # ${run(48)}\n`));
  assert.ok(holdsMaterial('# -----BEGIN PRIVATE KEY-----\n'));
  assert.ok(holdsMaterial('# LS0tLS1CRUdJTi\n'));
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
    assert.is(redact(text), isKey ? '(redacted: it looks like a key or certificate)' : text);
  }
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be left
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

test('escape sequences are shown, not sent', () => {
  assert.is(escapeUnsafe('\x1b[31mred\x07'), '\\x1b[31mred\\x07');
  assert.is(escapeUnsafe('a\nb\r\tc'), 'a\\x0ab\\x0d\\x09c');
  assert.is(escapeUnsafe('\u202etxt\u2066'), '\\u{202e}txt\\u{2066}');
  assert.is(escapeUnsafe('\u{e0041}\ud800'), '\\u{e0041}\\u{d800}');
});

test('ordinary text stays as it is', () => {
  for (const text of ['CN=lightrun.example.com', 'München, 東京', '🦀 → └─'])
    assert.is(escapeUnsafe(text), text);
});

test('nothing unsafe is left of any text, and it is the same the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const safe = escapeUnsafe(text);
      assert.not.match(safe, UNSAFE);
      assert.is(escapeUnsafe(safe), safe);
      assert.not.match(escapeUnsafeLines(text).replaceAll('\n', ''), UNSAFE);
    }),
    tries(),
  );
});

test('JSON keeps its meaning and loses what is unsafe', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = escapeUnsafeJson(JSON.stringify({ text }, null, 2));
      assert.not.match(json.replaceAll('\n', ''), UNSAFE);
      assert.is(JSON.parse(json).text, text);
    }),
    tries(),
  );
});

test('shortening never cuts a character in two', () => {
  assert.is(shorten('abc', 3), 'abc');
  assert.is(shorten('abcd', 3), 'ab…');
  assert.is(shorten('a🦀bc', 3), 'a…');
  assert.is(shorten('a🦀bc', 4), 'a🦀…');
  assert.is(shorten('🦀bcd', 4), '🦀b…');
});

test.run();
