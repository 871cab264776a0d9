import { createSecureContext } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPem } from '../../src/x509/pem.ts';
import { LineReader, type PemLine } from '../../src/x509/pem-line.ts';
import { issue } from '../support/pki.ts';

const MARK = '\xef\xbb\xbf';

function linesOf(text: string): PemLine[] {
  const reader = new LineReader(text);
  const lines: PemLine[] = [];
  for (let line = reader.next(); line !== null; line = reader.next()) lines.push(line);
  return lines;
}
/** Each part of a line: its number, its content, and a `+` where the line goes on. */
const read = (text: string) =>
  linesOf(text).map(
    ({ number, start, end, partial }) => `${number}:${text.slice(start, end)}${partial ? '+' : ''}`,
  );
const lengths = (text: string) => linesOf(text).map(({ start, end }) => end - start);

test('a line ends with its line feed, the last with the text', () => {
  assert.equal(read(''), []);
  assert.equal(read('a'), ['1:a']);
  assert.equal(read('a\n'), ['1:a']);
  assert.equal(read('\n\na'), ['1:', '2:', '3:a']);
  assert.equal(read('a\rb\r\nc'), ['1:a\rb', '2:c']);
});

test('a line of 254 bytes with its line feed is one; a longer one goes on in parts of 254', () => {
  for (const [before, parts] of [
    [253, [253]],
    [254, [254, 0]],
    [255, [254, 1]],
    [508, [254, 254, 0]],
    [509, [254, 254, 1]],
  ] as const) {
    assert.equal(lengths(`${'x'.repeat(before)}\n`), parts);
    assert.equal(linesOf(`${'x'.repeat(before)}\ny`).at(-1)?.number, 2);
  }
  assert.equal(linesOf(`${'x'.repeat(253)}\n`)[0]?.partial, false);
  assert.equal(linesOf('x'.repeat(253))[0]?.partial, false);
  assert.equal(linesOf('x'.repeat(254))[0]?.partial, true);
  assert.equal(
    linesOf('x'.repeat(255)).map(({ partial }) => partial),
    [true, false],
  );
});

test('OpenSSL too sees a BEGIN after exactly 254 bytes of the same line', () => {
  const { pem } = issue();
  for (const before of [1, 253, 254, 255, 507, 508, 509]) {
    const text = 'x'.repeat(before) + pem;
    const isSeen = before % 254 === 0;
    assert.is(readPem(Buffer.from(text)).problem === null, isSeen, `${before}`);
    const load = () => createSecureContext({ cert: text, ca: [] });
    if (isSeen) load();
    else assert.throws(load);
  }
});

test('what is no printable ASCII is cut off at the end of a line, and only there', () => {
  for (const [byte, isKept] of [
    ['\x00', false],
    ['\t', false],
    ['\x1f', false],
    [' ', false],
    ['!', true],
    ['~', true],
    ['\x7f', true],
    ['\x80', false],
    ['\xff', false],
  ] as const) {
    assert.equal(read(`a${byte}b${byte}\n`), [`1:a${byte}b${isKept ? byte : ''}`]);
    assert.equal(read(`${byte}${byte}`), [`1:${isKept ? byte + byte : ''}`]);
  }
});

test('a byte-order mark is left out at the start of the text, where more follows', () => {
  const skipped = (text: string) => new LineReader(text).skippedByteOrderMark;
  assert.equal(read(`${MARK}a\n${MARK}b`), ['1:a', `2:${MARK}b`]);
  assert.is(skipped(`${MARK}a`), true);
  assert.is(skipped(MARK), false);
  assert.is(skipped(`a${MARK}`), false);
  assert.is(skipped(`\n${MARK}a`), false);
});

test('a reader goes back to a line, or into it', () => {
  const text = 'one\ntwo\nthree\n';
  const reader = new LineReader(text);
  const [first, second] = [reader.next(), reader.next()] as [PemLine, PemLine];
  reader.next();
  reader.resume(second);
  assert.equal(reader.next(), second);
  assert.equal(reader.next(), { start: 8, end: 13, number: 3, partial: false });
  reader.resume(first, 2);
  assert.equal(reader.next(), { start: 2, end: 3, number: 1, partial: false });
  assert.equal(reader.next(), second);
});

test.run();
