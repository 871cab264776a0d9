import * as asn1js from 'asn1js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type KeyReading, readCertificates, readKey, readPkcs12File } from '../../src/fix/loose-files.ts';
import { constructed, decoded, encoded, oid, sequence } from '../support/asn1.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, key, pemBlock, pkcs1, pkcs8, sec1, spkiOf } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

const { leaf, all, pem } = chain();
const RSA = key('rsa2048');
const EC = key('p256');
const PASSPHRASE = 'open sesame';
const CERTIFICATES = all.map(({ der }) => der);
const EC_PARAMETERS = pemBlock('EC PARAMETERS', encoded(oid('1.2.840.10045.3.1.7')));
const REQUEST = sequence([sequence([]), sequence([]), new asn1js.BitString({ valueHex: Buffer.alloc(8) })]);

const PKCS7 = pkcs7(CERTIFICATES);
const NO_CERTIFICATES = pkcs7([]);

function pkcs7(ders: readonly Buffer[]): Buffer {
  const signedData = sequence([new asn1js.Integer({ value: 1 }), constructed(0, ders.map(decoded))]);
  return encoded(sequence([oid('1.2.840.113549.1.7.2'), constructed(0, [signedData])]));
}

/** What `certutil -encode` makes of a file, whatever is in it. */
const certutil = (file: string | Buffer) =>
  pemBlock('CERTIFICATE', Buffer.from(file as string)).replaceAll('\n', '\r\n');

function certificates(file: string | Buffer): Buffer[] | string {
  const read = readCertificates(Buffer.from(file));
  return read.ok ? read.certificates.map(({ der }) => der) : read.format;
}

/** The container of a key that is opened and is the right one, else the state. */
function opened(read: KeyReading, expected = EC): string {
  if (read.state !== 'opened') return 'format' in read ? `${read.state}: ${read.format}` : read.state;
  assert.equal(spkiOf(read.key), spkiOf(expected));
  return read.container;
}

const readText = (file: string | Buffer, passphrase: string | null = null) =>
  readKey(Buffer.from(file), passphrase);

function encrypted(type: 'pkcs1' | 'pkcs8' | 'sec1', format: 'pem' | 'der' = 'pem'): Buffer {
  const privateKey = type === 'pkcs1' ? RSA : EC;
  const options = { type, format, cipher: 'aes-256-cbc', passphrase: PASSPHRASE };
  return Buffer.from(privateKey.export(options as never));
}

test('certificates in PEM, in file order, whatever is around them', () => {
  for (const file of [
    pem,
    `# the chain\n${pem}`,
    `${pkcs8(EC)}${pem}${EC_PARAMETERS}`,
    pem.replaceAll('\n', '\r\n'),
    pem.replaceAll('\n', '\r'),
    Buffer.from(`\ufeff${pem}`, 'utf16le'),
  ]) {
    assert.equal(certificates(file), CERTIFICATES);
  }
});

test('a certificate keeps the line of its BEGIN', () => {
  const read = readCertificates(Buffer.from(`# the chain\n${leaf.pem}# its issuer\n${leaf.pem}`));
  const lines = read.ok ? read.certificates.map(({ line }) => line) : [];
  assert.equal(lines, [2, 3 + leaf.pem.trimEnd().split('\n').length]);
});

test('a certificate in DER', () => {
  assert.equal(certificates(leaf.der), [leaf.der]);
});

test('certificates in PKCS#7, in DER and in PEM under each of its labels', () => {
  assert.equal(certificates(PKCS7), CERTIFICATES);
  for (const label of ['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA']) {
    assert.equal(certificates(pemBlock(label, PKCS7)), CERTIFICATES);
  }
  assert.equal(certificates(leaf.pem + pemBlock('PKCS7', PKCS7)), [leaf.der, ...CERTIFICATES]);
});

test('PKCS#7 under the label of a certificate, as some CAs send it', () => {
  assert.equal(certificates(pemBlock('CERTIFICATE', PKCS7)), CERTIFICATES);
});

