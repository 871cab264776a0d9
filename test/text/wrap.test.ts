import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { wrap } from '../../src/text/wrap.ts';
import { tries } from '../support/property.ts';

test('breaks at spaces', () => {
  assert.equal(wrap('one two three', 7), ['one two', 'three']);
});

test('leaves commands alone', () => {
  assert.equal(wrap('so:\n  a very long command', 6), ['so:', '  a very long command']);
});

test('keeps every word, and every line within the width where its words allow it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
      fc.integer({ min: 12, max: 80 }),
      (words, width) => {
        const lines = wrap(words.join(' '), width);
        assert.is(lines.join(' '), words.join(' '));
        assert.ok(lines.every((line) => line.length <= width));
      },
    ),
    tries(),
  );
});

test.run();
