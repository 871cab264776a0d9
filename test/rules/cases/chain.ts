/** The rules on the chain. */
import { rootsOf } from '../../../src/x509/roots.ts';
import { chain, type Issued, issue, key, pemBlock, pkcs8, spkiOf } from '../../support/pki.ts';
import { readOne } from '../../support/read.ts';
import {
  crossRoot,
  days,
  four,
  int1,
  int2,
  int3,
  intermediate,
  intermediatePair,
  join,
  KEY,
  leaf,
  leafPair,
  other,
  otherIntermediate,
  type Pair,
  pair,
  root,
  rsa,
  selfSigned,
  trusted,
} from '../../support/rule-case.ts';

/** The intermediate's name with another key. */
const renewed = issue({ subject: intermediate.subject, key: key('p256', 51), issuer: root, ca: true });

/** A certificate in which the last byte of these is another: damaged after it was signed. */
function changed({ der }: Issued, bytes: Buffer): string {
  const damaged = Buffer.from(der);
  const at = damaged.indexOf(bytes) + bytes.length - 1;
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  return pemBlock('CERTIFICATE', damaged);
}

/** What else is wrong with another certificate is said all the same. */
function damagedBelowExpired(): Pair {
  const own = chain({ tag: 'damaged', intermediate: { notAfter: days(-2) } });
  const rest = own.all.slice(1).map(({ pem }) => pem);
  const crt = changed(own.leaf, spkiOf(own.leaf.privateKey)) + rest.join('');
  return pair(
    'a damaged leaf, and an expired intermediate',
    crt,
    pkcs8(own.leaf.privateKey),
    ['cert-expired=warning', 'chain-broken'],
    {
      root: own.root,
    },
  );
}