test('what certutil -encode wrapped: PEM, its base64, PKCS#7, a key', () => {
  for (const file of [
    pem,
    base64(pem),
    base64(base64(pem)),
    PKCS7,
    pemBlock('PKCS7', PKCS7),
    certutil(pem),
  ]) {
    assert.equal(certificates(certutil(file)), CERTIFICATES);
  }
  assert.equal(certificates(certutil(leaf.der)), [leaf.der]);
  for (const file of [pkcs8(EC), sec1(EC), EC.export({ type: 'pkcs8', format: 'der' })]) {
    assert.match(opened(readText(certutil(file))), /^(pkcs8|sec1)$/);
    assert.is(certificates(certutil(file)), 'private-key');
  }
  assert.is(readText(certutil(encrypted('pkcs8'))).state, 'locked');
});

test('wrapped once too often', () => {
  const wrapped = (times: number): string => (times === 0 ? pem : certutil(wrapped(times - 1)));
  assert.equal(certificates(wrapped(4)), CERTIFICATES);
  assert.not.equal(certificates(wrapped(16)), CERTIFICATES);
});

test('base64 of a file', () => {
  for (const file of [pem, leaf.der, PKCS7]) {
    assert.equal(certificates(base64(file)), certificates(file));
    assert.equal(certificates(`${base64(file).replace(/.{76}/g, '$&\r\n')}\n`), certificates(file));
  }
  assert.is(opened(readText(base64(pkcs8(EC)))), 'pkcs8');
  assert.is(certificates(base64('hello')), 'unknown');
});

test('a PKCS#12 file: as it is, in base64, and wrapped by certutil -encode', () => {
  const file = pkcs12({ certificates: CERTIFICATES, keys: [EC] });
  for (const each of [file, base64(file), certutil(file), pemBlock('PKCS12', file)]) {
    assert.equal(readPkcs12File(Buffer.from(each as string)), file);
    assert.is(certificates(each), 'pkcs12');
  }
  for (const each of [pem, pkcs8(EC), PKCS7, '', base64('hello')]) {
    assert.is(readPkcs12File(Buffer.from(each as string)), null);
  }
});

test('blank lines and indentation inside PEM', () => {
  for (const file of [
    pem.replaceAll('\n', '\n\n'),
    pem.replaceAll('\n', '\r\n\r\n'),
    pem.replace(/^/gm, '    '),
    pem.replace(/^/gm, '\t'),
    `\ufeff${pem}\ufeff${pem}`,
  ]) {
    const found = certificates(file);
    assert.equal(found.slice(0, CERTIFICATES.length), CERTIFICATES, file.slice(0, 80));
  }
  assert.is(opened(readText(pkcs8(EC).replaceAll('\n', '\n\n'))), 'pkcs8');
  assert.is(opened(readText(sec1(EC).replace(/^/gm, '  '))), 'sec1');
});

test('a file without a certificate: what it is instead', () => {
  for (const [file, format] of [
    ['', 'empty'],
    ['no file', 'unknown'],
    [pkcs8(EC), 'private-key'],
    [pemBlock('CERTIFICATE REQUEST', encoded(REQUEST)), 'request'],
    [pemBlock('NEW CERTIFICATE REQUEST', encoded(REQUEST)), 'request'],
    [pemBlock('PUBLIC KEY', spkiOf(EC)), 'other'],
    [EC.export({ type: 'pkcs8', format: 'der' }), 'private-key'],
    [pkcs12({ certificates: CERTIFICATES }), 'pkcs12'],
    [Buffer.from('feedfeed00000002', 'hex'), 'jks'],
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA', 'openssh-public-key'],
    [pemBlock('PKCS7', NO_CERTIFICATES), 'pkcs7'],
    [pkcs8(EC) + EC_PARAMETERS, 'private-key'],
    [pemBlock('CERTIFICATE REQUEST', encoded(REQUEST)) + EC_PARAMETERS, 'request'],
    [pemBlock('PKCS7', NO_CERTIFICATES) + EC_PARAMETERS, 'pkcs7'],
    [leaf.pem.replace(/\S+\n-----END CERTIFICATE-----/, ''), 'damaged'],
  ] as const) {
    assert.is(certificates(file), format);
  }
});

