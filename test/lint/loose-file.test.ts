/** A certificate, a private key or a bundle of them given to `lint` as if it were a values file. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintText } from '../support/lint.ts';
import { pemBlock } from '../support/pki.ts';
import { KEY, leaf, pem } from '../support/rule-case.ts';
import { base64 } from '../support/values-yaml.ts';

const KEY_DER = Buffer.from(KEY.replace(/-----[^\n]*-----\n/g, ''), 'base64');
/** As PKCS#12 and PKCS#7 begin. */
const PFX = Buffer.from(`3081a002010330${'8199'.repeat(40)}`, 'hex');
const P7B = Buffer.from(`3082012306092a864886f70d010702a0${'8201'.repeat(40)}`, 'hex');

const LOOSE: readonly [what: string, bytes: string | Buffer, name: RegExp, taken: RegExp][] = [
  ['certificates in PEM', pem, /^This is a certificate, not a values file/, /--cert/],
  ['a private key in PEM', KEY, /^This is a private key, not/, /--key/],
  ['both', pem + KEY, /^This is a certificate with its private key/, /--cert and --key/],
  ['a certificate in DER', leaf.der, /^This is a certificate, not/, /--cert/],
  ['a private key in DER', KEY_DER, /^This is a private key, not/, /--key/],
  ['base64 of a certificate', base64(pem), /^This is a certificate, not/, /--cert/],
  ['UTF-16', Buffer.from(`\ufeff${pem}`, 'utf16le'), /^This is a certificate, not/, /--cert/],
  [
    'what openssl pkcs12 writes',
    `Bag Attributes\n    friendlyName: x\n${pem}`,
    /^This is a certificate, not/,
    /--cert/,
  ],
  [
    'what openssl x509 -text writes',
    `Certificate:\n    Data:\n        Version: 3\n${pem}`,
    /^This is a certificate, not/,
    /--cert/,
  ],
  ['PKCS#12', PFX, /^This is a PKCS#12 file/, /--p12/],
  ['PKCS#7', P7B, /^This is a PKCS#7 file/, /--cert/],
  ['PKCS#7 in PEM', pemBlock('PKCS7', P7B), /^This is a PKCS#7 file/, /--cert/],
  ['JKS', Buffer.from(`feedfeed00000002${'00'.repeat(60)}`, 'hex'), /^This is a Java keystore/, /keytool/],
];
for (const [what, bytes, name, taken] of LOOSE) {
  test(`${what} is said to be that, with the command that takes it`, async () => {
    const { findings } = await lintText(bytes);
    assert.equal(
      findings.map(({ rule, location }) => [rule, location?.line, location?.column]),
      [['values-syntax', 1, 1]],
    );
    assert.match(findings[0]?.message ?? '', name);
    assert.match(findings[0]?.help ?? '', taken);
  });
}

test('values that hold PEM, and other files, are not', async () => {
  for (const text of [
    `Certificate:\n  tls:\n${pem}`,
    `crt: |\n${pem}`,
    'a: [',
    pemBlock('PUBLIC KEY', leaf.der),
    Buffer.from('3003020103', 'hex'),
  ]) {
    const { findings } = await lintText(text);
    assert.not.match(findings[0]?.message ?? '', /not a values file/);
  }
});

test.run();
