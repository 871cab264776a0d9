import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  dottedOid,
  integerOf,
  readElement,
  sequenceOf,
  splitElements,
  tryDecodeAsn1,
} from '../../src/x509/asn1.ts';
import { encoded, issue } from '../support/pki.ts';
import { tries } from '../support/property.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

test('an element: its tag, its content, itself; what follows is ignored', () => {
  for (const [bytes, tag, content, length] of [
    ['0500ff', 0x05, '', 2],
    ['0401aabb', 0x04, 'aa', 3],
    [`047f${'aa'.repeat(127)}`, 0x04, 'aa'.repeat(127), 129],
    [`048180${'aa'.repeat(128)}`, 0x04, 'aa'.repeat(128), 131],
    [`0482012c${'aa'.repeat(300)}`, 0x04, 'aa'.repeat(300), 304],
    ['048400000001aa', 0x04, 'aa', 7],
    ['30800101ff0000ff', 0x30, '0101ff', 7],
    ['308030800000000005', 0x30, '30800000', 8],
  ] as const) {
    const element = readElement(hex(bytes));
    assert.is(element.tag, tag, bytes);
    assert.is(element.content.toString('hex'), content, bytes);
    assert.is(element.bytes.length, length, bytes);
  }
});

test('what is not a whole element is refused', () => {
  for (const bytes of [
    '',
    '30',
    '3001',
    '3081',
    '308201',
    '3085000000000100',
    '1f0100',
    '3080',
    '30800101ff',
  ]) {
    assert.throws(() => readElement(hex(bytes)), bytes);
  }
});

test('elements are split to the last byte', () => {
  assert.equal(splitElements(Buffer.alloc(0)), []);
  assert.is(splitElements(hex('05000101ff')).length, 2);
  assert.throws(() => splitElements(hex('050001')));
  assert.throws(() => sequenceOf(readElement(hex('3100'))), 'a SET is not a SEQUENCE');
});

test('integers have a sign, and any length', () => {
  assert.is(integerOf(hex('00')), 0n);
  assert.is(integerOf(hex('7f')), 127n);
  assert.is(integerOf(hex('80')), -128n);
  assert.is(integerOf(hex('00ff')), 255n);
  assert.is(integerOf(hex(`00${'ff'.repeat(20)}`)), 2n ** 160n - 1n);
  assert.throws(() => integerOf(Buffer.alloc(0)));
});

test('object identifiers as the library writes them', () => {
  const arc = fc.nat(0x7fffffff);
  fc.assert(
    fc.property(
      fc.constantFrom('0', '1'),
      fc.nat(39),
      fc.array(arc, { minLength: 1 }),
      (first, second, rest) => {
        const text = [first, second, ...rest].join('.');
        assert.is(dottedOid(readElement(encoded(new asn1js.ObjectIdentifier({ value: text })))), text);
      },
    ),
    tries(),
  );
  assert.is(dottedOid(readElement(hex('0603883703'))), '2.999.3');
  assert.is(dottedOid(readElement(hex('060178'))), '2.40');
  for (const bytes of ['0600', '060180', '0500'])
    assert.throws(() => dottedOid(readElement(hex(bytes))), bytes);
});

test('of arbitrary bytes: what the decoder takes is an element of the same length', () => {
  const { der } = issue();
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(der);
      changed[at] = byte;
      if (tryDecodeAsn1(changed) === null) return;
      assert.not.throws(() => readElement(changed));
    }),
    tries(),
  );
});

test.run();
