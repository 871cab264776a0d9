import { createSecureContext } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPem } from '../../src/x509/pem.ts';
import {
  damagedBoundary,
  isBegin,
  isEnd,
  LineReader,
  type PemBlock,
  type PemLine,
} from '../../src/x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../../src/x509/pem-label.ts';
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
    assert.is(readPem(Buffer.from(text)).diagnostic === null, isSeen, `${before}`);
    const load = () => createSecureContext({ cert: text, ca: [] });
    if (isSeen) load();
    else assert.throws(load);
  }
});

test('what is not printable ASCII is cut from the end of a line, and only there', () => {
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

const BODY = 'MIIBszCCAVmgAwIB';

const CASES: readonly [content: string, damaged: string | null][] = [
  // Whole boundaries, and other text.
  ['-----END X-----', null],
  ['-----end x-----', 'bad-boundary end'],
  ['BEGIN', null],
  ['', null],
  ['# begin', null],
  ['-----BEGIN', null],
  ['-----BEGIN SSH2 PUBLIC KEY-----', null],
  ['Send it to the -- END', null],
  // At the start of the line.
  ['-BEGIN X', 'bad-boundary begin'],
  ['----BEGIN X-----', 'bad-boundary begin'],
  ['----END X-----', 'bad-boundary end'],
  ['----- BEGIN X-----', 'bad-boundary begin'],
  [`${'-'.repeat(20)}BEGIN X`, 'bad-boundary begin'],
  [`${'-'.repeat(20)}BEGIN x`, 'bad-boundary begin'],
  [`${'-'.repeat(21)}begin x`, null],
  ['\xe2\x80\x94BEGIN X', 'dashes begin'],
  ['\xe2\x80\x90BEGIN X', 'dashes begin'],
  ['\xe2\x80\x95begin X', 'dashes begin'],
  ['\xe2\x80\x96begin X', null],
  ['\xe2\x80\x8fbegin X', null],
  ['\xef\xbb\xbf-----BEGIN X-----', 'byte-order-mark begin'],
  // Within other text.
  ['tls.crt: -----BEGIN X-----', 'bad-boundary within'],
  ['tls.crt: -----begin X-----', null],
  ['# -----BEGIN SSH2 X', null],
  [`x${'-'.repeat(21)}BEGIN X`, 'bad-boundary within'],
  ['BEGIN CERTIFICATE', 'bad-boundary within'],
  ['END RSA PRIVATE KEY', 'bad-boundary within'],
  ['BEGIN CERTIFICATES', null],
  ['BEGIN MESSAGE', null],
  ['The BEGIN CERTIFICATE', null],
  // Why.
  ['-----BEGIN X-----\\n', 'literal-escapes begin'],
  ['-----BEGIN X-----\\r', 'literal-escapes begin'],
  ['-----BEGIN X-----\\t', 'bad-boundary begin'],
  ['-----BEGIN X-----\rMII', 'cr-line-ends begin'],
  ['\r-----BEGIN X', 'bad-boundary begin'],
  [' -----BEGIN X-----', 'indented begin'],
  ['\t -----END X-----', 'indented end'],
  [' ----END X-----', 'bad-boundary end'],
  [' -----END X----', 'bad-boundary end'],
  [' -----END X----- x', 'bad-boundary end'],
  [`-----BEGIN X-----${BODY}`, 'single-line begin'],
  [`  -----BEGIN X-----  ${BODY}`, 'single-line begin'],
  [`-----BEGIN X-----${BODY.slice(1)}`, 'bad-boundary begin'],
  [`-----BEGIN X-----\t${BODY}`, 'bad-boundary begin'],
  [`x -----BEGIN X-----${BODY}`, 'bad-boundary within'],
  ['-----END X----------BEGIN Y-----', 'glued-boundaries end'],
  ['-----END X------BEGIN Y-----', 'glued-boundaries end'],
  ['-----END X-----BEGIN Y-----', 'bad-boundary end'],
  ['-----END X------ END Y-----', 'glued-boundaries end'],
];
for (const [content, expected] of CASES) {
  test(`${JSON.stringify(content)}: ${expected ?? 'no boundary'}`, () => {
    const damaged = damagedBoundary(content);
    assert.is(damaged && `${damaged.reason} ${damaged.place}`, expected);
  });
}

test('a whole END begins and ends its line', () => {
  for (const [content, whole] of [
    ['-----END X-----', true],
    ['-----END -----', true],
    ['-----END X----', false],
    ['-----END X------', false],
    ['-----END X----- ', false],
    [' -----END X-----', false],
    ['x-----END X-----', false],
    ['-----END X----------', false],
    ['-----BEGIN X-----', false],
  ] as const) {
    assert.is(isEnd(content), whole, content);
  }
});

test('a whole BEGIN begins and ends its line', () => {
  for (const [content, whole] of [
    ['-----BEGIN X-----', true],
    ['-----BEGIN -----', true],
    ['-----BEGIN X----', false],
    ['-----BEGIN X------', false],
    ['-----BEGIN X-----y', false],
    ['x-----BEGIN X-----', false],
    ['-----BEGIN X----------BEGIN Y-----', false],
    ['-----END X-----', false],
  ] as const) {
    const text = `a\n${content}\nb`;
    const line = { start: 2, end: 2 + content.length, number: 2, partial: false };
    assert.is(isBegin(text, line), whole, content);
  }
});

const block = (label: string): PemBlock => ({
  label,
  line: 1,
  endLine: 3,
  encrypted: false,
  der: Buffer.alloc(0),
  text: '',
});

const LABELS: readonly [label: string, is: 'certificate' | 'private key' | null][] = [
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['TRUSTED CERTIFICATE', 'certificate'],
  ['CERTIFICATE REQUEST', null],
  ['PRIVATE KEY', 'private key'],
  ['RSA PRIVATE KEY', 'private key'],
  ['ENCRYPTED PRIVATE KEY', 'private key'],
  ['PUBLIC KEY', null],
  ['PRIVATE KEYS', null],
  ['EC PARAMETERS', null],
];
for (const [label, is] of LABELS) {
  test(`${label}: ${is ?? 'neither'}`, () => {
    assert.is(isCertificateBlock(block(label)), is === 'certificate');
    assert.is(isPrivateKeyBlock(block(label)), is === 'private key');
  });
}

test.run();