test('a private key in PEM in each container, whatever is beside it', () => {
  for (const [file, container, expected] of [
    [pkcs1(RSA), 'pkcs1', RSA],
    [pkcs8(RSA), 'pkcs8', RSA],
    [pkcs8(EC), 'pkcs8', EC],
    [sec1(EC), 'sec1', EC],
    [EC_PARAMETERS + sec1(EC), 'sec1', EC],
    [`Bag Attributes\n${pem}${pkcs8(EC)}`, 'pkcs8', EC],
    [pkcs8(EC).replaceAll('\n', '\r'), 'pkcs8', EC],
  ] as const) {
    assert.is(opened(readText(file), expected), container);
    assert.is(opened(readText(file, PASSPHRASE), expected), container);
  }
});

test('a private key in DER in each container', () => {
  for (const [privateKey, type] of [
    [RSA, 'pkcs1'],
    [RSA, 'pkcs8'],
    [EC, 'pkcs8'],
    [EC, 'sec1'],
    [key('ed25519'), 'pkcs8'],
  ] as const) {
    assert.is(opened(readText(privateKey.export({ type, format: 'der' } as never)), privateKey), type);
  }
});

test('an encrypted private key: a missing passphrase differs from a wrong one', () => {
  for (const [file, container, expected] of [
    [encrypted('pkcs8'), 'pkcs8-encrypted', EC],
    [encrypted('pkcs8', 'der'), 'pkcs8-encrypted', EC],
    [encrypted('pkcs1'), 'pkcs1-encrypted', RSA],
    [encrypted('sec1'), 'sec1-encrypted', EC],
  ] as const) {
    assert.is(readKey(file, null).state, 'locked');
    for (const wrong of ['', 'wrong']) assert.is(readKey(file, wrong).state, 'wrong-passphrase');
    assert.is(opened(readKey(file, PASSPHRASE), expected), container);
  }
});

/** EncryptedPrivateKeyInfo (RFC 5958 section 3) by PBES1 or PBES2, with so many iterations; its data are nonsense. */
function encryptedBy(scheme: string, iterations: number): string {
  const salt = new asn1js.OctetString({ valueHex: Buffer.alloc(8) });
  const parameters = sequence([salt, new asn1js.Integer({ value: iterations })]);
  const data = new asn1js.OctetString({ valueHex: Buffer.alloc(64) });
  return pemBlock('ENCRYPTED PRIVATE KEY', encoded(sequence([sequence([oid(scheme), parameters]), data])));
}

test('encryption that OpenSSL does not support differs from a wrong passphrase', () => {
  const [md5AndDes, sha1And3Des] = ['1.2.840.113549.1.5.3', '1.2.840.113549.1.12.1.3'];
  assert.is(readText(encryptedBy(md5AndDes, 2048), PASSPHRASE).state, 'unsupported');
  assert.is(readText(encryptedBy(sha1And3Des, 1 << 30), PASSPHRASE).state, 'unsupported');
  assert.is(readText(encryptedBy(sha1And3Des, 2048), PASSPHRASE).state, 'wrong-passphrase');
});

test('the same private key twice counts once', () => {
  assert.is(opened(readText(pkcs8(EC) + pem + pkcs8(EC))), 'pkcs8');
});

test('two private keys are too many, whichever they are', () => {
  assert.is(opened(readText(pkcs8(EC) + pkcs1(RSA))), 'several');
  assert.is(opened(readText(pem + pkcs1(RSA) + sec1(EC))), 'several');
});

test('a file without a private key: what it is instead', () => {
  for (const [file, state] of [
    ['', 'missing: empty'],
    ['no file', 'missing: unknown'],
    [pem, 'missing: certificate'],
    [leaf.der, 'missing: certificate'],
    [EC_PARAMETERS, 'missing: other'],
    [leaf.pem + EC_PARAMETERS, 'missing: certificate'],
    [pkcs12({ keys: [EC] }), 'missing: pkcs12'],
    [pkcs8(EC).replace(/\S+\n-----END PRIVATE KEY-----/, ''), 'missing: damaged'],
  ] as const) {
    assert.is(opened(readText(file)), state);
  }
});

test('a private key that cannot be loaded is unreadable', () => {
  const der = EC.export({ type: 'pkcs8', format: 'der' });
  const openssh = pemBlock('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0'));
  for (const [file, container] of [
    [pemBlock('PRIVATE KEY', der.subarray(0, 60)), 'pkcs8'],
    [openssh, 'openssh'],
  ] as const) {
    assert.equal(readText(file), { state: 'unreadable', container });
  }
});

test.run();
