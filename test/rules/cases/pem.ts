/** The rules on PEM. */

import { pemBlock, pkcs8 } from '../../support/pki.ts';
import { KEY, leaf, other, type Pair, pair, pem, trusted } from '../../support/rule-case.ts';

const glued = pem.replace(/-----END CERTIFICATE-----\n-----BEGIN/, '-----END CERTIFICATE----------BEGIN');
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
];

export default cases;
