/** What is right: no rule finds anything but that a certificate is self-signed. */

import { pkcs1, pkcs8 } from '../../support/pki.ts';
import {
  crossRoot,
  days,
  endpoint,
  four,
  intermediate,
  intermediatePair,
  join,
  KEY,
  kindPair,
  leaf,
  leafPair,
  oldRoot,
  type Pair,
  pair,
  pem,
  root,
  rsa,
  selfSigned,
  trusted,
  usual,
} from '../../support/rule-case.ts';

const cases: Pair[] = [
  pair('leaf, intermediate, root', pem, KEY, [], trusted),
  pair('RSA with PKCS#1', rsa.pem, pkcs1(rsa.leaf.privateKey), [], { root: rsa.root }),
  pair('RSA with PKCS#8', rsa.pem, pkcs8(rsa.leaf.privateKey), [], { root: rsa.root }),
  pair('a private chain four deep', four.pem, pkcs8(four.leaf.privateKey), [], { root: four.root }),
  kindPair('P-384', 'p384', []),
  pair('CRLF line ends inside', pem.replaceAll('\n', '\r\n'), KEY.replaceAll('\n', '\r\n'), [], trusted),
  pair('no line break at the end', pem.trimEnd(), KEY.trimEnd(), [], trusted),
  pair('blank lines between the blocks', usual.all.map((each) => `${each.pem}\n`).join(''), KEY, [], trusted),
  pair(
    "the page's self-signed certificate",
    ...selfSigned({ san: null, ca: true, keyUsage: null, eku: null, notAfter: days(365) }),
    ['cert-self-signed', 'cert-no-san'],
  ),
  pair('a self-signed certificate with names', ...selfSigned({}), ['cert-self-signed']),
  pair('the host of the values', pem, KEY, [], { ...trusted, ...endpoint('lightrun.example.com') }),
  leafPair('a wildcard for the host', { san: ['*.example.com'] }, [], endpoint('lightrun.example.com')),
  leafPair('no key usage and no extended key usage', { keyUsage: null, eku: null }, []),
  leafPair('name constraints that permit', {}, []),
  pair('cross-signed, the old top still valid', join(leaf, intermediate, crossRoot, oldRoot), KEY, [], {
    root: oldRoot,
  }),
  pair(
    'both certificates of a cross-signed root',
    join(leaf, intermediate, root, crossRoot),
    KEY,
    [],
    trusted,
  ),
  intermediatePair('an intermediate for servers', { eku: ['serverAuth', 'clientAuth'] }, []),
];

export default cases;
