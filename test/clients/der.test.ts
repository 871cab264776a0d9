import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DerError, fieldsOf, isMinimalInteger, isOid, oidOf, readFields } from '../../src/clients/der.ts';
import { Asn1Error } from '../../src/x509/asn1.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const fieldsIn = (text: string) =>
  readFields(hex(text)).map(({ tag, content }) => [tag, content.toString('hex')]);
const errorOf = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    assert.instance(error, Asn1Error);
    return error instanceof DerError ? error.length : null;
  }
  return 'none';
};

test('values that follow one another', () => {
  assert.equal(fieldsIn('020105 0500'.replace(' ', '')), [
    [2, '05'],
    [5, ''],
  ]);
  assert.equal(fieldsIn(''), []);
  const [outer] = readFields(hex('3003020105'));
  assert.is(outer?.bytes.toString('hex'), '3003020105');
  assert.equal(
    fieldsOf(outer).map(({ bytes }) => bytes.toString('hex')),
    ['020105'],
  );
});

test('lengths of one byte to 127, then of as few as do', () => {
  const value = (length: string, bytes: number) => hex(`04${length}${'00'.repeat(bytes)}`);
  assert.is(readFields(value('7f', 127))[0]?.content.length, 127);
  assert.is(readFields(value('8180', 128))[0]?.content.length, 128);
  assert.is(readFields(value('820100', 256))[0]?.content.length, 256);
  assert.is(
    errorOf(() => readFields(value('817f', 127))),
    'not minimal',
  );
  assert.is(
    errorOf(() => readFields(value('8200ff', 255))),
    'not minimal',
  );
  assert.is(
    errorOf(() => readFields(hex('30800000'))),
    'indefinite',
  );
});

test('what is truncated, or has a tag above 30, is not read', () => {
  for (const text of ['04', '0402', '040200', '0481', '0485', '1f0100', 'ff0100']) {
    assert.is(
      errorOf(() => readFields(hex(text))),
      null,
      text,
    );
  }
  assert.is(
    errorOf(() => fieldsOf(undefined)),
    null,
  );
  assert.is(
    errorOf(() => fieldsOf(readFields(hex('0400'))[0])),
    null,
  );
});

test('object identifiers', () => {
  const oid = (content: string) =>
    oidOf(readFields(hex(`06${(content.length / 2).toString(16).padStart(2, '0')}${content}`))[0]);
  assert.is(oid('2a864886f70d010101'), '1.2.840.113549.1.1.1');
  assert.is(oid('551d11'), '2.5.29.17');
  assert.is(oid('883703'), '2.999.3');
  assert.is(oid('4f'), '1.39');
  assert.is(oid('50'), '2.0');
  for (const content of ['', '86', '2a8001', '8001']) {
    assert.is(isOid(hex(content)), false, content);
    assert.is(
      errorOf(() => oid(content)),
      null,
      content,
    );
  }
  assert.is(isOid(hex('2a8100')), true);
  assert.is(
    errorOf(() => oidOf(readFields(hex('0500'))[0])),
    null,
  );
});

test('integers of as few bytes as do', () => {
  for (const minimal of ['00', '7f', '0080', 'ff', '80', 'ff7f'])
    assert.ok(isMinimalInteger(hex(minimal)), minimal);
  for (const other of ['', '007f', '0000', 'ff80', 'ffff']) assert.not(isMinimalInteger(hex(other)), other);
});

test.run();
