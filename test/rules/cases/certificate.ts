/** The rules on certificates. */

import { issue, key, pemBlock, pkcs8 } from '../../support/pki.ts';
import {
  crossRoot,
  days,
  endpoint,
  intermediate,
  intermediatePair,
  join,
  KEY,
  leaf,
  leafPair,
  type Pair,
  pair,
  root,
  trusted,
} from '../../support/rule-case.ts';

/** The old root, expired. */
const expiredOldRoot = issue({
  subject: 'CN=Old Root',
  key: key('p256', 50),
  ca: true,
  notBefore: days(-900),
  notAfter: days(-9),
});
const sha1Key = key('rsa2048', 60);
const cases: Pair[] = [
  pair('a good leaf, then garbage', `${leaf.pem}${pemBlock('CERTIFICATE', Buffer.from('garbage'))}`, KEY, [
    'cert-unreadable',
  ]),
  pair(
    'a truncated intermediate',
    `${leaf.pem}${pemBlock('CERTIFICATE', intermediate.der.subarray(0, 100))}${root.pem}`,
    KEY,
    ['cert-unreadable'],
  ),
  pair('a CA and its private key', root.pem, pkcs8(root.privateKey), ['cert-not-for-servers']),
  leafPair('an expired leaf', { notBefore: days(-100), notAfter: days(-1) }, ['cert-expired']),
  leafPair('a leaf of tomorrow', { notBefore: days(1), notAfter: days(90) }, ['cert-not-yet-valid']),
  leafPair('a leaf with ten days left', { notBefore: days(-80), notAfter: days(10) }, ['cert-expiring']),
  intermediatePair('an expired intermediate', { notBefore: days(-100), notAfter: days(-1) }, [
    'cert-expired',
  ]),
  pair(
    'a cross-signed top that has expired, beside the root',
    join(leaf, intermediate, root, crossRoot, expiredOldRoot),
    KEY,
    ['cert-expired=warning'],
    trusted,
  ),
  pair(
    'an expired old root at the top of the only path',
    join(leaf, intermediate, crossRoot, expiredOldRoot),
    KEY,
    ['cert-expired'],
  ),
  pair('the same, its root known by --at', join(leaf, intermediate, root), KEY, ['cert-not-yet-valid'], {
    options: { at: days(-3000) },
  }),
  leafPair('SHA-1', { hash: 'sha1' }, ['cert-weak-signature']),
  pair('a root signed with SHA-1', ...sha1Root(), [], {}),
  leafPair('client authentication only', { eku: ['clientAuth'] }, ['cert-not-for-servers']),
  leafPair(
    'a Netscape certificate type for clients',
    { extensions: [{ oid: '2.16.840.1.113730.1.1', value: Buffer.from('03020780', 'hex') }] },
    ['cert-not-for-servers'],
  ),
  leafPair('any purpose', { eku: ['2.5.29.37.0'] }, ['cert-not-for-servers']),
  leafPair('a key usage without signature', { keyUsage: ['nonRepudiation'] }, ['cert-not-for-servers']),
  intermediatePair('an intermediate for clients', { eku: ['clientAuth'] }, ['cert-not-for-servers']),
  leafPair(
    'an unknown critical extension',
    { extensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.from('0500', 'hex') }] },
    ['cert-critical-extension'],
  ),
  leafPair(
    'the same, not critical',
    { extensions: [{ oid: '1.2.3.4', value: Buffer.from('0500', 'hex') }] },
    [],
  ),
  intermediatePair('names that are not permitted', { nameConstraints: { permitted: ['other.example'] } }, [
    'cert-critical-extension',
  ]),
  intermediatePair('names that are excluded', { nameConstraints: { excluded: ['example.com'] } }, [
    'cert-critical-extension',
  ]),
  intermediatePair('names that are permitted', { nameConstraints: { permitted: ['example.com'] } }, []),
  intermediatePair(
    'a common name that is not permitted',
    { nameConstraints: { permitted: ['other.example'] } },
    ['cert-critical-extension', 'cert-no-san'],
    {},
    { san: null },
  ),
  leafPair('no subject alternative name', { san: null }, ['cert-no-san']),
  leafPair(
    'no subject alternative name, and a host',
    { san: null },
    ['cert-no-san'],
    endpoint('lightrun.example.com'),
  ),
  leafPair(
    'another host',
    { san: ['example.org'] },
    ['cert-host-mismatch'],
    endpoint('lightrun.example.com'),
  ),
  leafPair(
    'a wildcard above the host',
    { san: ['*.com'] },
    ['cert-host-mismatch'],
    endpoint('lightrun.example.com'),
  ),
  leafPair('the host of --host', { san: ['10.0.0.1'] }, [], { options: { host: '10.0.0.1' } }),
  leafPair('another address', { san: ['10.0.0.2'] }, ['cert-host-mismatch'], {
    options: { host: '10.0.0.1' },
  }),

  // cert-validity-long
  leafPair('a leaf for 825 days', { notBefore: days(-1), notAfter: lastSecond(824) }, []),
  leafPair('a leaf for a second more', { notBefore: days(-1), notAfter: days(824) }, ['cert-validity-long']),
  leafPair(
    'a leaf issued before Apple counted',
    { notBefore: new Date('2019-06-30T23:59:59Z'), notAfter: days(300) },
    [],
  ),
  leafPair(
    'a leaf issued on the day from which Apple counts',
    { notBefore: new Date('2019-07-01T00:00:00Z'), notAfter: days(300) },
    ['cert-validity-long'],
  ),

  // cert-nonstandard
  leafPair('a negative serial number', { serial: Buffer.from('f1', 'hex') }, ['cert-nonstandard']),
  leafPair(
    'a negative serial number, without an Ingress',
    { serial: Buffer.from('f1', 'hex') },
    ['cert-nonstandard=warning'],
    { more: 'general:\n  router:\n    ingress:\n      enabled: false\n' },
  ),
];

function sha1Root(): [string, string] {
  const own = issue({ subject: 'CN=SHA-1 Root', key: sha1Key, ca: true, hash: 'sha1' });
  const server = issue({ issuer: own, key: leaf.privateKey });
  return [join(server, own), KEY];
}

/** The last second of a validity of so many days from now. */
function lastSecond(number: number): Date {
  return new Date(days(number).getTime() - 1000);
}

export default cases;
