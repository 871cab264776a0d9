import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { foreignFormat } from '../../src/x509/foreign-format.ts';
import { encoded, oid, sequence } from '../support/asn1.ts';
import { issue, key, pkcs8, spkiOf } from '../support/pki.ts';
import { tries } from '../support/property.ts';

const integer = (value: number) => new asn1js.Integer({ value });

test('nothing, or white space alone', () => {
  assert.is(foreignFormat(Buffer.alloc(0)), 'empty');
  assert.is(foreignFormat(Buffer.from(' \r\n\t')), 'empty');
});

test('DER of a certificate, also with a line break after it', () => {
  const { der } = issue();
  assert.is(foreignFormat(der), 'der-certificate');
  assert.is(foreignFormat(issue({ version: 1 }).der), 'der-certificate');
  assert.is(foreignFormat(Buffer.concat([der, Buffer.from('\n')])), 'der-certificate');
});

test('DER of a private key in each container', () => {
  const rsa = key('rsa2048');
  const ec = key('p256');
  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'secret' };
  for (const der of [
    rsa.export({ type: 'pkcs1', format: 'der' }),
    rsa.export({ type: 'pkcs8', format: 'der' }),
    ec.export({ type: 'sec1', format: 'der' }),
    key('ed25519').export({ type: 'pkcs8', format: 'der' }),
    ec.export({ type: 'pkcs8', format: 'der', ...encrypted }),
  ]) {
    assert.is(foreignFormat(der), 'der-private-key');
  }
});

test('other DER', () => {
  assert.is(foreignFormat(spkiOf(key('p256'))), 'der');
  assert.is(foreignFormat(encoded(sequence([integer(1)]))), 'der');
});

test('PKCS#12 and PKCS#7', () => {
  const data = sequence([oid('1.2.840.113549.1.7.1')]);
  assert.is(foreignFormat(encoded(sequence([integer(3), data, sequence([])]))), 'pkcs12');
  assert.is(foreignFormat(encoded(sequence([oid('1.2.840.113549.1.7.2'), sequence([])]))), 'pkcs7');
});

test('Java keystores by their magic number', () => {
  assert.is(foreignFormat(Buffer.from('feedfeed00000002', 'hex')), 'jks');
  assert.is(foreignFormat(Buffer.from('cececece00000002', 'hex')), 'jks');
});

test('UTF-16 in both byte orders, with and without a mark', () => {
  const little = Buffer.from(pkcs8(key('p256')), 'utf16le');
  const big = Buffer.from(little).swap16();
  for (const text of [little, big]) assert.is(foreignFormat(text), 'utf16');
  assert.is(foreignFormat(Buffer.concat([Buffer.from([0xff, 0xfe]), little])), 'utf16');
  assert.is(foreignFormat(Buffer.concat([Buffer.from([0xfe, 0xff]), big])), 'utf16');
});

test('OpenSSH public keys', () => {
  for (const text of [
    'ssh-rsa AAAAB3NzaC1yc2E me@here',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5',
    'ecdsa-sha2-nistp256 AAAAE2VjZHNh',
    'sk-ssh-ed25519@openssh.com AAAAGnNr',
    '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n',
  ]) {
    assert.is(foreignFormat(Buffer.from(text)), 'openssh-public-key');
  }
});

test('anything else is unknown, and nothing throws', () => {
  assert.is(foreignFormat(Buffer.from('hello')), 'unknown');
  assert.is(foreignFormat(Buffer.from('0 is a SEQUENCE tag')), 'unknown');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      assert.type(foreignFormat(Buffer.from([0x30, ...bytes])), 'string');
    }),
    tries(),
  );
});

test('a megabyte of nested or tiny elements is bounded', () => {
  const start = performance.now();
  const head = Buffer.from([0x30, 0x83, 0x0f, 0xff, 0xf0]);
  assert.is(foreignFormat(Buffer.alloc(1 << 20, Buffer.from([0x30, 0x80]))), 'unknown');
  assert.is(foreignFormat(Buffer.concat([head, Buffer.alloc(0xffff0, Buffer.from([5, 0]))])), 'unknown');
  assert.ok(performance.now() - start < 3000);
});

test.run();
