import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Budget } from '../../../src/x509/budget.ts';
import type { Certificate } from '../../../src/x509/certificate.ts';
import { isLikelyIssuer } from '../../../src/x509/chain/issuers.ts';
import { violationsOn } from '../../../src/x509/chain/path-checks.ts';
import { type Asn1, constructed, encoded, generalName, sequence, tagged } from '../../support/asn1.ts';
import { build } from '../../support/chain.ts';
import { chain, type Issued, type IssueOptions, issue, key, type RawExtension } from '../../support/pki.ts';
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
  'after an address': [names('uri:https://a.example', 'dir:CN=Top,O=Test')],
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

/** The violations of the first path of a file: the place of the certificate, and what it is. */
function violations(file: readonly Issued[], at = new Date()): unknown[] {
  const [path] = build(file).inFile.paths;
  return violationsOn(path as NonNullable<typeof path>, at).map(({ certificate, isAnchor, ...violation }) => [
    certificate.index,
    ...Object.values(violation).map(plain),
  ]);
}

const plain = (value: unknown): unknown =>
  (value as Certificate)?.der ? (value as Certificate).index : value;
const { all: ordinary, root } = chain();

test('nothing is wrong with an ordinary chain, in the first and in the last second of its leaf', () => {
  const [leaf] = ordinary as [Issued];
  const before = (date: Date) => new Date(date.getTime() - 1000);
  const after = (date: Date) => new Date(date.getTime() + 1000);
  assert.equal(violations(ordinary), []);
  assert.equal(violations(ordinary, leaf.notBefore), []);
  assert.equal(violations(ordinary, leaf.notAfter), []);
  assert.equal(violations(ordinary, after(leaf.notAfter)), [[0, 'expired']]);
  assert.equal(violations(ordinary, before(leaf.notBefore)).slice(0, 1), [[0, 'not-yet-valid']]);
});

test('who may not issue, and why', () => {
  const under = (options: IssueOptions) => {
    const made = issue({ subject: 'CN=Top', key: key('p256', 95), ca: true, ...options });
    return violations([issue({ issuer: made }), made]);
  };
  assert.equal(under({}), []);
  assert.equal(under({ ca: false }), [[1, 'not-a-ca', 0, { kind: 'ca-false' }]]);
  assert.equal(under({ ca: null }), [[1, 'not-a-ca', 0, { kind: 'no-basic-constraints' }]]);
  assert.equal(under({ version: 1 }), []);
  assert.equal(under({ keyUsage: ['cRLSign'] }), [[1, 'not-a-ca', 0, { kind: 'key-usage' }]]);
  assert.equal(under({ keyUsage: null }), []);
  const old = issue({ subject: 'CN=Old', key: key('p256', 96), issuer: root, version: 1 });
  assert.equal(
    violations([issue({ issuer: old }), old, root]),
    [[1, 'not-a-ca', 0, { kind: 'no-basic-constraints' }]],
    'version 1 and not self-signed',
  );
});

test('the path length counts intermediates that are not self-issued', () => {
  const deep = (pathLength: number) => violations(chain({ depth: 4, tag: 'deep', root: { pathLength } }).all);
  const exceeded = (allowed: number) => [[4, 'not-a-ca', 3, { kind: 'path-length', allowed, actual: 3 }]];
  assert.equal([deep(3), deep(2), deep(0)], [[], exceeded(2), exceeded(0)]);
  assert.equal(violations(chain({ depth: 2, intermediate: { pathLength: 0 } }).all), []);
  const older = issue({ subject: 'CN=CA', ca: true, key: key('p256', 60), pathLength: 0 });
  const newWithOld = issue({ subject: 'CN=CA', ca: true, key: key('p256', 61), issuer: older });
  assert.equal(violations([issue({ issuer: newWithOld }), newWithOld, older]), []);
});

test('extended key usage, critical extensions, name constraints', () => {
  const critical = { oid: '1.2.3.4', critical: true, value: Buffer.from('0500', 'hex') };
  for (const place of [0, 1, 2]) {
    const at = (changes: IssueOptions) => {
      const of = (level: number) => (level === place ? changes : {});
      return violations(chain({ leaf: of(0), intermediate: of(1), root: of(2) }).all);
    };
    assert.equal(at({ eku: ['clientAuth'] }), [[place, 'not-for-servers', false]]);
    assert.equal(at({ eku: ['2.5.29.37.0'] }), [[place, 'not-for-servers', true]]);
    assert.equal(at({ eku: ['clientAuth', 'serverAuth'] }), []);
    assert.equal(at({ extensions: [critical] }), [[place, 'critical-extension', ['1.2.3.4']]]);
    assert.equal(at({ extensions: [{ ...critical, critical: false }] }), []);
    const excluded = at({ nameConstraints: { excluded: ['example.com'] } });
    assert.equal(excluded, place === 0 ? [] : [[place, 'excluded-names', 0, ['lightrun.example.com']]]);
  }
});

test('name constraints look at the common name of the leaf alone', () => {
  const root = { nameConstraints: { permitted: ['example.com'] } };
  const host = { subject: 'CN=ca.internal.test' };
  assert.equal(violations(chain({ root, intermediate: host }).all), []);
  assert.equal(violations(chain({ root, leaf: { ...host, san: null } }).all), [
    [2, 'excluded-names', 0, ['ca.internal.test']],
  ]);
});

test('an authority key identifier that names another certificate than the one that signed', () => {
  const wrong = { akid: Buffer.alloc(20, 7) };
  for (const place of [0, 1, 2]) {
    const of = (level: number) => (level === place ? wrong : {});
    const { all } = chain({ leaf: of(0), intermediate: of(1), root: of(2) });
    assert.equal(violations(all), [[place, 'other-issuer-named', Math.min(place + 1, 2)]]);
  }
  assert.equal(violations([issue(wrong)]), [[0, 'other-issuer-named', 0]]);
  assert.equal(violations(chain({ leaf: wrong, intermediate: { skid: false } }).all), []);
});

test('comparing names with constraints costs a quarter of a unit each, once for two certificates', () => {
  const issuer = issue({ ...CA, issuer: top, nameConstraints: { permitted: ['a.example', 'example.com'] } });
  const file = [issue({ issuer, san: ['a.example', 'b.example', 'example.com'] }), issuer, top];
  // The subject is a name too.
  for (const [units, isPaid] of [
    [(4 * 2) / 4, true],
    [(4 * 2) / 4 - 0.25, false],
  ] as const) {
    const certificates = file.map(readOne);
    const budget = new Budget(units);
    const hasExcluded = () =>
      violationsOn({ end: 'anchor', certificates }, new Date(), budget).some(
        ({ kind }) => kind === 'excluded-names',
      );
    if (isPaid) assert.equal([hasExcluded(), hasExcluded()], [true, true]);
    else assert.throws(hasExcluded, /too many names would have to be compared/);
  }
});

test.run();
