/** The rules on PEM. */

import { issue, key, pemBlock, pkcs8 } from '../../support/pki.ts';
import { KEY, leaf, other, type Pair, pair, pem, trusted } from '../../support/rule-case.ts';

const glued = pem.replace(/-----END CERTIFICATE-----\n-----BEGIN/, '-----END CERTIFICATE----------BEGIN');
/** A certificate that needs no other. */
const own = issue({ key: key('p256', 61) });
/** As PKCS#12 and PKCS#7 begin: a version 3 and content of type data; signed data. */
const PFX = '301c020103301706092a864886f70d010701a00a0408000000000000000000000000';
const PKCS7 = '300f06092a864886f70d010702a0023000';
const cases: Pair[] = [
  pair('DER', leaf.der, KEY, ['pem-missing']),
  pair('UTF-16', Buffer.from(`\ufeff${pem}`, 'utf16le'), KEY, ['pem-missing']),
  pair('nothing but a blank', ' ', KEY, ['pem-missing']),
  pair('glued boundaries', glued, KEY, ['pem-malformed']),
  pair('CR alone', pem.replaceAll('\n', '\r'), KEY, ['pem-malformed']),
  pair('indented', pem.replace(/^/gm, '  '), KEY, ['pem-malformed']),
  pair('all on one line', pem.replaceAll('\n', ' '), KEY, ['pem-malformed']),
  pair('literal \\n', pem.replaceAll('\n', '\\n'), KEY, ['pem-malformed']),
  pair('an END that is missing', pem.replace(/-----END CERTIFICATE-----\n$/, ''), KEY, ['pem-malformed']),
  pair('swapped', KEY, pem, ['pem-swapped']),
  pair('a private key in crt', `${pem}${KEY}`, KEY, ['pem-wrong-block'], trusted),
  pair('a certificate in key', pem, `${KEY}${leaf.pem}`, ['pem-wrong-block'], trusted),
  pair('two keys', pem, `${KEY}${pkcs8(other.leaf.privateKey)}`, ['pem-wrong-block'], trusted),
  pair('a request', pemBlock('CERTIFICATE REQUEST', Buffer.from('3000', 'hex')), KEY, ['pem-wrong-block']),
  pair('a public key for a key', pem, pemBlock('PUBLIC KEY', Buffer.from('3000', 'hex')), [
    'pem-wrong-block',
  ]),
  pair('PKCS#7 in PEM', pemBlock('PKCS7', Buffer.from('3000', 'hex')), KEY, ['pem-wrong-block']),
  pair('Bag Attributes', `Bag Attributes\n    friendlyName: x\n${pem}`, KEY, ['pem-noise=warning'], trusted),
  pair('a byte-order mark', `\ufeff${pem}`, KEY, ['pem-noise'], trusted),
  pair('X509 CERTIFICATE', pem.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE'), KEY, ['pem-noise'], trusted),
  pair('DER, both', own.der, own.privateKey.export({ type: 'pkcs8', format: 'der' }), ['pem-missing']),
  pair('PFX, both', Buffer.from(PFX, 'hex'), Buffer.from(PFX, 'hex'), ['pem-missing']),
  pair('HTML, both', '<!DOCTYPE html><html></html>', '<html></html>', ['pem-missing']),
  pair('JSON', '{"data": {"certificate": "x"}}', KEY, ['pem-missing']),
  pair('all on one line, both', pem.replaceAll('\n', ' '), KEY.replaceAll('\n', ' '), ['pem-malformed']),
  pair('two ways to damage', pem.replaceAll('\n', ' '), KEY.slice(0, KEY.indexOf('-----END')), [
    'pem-malformed',
    'pem-malformed',
  ]),
  pair('a blank line inside', pem.replace(/\n(?=-----END)/, '\n\n'), KEY, ['pem-malformed']),
  pair('blank lines everywhere', pem.replaceAll('\n', '\n\n'), KEY.replaceAll('\n', '\n\n'), [
    'pem-malformed',
  ]),
  pair('a byte-order mark between blocks', `${leaf.pem}\ufeff${pem.slice(leaf.pem.length)}`, KEY, [
    'pem-malformed',
  ]),
  pair('long dashes', pem.replaceAll('-----', '\u2014'), KEY, ['pem-malformed']),
  pair('one joined file for both', `${KEY}${pem}`, `${KEY}${pem}`, ['pem-wrong-block'], trusted),
  pair(
    'one joined file for both, the certificates first',
    `${pem}${KEY}`,
    `${pem}${KEY}`,
    ['pem-wrong-block'],
    trusted,
  ),
  pair('PKCS#7 as CERTIFICATE', pemBlock('CERTIFICATE', Buffer.from(PKCS7, 'hex')), KEY, ['pem-malformed']),
  pair('PEM encoded by certutil', pemBlock('CERTIFICATE', Buffer.from(pem)), KEY, ['pem-malformed']),
  pair(
    'PEM encoded by certutil, both',
    pemBlock('CERTIFICATE', Buffer.from(pem)),
    pemBlock('CERTIFICATE', Buffer.from(KEY)),
    ['pem-malformed'],
  ),
  pair(
    'a private key encoded by certutil',
    own.pem,
    pemBlock('CERTIFICATE', own.privateKey.export({ type: 'pkcs8', format: 'der' })),
    ['pem-malformed', 'cert-self-signed'],
  ),
  pair(
    'PFX encoded by certutil, both',
    pemBlock('CERTIFICATE', Buffer.from(PFX, 'hex')),
    pemBlock('CERTIFICATE', Buffer.from(PFX, 'hex')),
    ['pem-malformed'],
  ),
  pair('a certificate that is cut off', pemBlock('CERTIFICATE', leaf.der.subarray(0, 90)), KEY, [
    'cert-unreadable',
  ]),
  pair('a byte-order mark in both', `\ufeff${pem}`, `\ufeff${KEY}`, ['pem-noise'], trusted),
];

export default cases;