const cases: Pair[] = [
  pair('an unrelated CA in front', join(other.root, leaf, intermediate, root), KEY, ['chain-order'], trusted),
  pair(
    'the same, the leaf RSA',
    join(other.root, rsa.leaf, rsa.root),
    pkcs8(rsa.leaf.privateKey),
    ['chain-order'],
    { root: rsa.root },
  ),
  pair(
    "the page's self-signed certificate and another key",
    selfSigned({ san: null, ca: true, keyUsage: null, eku: null, notAfter: days(365) })[0],
    KEY,
    ['cert-self-signed', 'cert-no-san', 'key-mismatch'],
  ),
  pair('the CAs alone', join(intermediate, root), KEY, ['key-mismatch'], trusted),
  pair(
    'a cross-signed copy of a root that --ca-file knows',
    join(leaf, intermediate, crossRoot),
    KEY,
    ['chain-no-root'],
    {
      ...trusted,
      options: { roots: rootsOf('ca-file', [readOne(root)]) },
    },
  ),
  pair('root, intermediate, leaf', join(root, intermediate, leaf), KEY, ['chain-order'], trusted),
  pair('intermediate, leaf, root', join(intermediate, leaf, root), KEY, ['chain-order'], trusted),
  pair('leaf, root, intermediate', join(leaf, root, intermediate), KEY, ['chain-order'], trusted),
  pair(
    'root first, and the key of another',
    join(root, intermediate, leaf),
    pkcs8(other.leaf.privateKey),
    ['chain-order', 'key-mismatch'],
    trusted,
  ),
  pair('a leaf alone', leaf.pem, KEY, ['chain-incomplete'], trusted),
  pair('leaf and root', join(leaf, root), KEY, ['chain-incomplete'], trusted),
  pair(
    'a link missing in the middle',
    join(four.leaf, int1, int3, four.root),
    pkcs8(four.leaf.privateKey),
    ['chain-incomplete'],
    { root: four.root },
  ),
  pair('no root', join(leaf, intermediate), KEY, ['chain-no-root'], trusted),
  pair(
    'no root, three deep',
    join(four.leaf, int1, int2, int3),
    pkcs8(four.leaf.privateKey),
    ['chain-no-root'],
    { root: four.root },
  ),
  pair('the renewed CA of the same name', join(leaf, renewed, root), KEY, ['chain-broken'], trusted),
  pair('both CAs of the same name', join(leaf, renewed, intermediate, root), KEY, ['chain-extra'], trusted),
  leafPair('a leaf changed after signing', { corruptSignature: true }, ['chain-broken']),
  pair(
    'a leaf with one damaged byte in its key',
    changed(leaf, spkiOf(leaf.privateKey)) + join(intermediate, root),
    KEY,
    ['chain-broken'],
    trusted,
  ),
  pair(
    'a leaf with one damaged byte in its RSA key',
    changed(rsa.leaf, spkiOf(rsa.leaf.privateKey).subarray(0, 200)) + join(rsa.root),
    pkcs8(rsa.leaf.privateKey),
    ['chain-broken'],
    { root: rsa.root },
  ),
  pair(
    'a damaged leaf, and the key of another',
    changed(leaf, spkiOf(leaf.privateKey)) + join(intermediate, root),
    pkcs8(other.leaf.privateKey),
    ['key-mismatch', 'chain-broken'],
    trusted,
  ),
  pair(
    "a leaf with one damaged byte in its issuer's name",
    changed(leaf, Buffer.from('Test Intermediat')) + join(intermediate, root),
    KEY,
    ['chain-incomplete'],
    trusted,
  ),
  pair(
    "a leaf with one damaged byte in the type of its issuer's common name",
    changed(leaf, Buffer.from('\x06\x03\x55\x04\x03')) + join(intermediate, root),
    KEY,
    ['chain-incomplete'],
    trusted,
  ),
  pair(
    'an intermediate with one damaged byte in its key',
    leaf.pem + changed(intermediate, spkiOf(intermediate.privateKey)) + root.pem,
    KEY,
    ['chain-broken'],
    trusted,
  ),
  pair(
    'a root with one damaged byte in its key',
    join(leaf, intermediate) + changed(root, spkiOf(root.privateKey)),
    KEY,
    ['chain-broken'],
  ),
  pair(
    "an intermediate with one damaged byte in its issuer's name",
    leaf.pem + changed(intermediate, Buffer.from('Test Roo')) + root.pem,
    KEY,
    ['chain-incomplete'],
    trusted,
  ),
  damagedBelowExpired(),
  pair(
    'a CA first, with its own key',
    join(intermediate, leaf, root),
    pkcs8(intermediate.privateKey),
    ['key-mismatch'],
    trusted,
  ),
  pair(
    'a root first, with its own key',
    join(root, intermediate, leaf),
    pkcs8(root.privateKey),
    ['key-mismatch'],
    trusted,
  ),
  pair(
    'the key of a CA that is not first',
    join(root, intermediate, leaf),
    pkcs8(intermediate.privateKey),
    ['key-mismatch', 'chain-order'],
    trusted,
  ),
  intermediatePair('an issuer that is not a CA', { ca: false, keyUsage: ['digitalSignature'] }, [
    'chain-not-a-ca',
  ]),
  intermediatePair('an issuer that may not sign', { keyUsage: ['cRLSign'] }, ['chain-not-a-ca']),
  pair('a path that is too long', ...tooLong(), ['chain-not-a-ca']),
  pair('an old root of version 1', ...versionOneRoot(), []),
  pair('the leaf twice', join(leaf, leaf, intermediate, root), KEY, ['chain-extra'], trusted),
  pair('ten certificates', join(...copiesUpTo(10)), KEY, ['chain-extra'], trusted),
  pair('eleven certificates', join(...copiesUpTo(11)), KEY, ['chain-extra=error'], trusted),
  pair('ten certificates, all of them needed', ...chainOf(10), []),
  pair('eleven certificates, all of them needed', ...chainOf(11), ['chain-extra=error']),
  pair(
    'another chain after it',
    join(leaf, intermediate, root, other.leaf, otherIntermediate, other.root),
    KEY,
    ['chain-extra'],
    trusted,
  ),
  pair(
    'another chain after it, and its key',
    join(leaf, intermediate, root, other.leaf, otherIntermediate, other.root),
    pkcs8(other.leaf.privateKey),
    ['key-mismatch'],
    trusted,
  ),
];

function copiesUpTo(count: number) {
  return [leaf, intermediate, root, ...Array.from({ length: count - 3 }, () => intermediate)];
}

function chainOf(count: number): [string, string] {
  const own = chain({ depth: count - 1, tag: `${count} certificates` });
  return [own.pem, pkcs8(own.leaf.privateKey)];
}

function tooLong(): [string, string] {
  const own = chain({ depth: 3, tag: 'too long', root: { pathLength: 0 } });
  return [own.pem, pkcs8(own.leaf.privateKey)];
}

function versionOneRoot(): [string, string] {
  const own = chain({ depth: 1, tag: 'version 1', root: { version: 1 } });
  return [own.pem, pkcs8(own.leaf.privateKey)];
}

export default cases;
