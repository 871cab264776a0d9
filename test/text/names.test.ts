import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isHostName, isSecretName, isStringUnquoted } from '../../src/text/names.ts';

const labels = (length: number, count: number): string =>
  Array.from({ length: count }, () => 'a'.repeat(length)).join('.');

test('a Secret is named as an RFC 1123 subdomain of at most 253 characters', () => {
  for (const name of ['a', '1a', 'my-tls', 'a.b', '20260101', 'a'.repeat(253)])
    assert.ok(isSecretName(name), name);
  for (const name of ['', 'A', 'a_b', '-a', 'a-', 'a..b', '.a', 'a.', 'a b', 'a'.repeat(254)])
    assert.not(isSecretName(name), name);
});

test('a host has labels of at most 63 characters, 253 in all, and is not an IP address', () => {
  for (const host of [
    'a',
    'lightrun.example.com',
    '1.2.3',
    labels(63, 3),
    `${labels(63, 3)}.${'a'.repeat(61)}`,
  ])
    assert.ok(isHostName(host), host);
  for (const host of ['', 'A.b', '10.0.0.1', 'a_b', labels(64, 1), `${labels(63, 3)}.${'a'.repeat(62)}`])
    assert.not(isHostName(host), host);
});

test('YAML reads some names as something other than a string', () => {
  for (const name of ['my-tls', '1a', '2026-01-01', '1.2.3', 'e3', 'yes-1'])
    assert.ok(isStringUnquoted(name), name);
  for (const name of ['20260101', '0x1f', '1e3', '1.5', '0o17', '0b1', 'true', 'no', 'y', 'on', 'null'])
    assert.not(isStringUnquoted(name), name);
});

test.run();
