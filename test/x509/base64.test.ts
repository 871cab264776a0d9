import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readBase64 } from '../../src/x509/base64.ts';
import { key, pemBlock, pkcs8 } from '../support/keys.ts';
import { tries } from '../support/property.ts';

const PEM = pkcs8(key('p256'));
const TEXT = Buffer.from(PEM).toString('base64');
const wrap = (text: string, columns: number, by = '\n') =>
  (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join(by);

test('one line of base64 decodes without a diagnostic', () => {
  assert.equal(readBase64(TEXT), { bytes: Buffer.from(PEM), diagnostic: null });
});

test('white space that YAML swallows gives no diagnostic', () => {
  for (const text of [`${TEXT}\n`, `${TEXT}\r\n`, `${TEXT} \t\n\n`, `  ${TEXT}`, `\t${TEXT}\n`]) {
    assert.equal(readBase64(text), { bytes: Buffer.from(PEM), diagnostic: null });
  }
});

test('an empty string gives no bytes and no diagnostic', () => {
  for (const text of ['', '   ', '\n', ' \n']) {
    assert.equal(readBase64(text), { bytes: Buffer.alloc(0), diagnostic: null });
  }
});

test('PEM text is not encoded, whatever is before it', () => {
  for (const text of [
    PEM,
    `Bag Attributes\nÄ\n${PEM}`,
    PEM.slice(PEM.indexOf('\n')),
    PEM.replaceAll('\n', '\\n'),
  ]) {
    assert.equal(readBase64(text), { bytes: Buffer.from(text), diagnostic: { kind: 'not-encoded' } });
  }
});

test('white space inside is named at its first place, and the bytes are there', () => {
  for (const by of ['\n', '\r\n', ' ', '\t', '\n  ']) {
    assert.equal(readBase64(`${wrap(TEXT, 76, by)}\n`), {
      bytes: Buffer.from(PEM),
      diagnostic: { kind: 'wrapped', offset: 76 },
    });
  }
  assert.equal(readBase64(`  ${wrap(TEXT, 64)}`).diagnostic, { kind: 'wrapped', offset: 66 });
  assert.equal(readBase64(`\n${TEXT}`).diagnostic, { kind: 'wrapped', offset: 0 });
});

test('the URL-safe alphabet is named at its first place', () => {
  assert.equal(readBase64('QUFB-_8='), {
    bytes: Buffer.from('QUFB+/8=', 'base64'),
    diagnostic: { kind: 'url-alphabet', offset: 4 },
  });
});

test('a stray character is named, and there are no bytes', () => {
  for (const [text, offset, character] of [
    ['QUFB*UFB', 4, '*'],
    ['  QUFB*UFB', 6, '*'],
    ['QUFB😀UFB', 4, '😀'],
    ['QUF\u0171', 3, '\u0171'],
    ['QUFB\u00a0', 4, '\u00a0'],
    ['QU\0B', 2, '\0'],
    ['QUFB\\', 4, '\\'],
  ] as const) {
    assert.equal(readBase64(text), { bytes: null, diagnostic: { kind: 'alphabet', offset, character } });
  }
});

test('padding is named: missing and excess padding can be fixed, padding inside and a length of 4n+1 cannot', () => {
  const a = Buffer.from('a');
  for (const [text, bytes, offset, reason] of [
    ['YQ', a, 2, 'missing'],
    ['YQ=', a, 3, 'missing'],
    ['YWE', Buffer.from('aa'), 3, 'missing'],
    ['YQ===', a, 4, 'excess'],
    ['YWFh=', Buffer.from('aaa'), 4, 'excess'],
    ['YQ==YQ==', null, 2, 'inside'],
    ['=YQ=', null, 0, 'inside'],
    ['YWFhY', null, 5, 'length'],
    ['YWFhY===', null, 8, 'length'],
  ] as const) {
    assert.equal(readBase64(text), { bytes, diagnostic: { kind: 'padding', offset, reason } }, text);
  }
});

test('unused bits of the last character may be set, as Go has it without Strict', () => {
  assert.equal(readBase64('YR=='), { bytes: Buffer.from('a'), diagnostic: null });
});

test('of several diagnostics the one that hides the others is given', () => {
  const kind = (text: string) => readBase64(text).diagnostic?.kind;
  assert.is(kind('YWFh\nYW*h'), 'alphabet');
  assert.is(kind('YQ==\nYQ=='), 'padding');
  assert.is(kind('YW-h\nYW_h'), 'wrapped');
  assert.is(kind('YWFh\nYQ'), 'wrapped');
  assert.is(kind('YW-hYQ'), 'url-alphabet');
});

test('encoded several times: counted, and the innermost bytes given', () => {
  let text = TEXT;
  for (let times = 2; times <= 5; times++) {
    text = Buffer.from(text).toString('base64');
    assert.equal(readBase64(text), { bytes: Buffer.from(PEM), diagnostic: { kind: 'twice', times } });
  }
  const beyond = readBase64(Buffer.from(text).toString('base64'));
  assert.is(beyond.diagnostic, null);
});

test('encoded twice, the inner text wrapped', () => {
  const text = Buffer.from(`${wrap(TEXT, 76)}\n`).toString('base64');
  assert.equal(readBase64(text), { bytes: Buffer.from(PEM), diagnostic: { kind: 'twice', times: 2 } });
});

test('encoded twice, DER within', () => {
  const der = key('p256').export({ type: 'pkcs8', format: 'der' });
  const text = Buffer.from(der.toString('base64')).toString('base64');
  assert.equal(readBase64(text), { bytes: der, diagnostic: { kind: 'twice', times: 2 } });
});

test('what decodes once to DER, PEM or words is not encoded twice', () => {
  const der = key('p256').export({ type: 'pkcs8', format: 'der' });
  for (const bytes of [
    der,
    Buffer.from('aaaabbbb'),
    Buffer.from('changeme'),
    Buffer.from(pemBlock('X', der)),
  ]) {
    assert.equal(readBase64(bytes.toString('base64')), { bytes, diagnostic: null });
  }
});

test('all bytes survive, with each kind of damage named and repaired', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 100, maxLength: 200 }), fc.nat(3), (array, damage) => {
      const bytes = Buffer.from(array);
      const text = bytes.toString('base64');
      const spoilt = [
        [text, undefined],
        [wrap(text, 76), 'wrapped'],
        [
          bytes.toString('base64url'),
          /[+/]/.test(text) ? 'url-alphabet' : text.endsWith('=') ? 'padding' : undefined,
        ],
        [`${text}=`, 'padding'],
      ] as const;
      const [given, kind] = spoilt[damage] ?? spoilt[0];
      assert.is(readBase64(given).diagnostic?.kind, kind);
      assert.equal(readBase64(given).bytes, bytes);
    }),
    tries(),
  );
});

test('a string is without diagnostic exactly when a strict decoder takes it', () => {
  const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  const unit = fc.constantFrom('A', 'b', '/', '+', '=', '-', '_', '*', 'ű', '\u0141');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      assert.is(readBase64(text).diagnostic === null, strict.test(text));
    }),
    tries(2000),
  );
});

test('hostile strings of ten megabytes take linear time', () => {
  const size = 10_000_000;
  const start = performance.now();
  assert.is(readBase64(`${'='.repeat(size)}A`).bytes, null);
  assert.is(readBase64(`A${' '.repeat(size)}A`).diagnostic?.kind, 'wrapped');
  assert.is(readBase64('A'.repeat(size)).diagnostic, null);
  assert.ok(performance.now() - start < 3000);
});

test.run();
