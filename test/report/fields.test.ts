import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawFields, fold } from '../../src/report/fields.ts';
import { tries } from '../support/property.ts';

test('names in one column, values in another', () => {
  const fields = drawFields(
    [
      ['key', ['fits']],
      ['fingerprint', ['a', 'b']],
    ],
    (text) => text,
  );
  assert.equal(fields, ['  key          fits', '  fingerprint  a', '               b']);
});

test('text breaks at spaces and after commas, else where the line is full', () => {
  assert.equal(fold('one two three', 8, 9), ['one two', 'three']);
  assert.equal(fold('CN=a,O=b,C=de', 8, 9), ['CN=a,', 'O=b,C=de']);
  assert.equal(fold('CN=abcd,O', 8, 9), ['CN=abcd,', 'O']);
  assert.equal(fold('CN=abcde,O', 8, 9), ['CN=abcde', ',O']);
  assert.equal(fold(`,${'x'.repeat(9)}`, 8, 9), [`,${'x'.repeat(7)}`, 'xx']);
  assert.equal(fold(`x,${'x'.repeat(9)}`, 8, 9), ['x,', 'xxxxxxxx', 'x']);
  assert.equal(fold('x'.repeat(8), 8, 9), ['x'.repeat(8)]);
  assert.equal(fold('x'.repeat(20), 8, 9), ['x'.repeat(8), 'x'.repeat(8), 'x'.repeat(4)]);
});

test('too much of it ends with …', () => {
  assert.equal(fold('x'.repeat(16), 8, 2), ['x'.repeat(8), 'x'.repeat(8)]);
  assert.equal(fold('x'.repeat(9), 8, 1), [`${'x'.repeat(7)}…`]);
  assert.equal(fold('x'.repeat(20), 8, 2), ['x'.repeat(8), `${'x'.repeat(7)}…`]);
});

test('no line is too wide, and no character is cut in two', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.integer({ min: 2, max: 20 }),
      (text, width) => {
        const lines = fold(text.replace(/\s/g, ' '), width, 5);
        assert.ok(lines.length <= 5);
        for (const line of lines) {
          assert.ok(Array.from(line).length <= width);
          assert.not.match(line, /[\ud800-\udfff]/u);
        }
      },
    ),
    tries(),
  );
});

test.run();
