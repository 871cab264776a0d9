import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { boundaryFault, isBegin, isEnd } from '../../src/x509/pem-boundary.ts';

const BODY = 'MIIBszCCAVmgAwIB';

const CASES: readonly [content: string, fault: string | null][] = [
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
  ['\xe2\x80\x94BEGIN X', 'bad-boundary begin'],
  ['\xe2\x80\x90BEGIN X', 'bad-boundary begin'],
  ['\xe2\x80\x95begin X', 'bad-boundary begin'],
  ['\xe2\x80\x96begin X', null],
  ['\xe2\x80\x8fbegin X', null],
  ['\xef\xbb\xbf-----BEGIN X-----', 'bad-boundary begin'],
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
    const fault = boundaryFault(content);
    assert.is(fault && `${fault.reason} ${fault.place}`, expected);
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

test.run();
