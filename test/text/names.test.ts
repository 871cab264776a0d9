import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asciiHostName, isHostName, isSecretName, isStringUnquoted } from '../../src/text/names.ts';

test('a Secret is named as an RFC 1123 subdomain of at most 253 characters', () => {
  for (const name of ['a', '1a', 'my-tls', 'a.b', '20260101', 'a'.repeat(253)])
    assert.ok(isSecretName(name), name);
  for (const name of [
    '',
    'A',
    'a_b',
    '-a',
    'a-',
    'a..b',
    'a.-b',
    'a/b',
    'a\n',
    '.a',
    'a.',
    'a b',
    'a'.repeat(254),
  ])
    assert.not(isSecretName(name), name);
});

const label = (length: number) => 'a'.repeat(length);
/** Labels of 63 characters and a last one, so long in all. */
const name = (length: number) => `${`${label(63)}.`.repeat(3)}${label(length - 192)}`;

const NAMES: readonly [name: string, isHost: boolean][] = [
  ['lightrun.example.com', true],
  ['localhost', true],
  ['a', true],
  ['1a', true],
  ['a-b.c-d', true],
  ['a--b', true],
  ['', false],
  ['a_b', false],
  ['-a', false],
  ['a-', false],
  ['a.-b', false],
  ['a.b-', false],
  ['a.', false],
  ['.a', false],
  ['a..b', false],
  ['*.example.com', false],
  ['Example.com', false],
  [' a', false],
  ['a\n', false],
  [label(63), true],
  [label(64), false],
  [`a.${label(63)}`, true],
  [`a.${label(64)}`, false],
  [name(253), true],
  [name(254), false],
  ['10.0.0.1', false],
  ['255.255.255.255', false],
  ['1.2.3', true],
  ['1.2.3.4.5', true],
  ['1.2.3.4a', true],
  ['a1.2.3.4', true],
  ['1.2.3.1234', true],
  ['1234.2.3.4', true],
];
for (const [text, isHost] of NAMES) {
  const shown = text.length > 40 ? `${text.length} characters` : JSON.stringify(text);
  test(`${shown}: ${isHost ? 'a' : 'no'} host name`, () => assert.is(isHostName(text), isHost));
}

test('YAML reads some names as something other than a string', () => {
  for (const name of [
    'my-tls',
    '1a',
    '2026-01-01',
    '1.2.3',
    'e3',
    'yes-1',
    'nope',
    'on-call',
    '0xg',
    '0o8',
    '0b2',
    '1e',
    '1-2',
  ])
    assert.ok(isStringUnquoted(name), name);
  for (const name of [
    '20260101',
    '0x1f',
    '1e3',
    '1.5',
    '0o17',
    '0b1',
    '0',
    '1.5e3',
    '1e-3',
    'true',
    'no',
    'y',
    'yes',
    'n',
    'off',
    'false',
    'on',
    'null',
  ])
    assert.not(isStringUnquoted(name), name);
});

const IN_ASCII: readonly [text: string, ascii: string][] = [
  ['Lightrun.Example.com.', 'lightrun.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
  ['faß.de', 'xn--fa-hia.de'],
  ['xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd.xn--p1ai'],
  ['ab--c.com', 'ab--c.com'],
  ['a_b.example.com', 'a_b.example.com'],
  ['xn--a.example.com', ''],
  ['xn--.com', ''],
  ['a.xn--0', ''],
  ['bücher.xn--a.de', ''],
  ['xn--xn---epa.com', ''],
  ['a\u200db.com', ''],
];

for (const [text, ascii] of IN_ASCII) {
  test(`${JSON.stringify(text)} is ${ascii || 'no host name'} in ASCII, whatever this Node makes of it`, () => {
    assert.is(asciiHostName(text), ascii);
  });
}

test.run();
