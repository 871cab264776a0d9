import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeUnsafe, escapeUnsafeJson, escapeUnsafeLines, shorten } from '../../src/text/display.ts';
import { tries } from '../support/property.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be left
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

test('escape sequences are shown, not sent', () => {
  assert.is(escapeUnsafe('\x1b[31mred\x07'), '\\x1b[31mred\\x07');
  assert.is(escapeUnsafe('a\nb\r\tc'), 'a\\x0ab\\x0d\\x09c');
  assert.is(escapeUnsafe('\u202etxt\u2066'), '\\u{202e}txt\\u{2066}');
  assert.is(escapeUnsafe('\u{e0041}\ud800'), '\\u{e0041}\\u{d800}');
});

test('ordinary text stays as it is', () => {
  for (const text of ['CN=lightrun.example.com', 'München, 東京', '🦀 → └─'])
    assert.is(escapeUnsafe(text), text);
});

test('nothing unsafe is left of any text, and it is the same the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const safe = escapeUnsafe(text);
      assert.not.match(safe, UNSAFE);
      assert.is(escapeUnsafe(safe), safe);
      assert.not.match(escapeUnsafeLines(text).replaceAll('\n', ''), UNSAFE);
    }),
    tries(),
  );
});

test('JSON keeps its meaning and loses what is unsafe', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = escapeUnsafeJson(JSON.stringify({ text }, null, 2));
      assert.not.match(json.replaceAll('\n', ''), UNSAFE);
      assert.is(JSON.parse(json).text, text);
    }),
    tries(),
  );
});

test('shortening never cuts a character in two', () => {
  assert.is(shorten('abc', 3), 'abc');
  assert.is(shorten('abcd', 3), 'ab…');
  assert.is(shorten('a🦀bc', 3), 'a…');
  assert.is(shorten('a🦀bc', 4), 'a🦀…');
  assert.is(shorten('🦀bcd', 4), '🦀b…');
});

test.run();
