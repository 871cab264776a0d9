import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readLooseFile } from '../../src/inspect/found.ts';
import { pkcs7 } from '../support/pkcs7.ts';
import { chain, pemBlock, pkcs1, pkcs8, sec1 } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { base64, pemYaml } from '../support/values-yaml.ts';

const { leaf, all, pem } = chain();
const rsa = chain({ keyKind: 'rsa2048', depth: 0 });
const KEY = pkcs8(leaf.privateKey);

/** The certificates of a file, as PEM in its order, and whether there is a key. */
function partsOf(bytes: string | Buffer): { crt: string | null; hasKey: boolean } {
  const file = readLooseFile(Buffer.from(bytes));
  if (file?.kind !== 'parts') throw new Error(`it was taken for ${file?.kind ?? 'a values file'}`);
  return { crt: file.crt, hasKey: file.key !== null };
}

test('PEM: certificates, a key, or both, in whatever text', () => {
  assert.equal(partsOf(pem), { crt: pem, hasKey: false });
  assert.equal(partsOf(KEY), { crt: null, hasKey: true });
  assert.is(partsOf(pem + KEY).hasKey, true);
  assert.is(partsOf(`\ufeff${pem}`).hasKey, false);
  assert.is(partsOf(`Bag Attributes\n    friendlyName: key: x\n${pem}`).hasKey, false);
  assert.is(partsOf(`Certificate:\n    Data:\n        Version: 3 (0x2)\n${pem}`).hasKey, false);
});

test('DER: a certificate; a key of every kind', () => {
  assert.equal(partsOf(leaf.der), { crt: leaf.pem, hasKey: false });
  const keys: [string, string][] = [
    ['PRIVATE KEY', KEY],
    ['EC PRIVATE KEY', sec1(leaf.privateKey)],
    ['RSA PRIVATE KEY', pkcs1(rsa.leaf.privateKey)],
  ];
  for (const [label, text] of keys) {
    const file = readLooseFile(Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64'));
    if (file?.kind !== 'parts') throw new Error(label);
    assert.is(file.crt, null);
    assert.ok(file.key?.startsWith(`-----BEGIN ${label}-----`), label);
  }
});

test('PKCS#7, in DER and in PEM, also between other blocks', () => {
  assert.is(partsOf(pkcs7(...all)).crt, pem);
  assert.is(partsOf(pemBlock('PKCS7', pkcs7(...all))).crt, pem);
  assert.is(partsOf(leaf.pem + pemBlock('PKCS7', pkcs7(...all.slice(1)))).crt, pem);
  assert.equal(readLooseFile(pkcs7()), { kind: 'foreign', format: 'pkcs7' });
});

test('the base64 of one of them, as a Secret holds it', () => {
  assert.is(partsOf(base64(pem)).crt, pem);
  assert.is(partsOf(`${base64(KEY)}\n`).hasKey, true);
  assert.is(partsOf(base64(leaf.der)).crt, leaf.pem);
});

test('a values file is none of these, whatever it holds', () => {
  for (const text of [
    '',
    'certificate:\n  existing_cert: a\n',
    pemYaml(pem, KEY),
    `certificate:\n  tls:\n    crt: |\n${pem.replace(/^/gm, '      ')}`,
    `certificate:\n  tls:\n    crt: |\n${pem}`,
    `lightrun:\n  certificate: {tls: {crt: "\n${pem}"}}\n`,
    `ingress:\n  ca: |\n${pem.replace(/^/gm, '    ')}certificate: {existing_cert: a}\n`,
    '0: 1\n',
  ]) {
    assert.is(readLooseFile(Buffer.from(text)), null, text.slice(0, 60));
  }
});

test('other files are recognized by their format', () => {
  const request = pemBlock('CERTIFICATE REQUEST', leaf.der);
  assert.is(readLooseFile(Buffer.from(request))?.kind, 'other-pem');
  assert.equal(readLooseFile(Buffer.from('\ufeffhello', 'utf16le')), { kind: 'foreign', format: 'utf16' });
  assert.equal(readLooseFile(Buffer.from('feedfeed00000002', 'hex')), { kind: 'foreign', format: 'jks' });
});

test('no bytes make it throw', () => {
  const pieces = fc.constantFrom<string | Buffer>(
    pem,
    KEY,
    leaf.der,
    'crt: |\n',
    base64(pem),
    '\x30\x82',
    '\n',
  );
  const bytes = fc
    .array(fc.oneof(pieces, fc.uint8Array({ maxLength: 40 })), { maxLength: 5 })
    .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part as Buffer))));
  fc.assert(
    fc.property(bytes, fc.nat(3000), (whole, cut) => {
      readLooseFile(whole);
      readLooseFile(whole.subarray(0, cut));
    }),
    tries(50),
  );
});

test.run();
