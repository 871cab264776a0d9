import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Budget } from '../../src/x509/budget.ts';

test('it pays as long as something is left, to the last unit', () => {
  const budget = new Budget(6);
  assert.equal([budget.spend(4), budget.spend(2), budget.spend(1)], [true, true, false]);
});

test('what it cannot pay takes nothing from it', () => {
  const budget = new Budget(6);
  assert.equal(
    [budget.spend(7), budget.spend(Number.POSITIVE_INFINITY), budget.spend(6)],
    [false, false, true],
  );
});

test('a target may cost two million rounds', () => {
  assert.equal([new Budget().spend(2_000_000), new Budget().spend(2_000_001)], [true, false]);
});

test.run();
