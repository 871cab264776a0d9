import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { day, list, nameOf, publicName, subjectOf } from '../../../src/rules/shared/words.ts';
import { issue } from '../../support/pki.ts';
import { read, readOne } from '../../support/read.ts';

test('four names, then how many more', () => {
  assert.is(list([]), '');
  assert.is(list(['a', 'b', 'c', 'd']), 'a, b, c, d');
  assert.is(list(['a', 'b', 'c', 'd', 'e']), 'a, b, c, d and 1 more');
  assert.is(list(['a', 'b', 'c', 'd', 'e', 'f']), 'a, b, c, d and 2 more');
});

test('80 characters of a name', () => {
  assert.is(publicName('x'.repeat(80)), 'x'.repeat(80));
  assert.is(publicName('x'.repeat(81)), `${'x'.repeat(79)}…`);
});

test('a certificate by its subject, else its first name, else its serial number', () => {
  const serial = Buffer.from('0102', 'hex');
  for (const [subject, san, name] of [
    ['CN=a', ['b.test'], 'CN=a'],
    [[], ['b.test', 'c.test'], 'b.test'],
    [[], null, 'serial number 0102'],
  ] as const) {
    assert.is(subjectOf(readOne(issue({ subject: subject as string | [], san, serial }))), name);
  }
});

test('its place counts from 1', () => {
  const places = read(issue({ subject: 'CN=a' }), issue({ subject: 'CN=b' })).map(nameOf);
  assert.equal(places, ['certificate 1 (CN=a)', 'certificate 2 (CN=b)']);
});

test('a date in UTC', () => {
  assert.is(day(new Date('2027-02-21T23:59:59Z')), '2027-02-21');
  assert.is(day(new Date(Number.NaN)), 'a date that cannot be read');
});

test.run();
