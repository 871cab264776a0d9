import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Validity } from '../../src/inspect/inspect.ts';
import { drawBar, timeLeft } from '../../src/report/inspection-words.ts';
import { COLORED, PLAIN } from '../../src/text/paint.ts';

const SEASON: Validity = { state: 'valid', unit: 'day', total: 90, used: 31, left: 59, away: 0 };
const used = (days: number): Validity => ({ ...SEASON, used: days, left: 90 - days });

test('the time used and left, as a bar and in words', () => {
  assert.is(drawBar(SEASON, PLAIN), '[#######-------------]  31 of 90 days used, 59 left');
  assert.is(drawBar(used(0), PLAIN), '[--------------------]  0 of 90 days used, 90 left');
});

test('the bar is full only when nothing is left', () => {
  assert.is(drawBar(used(89), PLAIN), '[###################-]  89 of 90 days used, 1 left');
  assert.is(drawBar(used(90), PLAIN), '[####################]  less than a day left');
});

test('a cell is a twentieth, rounded', () => {
  for (const [days, cells] of [
    [2, 0],
    [3, 1],
    [6, 1],
    [7, 2],
    [45, 10],
    [88, 19],
  ] as const) {
    assert.ok(
      drawBar(used(days), PLAIN).startsWith(`[${'#'.repeat(cells)}${'-'.repeat(20 - cells)}]`),
      `${days}`,
    );
  }
});

test('what is left, in words', () => {
  assert.is(timeLeft(used(89)), '1 day left');
  assert.is(timeLeft(used(90)), 'less than a day left');
  assert.is(timeLeft({ ...used(90), unit: 'hour' }), 'less than an hour left');
  assert.is(timeLeft({ ...SEASON, unit: 'hour', left: 1 }), '1 hour left');
});

test('expired, not yet valid and never valid say so', () => {
  const ended: Validity = { ...SEASON, state: 'expired', used: 90, left: 0, away: 3 };
  assert.is(drawBar(ended, PLAIN), '[####################]  expired 3 days ago');
  assert.is(timeLeft({ ...ended, away: 0 }), 'expired less than a day ago');
  assert.is(timeLeft({ ...ended, unit: 'hour', away: 1 }), 'expired 1 hour ago');
  const early: Validity = { ...SEASON, state: 'not-yet-valid', used: 0, left: 90, away: 1 };
  assert.is(drawBar(early, PLAIN), '[--------------------]  not valid yet, in 1 day');
  const never: Validity = { state: 'never', unit: 'hour', total: 0, used: 0, left: 0, away: 0 };
  assert.is(drawBar(never, PLAIN), '[--------------------]  never valid: ends before it begins');
});

test('green, yellow within 30 days of its end, else red', () => {
  const colors: [Validity, string][] = [
    [used(60), '32'],
    [used(61), '33'],
    [{ ...SEASON, unit: 'hour' }, '33'],
    [{ ...SEASON, state: 'expired' }, '31'],
    [{ ...SEASON, state: 'not-yet-valid' }, '31'],
  ];
  for (const [validity, color] of colors) assert.ok(drawBar(validity, COLORED).startsWith(`[\x1b[${color}m`));
});

test.run();
