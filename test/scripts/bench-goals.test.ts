import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { goalOf, isAbove, isAboveGoal } from '../../scripts/bench-goals.mjs';

test('a ratio is above its goal where its cost beyond bare Node is more than a quarter above', () => {
  assert.not.ok(isAboveGoal(1, 1.2));
  assert.not.ok(isAboveGoal(1.249, 1.2));
  assert.ok(isAboveGoal(1.251, 1.2));
  assert.ok(isAboveGoal(Number.NaN, 1.2), 'what could not be measured');
});

test('a figure is above its goal where it is more than a quarter above', () => {
  assert.not.ok(isAbove(5, 4));
  assert.ok(isAbove(5.01, 4));
  assert.ok(isAbove(Number.NaN, 4));
});

test('Node 20 has goals of its own, later ones those of 24', () => {
  assert.is(goalOf('version', '20.20.2'), 1.04);
  assert.is(goalOf('version', '22.22.0'), goalOf('version', '24.21.0'));
  assert.is(goalOf('chain', '24.21.0'), 1.9);
});

test.run();
