import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isLikelyIssuer, matchesAuthorityKeyId } from '../../../src/x509/chain/issuer-match.ts';
import { type Asn1, constructed, encoded, generalName, sequence, tagged } from '../../support/asn1.ts';
import { type Issued, type IssueOptions, issue, key, type RawExtension } from '../../support/pki.ts';
import { readOne } from '../../support/read.ts';

const SERIAL = Buffer.from('4a01', 'hex');
const CA: IssueOptions = { subject: 'CN=CA,O=Test', ca: true, serial: SERIAL };
const top = issue({ subject: 'CN=Top,O=Test', ca: true, key: key('p256', 90) });

/** Parts of an authority key identifier (RFC 5280 section 4.2.1.1). */
const keyId = (bytes: Uint8Array): Asn1 => tagged(0, bytes);
const names = (...list: string[]): Asn1 => constructed(1, list.map(generalName));
const serial = (bytes: Uint8Array): Asn1 => tagged(2, bytes);
const identifier = (...parts: Asn1[]): RawExtension => ({
  oid: '2.5.29.35',
  value: encoded(sequence(parts)),
});

const KEY_IDS = { none: [], right: 'right', wrong: [keyId(Buffer.alloc(20, 7))] } as const;
const ISSUERS = {
  none: [],
  right: [names('dir:CN=Top,O=Test')],
  'right in other letters': [names('dir:CN=TOP,O=Test')],
  wrong: [names('dir:CN=Other')],
  'the second right': [names('dir:CN=Other', 'dir:CN=Top,O=Test')],
  'behind an address': [names('uri:https://a.example', 'dir:CN=Top,O=Test')],
  'no directory name': [names('uri:https://a.example')],
} as const;
const SERIALS = { none: [], right: [serial(SERIAL)], wrong: [serial(Buffer.from('4a02', 'hex'))] } as const;

test('every authority key identifier: taken for the issuer exactly where OpenSSL takes it', () => {
  for (const skid of [true, false]) {
    const issuer = issue({ ...CA, issuer: top, skid });
    for (const [keyIdIs, keyIds] of Object.entries(KEY_IDS)) {
      for (const [issuerIs, issuers] of Object.entries(ISSUERS)) {
        for (const [serialIs, serials] of Object.entries(SERIALS)) {
          const first = keyIds === 'right' ? [keyId(issuer.subjectKeyId)] : keyIds;
          const extensions = [identifier(...first, ...issuers, ...serials)];
          assertAsOpenSsl(
            issue({ issuer, akid: false, extensions }),
            issuer,
            `${skid}, key ${keyIdIs}, issuer ${issuerIs}, serial ${serialIs}`,
          );
        }
      }
    }
  }
});

test('serial numbers of every shape: zero, negative, long', () => {
  for (const bytes of ['00', '7f', '0080', 'ff', '80', 'ff7f', `7f${'a5'.repeat(29)}`]) {
    const own = Buffer.from(bytes, 'hex');
    const issuer = issue({ ...CA, serial: own });
    for (const other of ['00', '0080', 'ff', '80', bytes]) {
      const extensions = [identifier(serial(Buffer.from(other, 'hex')))];
      assertAsOpenSsl(issue({ issuer, akid: false, extensions }), issuer, `${bytes} and ${other}`);
    }
  }
});

test('the key has to be of the kind that signs like that', () => {
  const kinds = ['p256', 'p384', 'rsa2048', 'rsa-pss', 'ed25519', 'ed448', 'dsa'] as const;
  const issuers = kinds.map((kind) => issue({ ...CA, key: key(kind, 90), skid: false }));
  const signed = issuers.map((issuer) => issue({ issuer, akid: false }));
  const rsa = issuers[2] as Issued;
  for (const each of [...signed, issue({ issuer: rsa, akid: false, pss: true })]) {
    for (const issuer of issuers) assertAsOpenSsl(each, issuer, `${each.pem}${issuer.pem}`);
  }
});

/** OpenSSL asks for the name and the right to sign, too, which all of these have. */
function assertAsOpenSsl(issued: Issued, issuer: Issued, message: string): void {
  const [one, other] = [readOne(issued), readOne(issuer)];
  assert.is(isLikelyIssuer(one, other), one.x509.checkIssued(other.x509), message);
}

test('a name that cannot be decoded is like any other', () => {
  const issuer = issue({ ...CA, issuer: top });
  const broken = constructed(1, [constructed(4, [sequence([keyId(Buffer.alloc(1))])])]);
  const certificate = readOne(issue({ issuer, akid: false, extensions: [identifier(broken)] }));
  assert.is(certificate.authorityIssuer, null);
  assert.is(matchesAuthorityKeyId(certificate, readOne(issuer)), true);
});

test.run();
