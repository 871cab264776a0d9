import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isSecretName } from '../../src/rules/secret-name.ts';

const valid = [
  'a',
  'my-tls-secret',
  'a.b-c.d',
  'a1',
  '1a',
  'a'.repeat(253),
  'nope',
  'yess',
  'on-call',
  'nulls',
];
const invalid = [
  '',
  'A',
  'a_b',
  '-a',
  'a-',
  '.a',
  'a.',
  'a..b',
  'a.-b',
  'a/b',
  'a b',
  'a\n',
  'a'.repeat(254),
];
const mistaken = ['y', 'yes', 'on', 'true', 'n', 'no', 'off', 'false', 'null']
  .concat(['0', '20260101', '1.5', '1e3', '1.5e3', '1e-3', '0x1f', '0o17', '0b101'])
  .map((name) => [name, `${name}x`] as const);

test('names that a Secret can have: lower case, digits, hyphens and dots, up to 253 characters', () => {
  for (const name of valid) assert.ok(isSecretName(name), name);
  for (const name of invalid) assert.not(isSecretName(name), name);
});

test('names that YAML reads as a number, a boolean or null are none, those that only begin so are', () => {
  for (const [name, longer] of mistaken) {
    assert.not(isSecretName(name), name);
    assert.ok(isSecretName(longer), longer);
    assert.ok(isSecretName(`x${name}`), `x${name}`);
  }
  for (const name of ['0xg', '0o8', '0b2', '1e', '1.2.3', '1-2']) assert.ok(isSecretName(name), name);
});

test.run();
