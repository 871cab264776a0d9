import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLORED, PLAIN } from '../../src/text/paint.ts';

/** Select Graphic Rendition of ECMA-48: 39 is the default colour, 22 normal intensity. */
const CODES = {
  red: [31, 39],
  yellow: [33, 39],
  blue: [34, 39],
  green: [32, 39],
  bold: [1, 22],
  dim: [2, 22],
};

test('each way to paint ends what it begins', () => {
  for (const [name, [on, off]] of Object.entries(CODES) as [keyof typeof CODES, number[]][]) {
    assert.is(COLORED[name]('x'), `\x1b[${on}m` + `x\x1b[${off}m`);
    assert.is(PLAIN[name]('x'), 'x');
  }
});

test.run();
