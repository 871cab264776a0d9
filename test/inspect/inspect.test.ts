import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { validityAt } from '../../src/inspect/inspect.ts';
import { tries } from '../support/property.ts';

const time = (text: string) => new Date(text);
const SEASON = { notBefore: time('2026-11-23T00:00:00Z'), notAfter: time('2027-02-20T23:59:59Z') };

test('days used and left add up to all of them; the last second belongs to it', () => {
  const at = (text: string) => validityAt(SEASON, time(text));
  assert.equal(at('2026-12-24T00:00:00Z'), {
    state: 'valid',
    unit: 'day',
    total: 90,
    used: 32,
    left: 58,
    away: 0,
  });
  assert.is(at('2027-02-20T23:59:59Z').state, 'valid');
  assert.is(at('2027-02-20T23:59:59Z').left, 0);
  assert.is(at('2026-11-23T00:00:00Z').state, 'valid');
});

test('expired, and not yet valid: how far away that is', () => {
  const expired = validityAt(SEASON, time('2027-02-24T00:00:00Z'));
  assert.equal(expired, { state: 'expired', unit: 'day', total: 90, used: 90, left: 0, away: 3 });
  const early = validityAt(SEASON, time('2026-11-20T12:00:00Z'));
  assert.equal(early, { state: 'not-yet-valid', unit: 'day', total: 90, used: 0, left: 90, away: 2 });
});

test('what is valid for less than three days is counted in hours', () => {
  const short = { notBefore: time('2026-11-23T00:00:00Z'), notAfter: time('2026-11-24T00:00:00Z') };
  const validity = validityAt(short, time('2026-11-23T13:30:00Z'));
  assert.equal(validity, { state: 'valid', unit: 'hour', total: 24, used: 14, left: 10, away: 0 });
});

test('three days are counted in days, a second less in hours', () => {
  const until = (notAfter: string) =>
    validityAt({ notBefore: SEASON.notBefore, notAfter: time(notAfter) }, SEASON.notBefore);
  const { unit, total } = until('2026-11-25T23:59:59Z');
  assert.equal({ unit, total }, { unit: 'day', total: 3 });
  const less = until('2026-11-25T23:59:58Z');
  assert.equal([less.unit, less.total], ['hour', 71]);
});

test('a single second is a time, none is never', () => {
  const from = SEASON.notBefore;
  const until = (seconds: number) =>
    validityAt({ notBefore: from, notAfter: new Date(from.getTime() + 1000 * seconds) }, from);
  assert.is(until(0).state, 'valid');
  assert.equal(until(-1), { state: 'never', unit: 'hour', total: 0, used: 0, left: 0, away: 0 });
});

test('an end before the beginning is never valid', () => {
  const upsideDown = { notBefore: SEASON.notAfter, notAfter: SEASON.notBefore };
  for (const at of [SEASON.notBefore, SEASON.notAfter, time('2026-12-24T00:00:00Z')]) {
    assert.is(validityAt(upsideDown, at).state, 'never');
  }
});

test('whatever the times: whole units, none negative, and used and left make up the total', () => {
  const date = fc.date({ min: time('1950-01-01'), max: time('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(date, date, date, (notBefore, notAfter, at) => {
      const { state, total, used, left, away } = validityAt({ notBefore, notAfter }, at);
      for (const number of [total, used, left, away]) assert.ok(Number.isInteger(number) && number >= 0);
      if (state !== 'never') assert.is(used + left, total);
      if (state === 'valid') assert.is(away, 0);
    }),
    tries(),
  );
});

test.run();
