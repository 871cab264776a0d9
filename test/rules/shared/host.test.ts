import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { covers, isHostName } from '../../../src/rules/shared/host.ts';
import { issue } from '../../support/pki.ts';
import { readOne } from '../../support/read.ts';

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

test('a certificate covers names and addresses of its alternative names, never its common name', () => {
  const certificate = readOne(
    issue({ subject: 'CN=common.test', san: ['a.test', '*.b.test', 'w*.c.test', '10.0.0.1', '2001:db8::1'] }),
  );
  for (const [host, covered] of [
    ['a.test', true],
    ['x.b.test', true],
    ['b.test', false],
    ['x.y.b.test', false],
    ['ww.c.test', false],
    ['common.test', false],
    ['10.0.0.1', true],
    ['10.0.0.2', false],
    ['2001:db8::1', true],
    ['2001:db8::2', false],
  ] as const) {
    assert.is(covers(certificate, host), covered, host);
  }
  assert.not(covers(readOne(issue({ subject: 'CN=common.test', san: null })), 'common.test'));
});

test.run();
