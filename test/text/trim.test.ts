import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { trimSpace } from '../../src/text/trim.ts';

test('white space at the ends goes', () => {
  for (const text of ['a b', ' a b', 'a b\n', '\r\n\ta b \n\n']) assert.is(trimSpace(text), 'a b');
  for (const text of ['', ' ', '\n\n']) assert.is(trimSpace(text), '');
});

test('what Helm takes for a character stays', () => {
  for (const text of ['a\u00a0', '\ufeffa', 'a\u200b', 'a\u000b']) assert.is(trimSpace(text), text);
});

test('in time linear in its length', () => {
  const began = performance.now();
  trimSpace(`a${' '.repeat(1_000_000)}b`);
  assert.ok(performance.now() - began < 500);
});

test.run();
