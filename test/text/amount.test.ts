import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { count, daysBetween } from '../../src/text/amount.ts';

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

test.run();
