import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ordinal } from '../../src/text/ordinal.ts';

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
