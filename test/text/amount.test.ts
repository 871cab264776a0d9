import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { count, daysBetween, ordinal } from '../../src/text/amount.ts';

test('one of a thing, or several', () => {
  assert.is([0, 1, 2].map((number) => count(number, 'day')).join(', '), '0 days, 1 day, 2 days');
});

test('whole days, rounded down', () => {
  const from = new Date('2026-01-01T00:00:00.000Z');
  for (const [to, days] of [
    ['2026-01-01T23:59:59.999Z', 0],
    ['2026-01-02T00:00:00.000Z', 1],
    ['2025-12-31T23:59:59.999Z', -1],
    ['2025-12-31T00:00:00.000Z', -1],
    ['2025-12-30T23:59:59.999Z', -2],
  ] as const) {
    assert.is(daysBetween(from, new Date(to)), days, to);
  }
});

test('1st, 2nd, 3rd, and th for all others, 11 to 13 of each hundred among them', () => {
  const found = [
    1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 99, 100, 101, 110, 111, 113, 114, 121,
  ];
  assert.is(
    [...found, 200, 202, 212].map(ordinal).join(' '),
    '1st 2nd 3rd 4th 9th 10th 11th 12th 13th 14th 20th 21st 22nd 23rd 24th 99th 100th 101st 110th 111th 113th 114th 121st 200th 202nd 212th',
  );
});

test.run();
