import { rootCertificates } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Certificate } from '../../src/x509/certificate.ts';
import { type KnownRoots, publicRoots, rootsOf, together } from '../../src/x509/roots.ts';
import { build } from '../support/chain.ts';
import { chain, type Issued, issue, key, pemBlock } from '../support/pki.ts';
import { read, readOne } from '../support/read.ts';

const { leaf, root, intermediates } = chain({ depth: 2 });
const intermediate = intermediates[0] as Issued;
const impostor = issue({ subject: root.subject, ca: true, key: key('p256', 77) });
const caFile = (certificates: readonly Certificate[]) => rootsOf('ca-file', certificates);

/** The kind of the root above a file that holds one certificate. */
function kindAbove(roots: KnownRoots, issued: Issued): string | null {
  const { top } = build([issued], { roots });
  return top.kind === 'missing' ? top.known : top.kind;
}
/** The kind of a self-signed certificate as a root. */
function kindOf(roots: KnownRoots, certificate: Certificate): string | null {
  roots.issuersNamedBy(certificate);
  return roots.kindOf(certificate);
}

const derOf = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

test('the issuer is found by name and signature', () => {
  for (const roots of [caFile(read(impostor, root)), publicRoots(() => [impostor.pem, root.pem])]) {
    assert.ok(kindAbove(roots, intermediate));
    assert.is(kindAbove(roots, leaf), null);
  }
});

test('a root of the same name with another key is not the issuer', () => {
  assert.is(kindAbove(caFile(read(impostor)), intermediate), null);
  assert.is(
    kindAbove(
      publicRoots(() => [impostor.pem]),
      intermediate,
    ),
    null,
  );
});

test('each names its kind, and the first known counts', () => {
  const known = caFile(read(root));
  const open = publicRoots(() => [root.pem]);
  assert.is(kindAbove(known, intermediate), 'ca-file');
  assert.is(kindAbove(open, intermediate), 'public');
  assert.is(kindAbove(together(known, open), intermediate), 'ca-file');
  assert.is(kindAbove(together(caFile([]), open), intermediate), 'public');
  assert.is(
    kindAbove(
      together(
        caFile([]),
        publicRoots(() => []),
      ),
      intermediate,
    ),
    null,
  );
});

test('an intermediate in the CA file counts as it is', () => {
  assert.is(kindAbove(caFile(read(intermediate)), leaf), 'ca-file');
});

test('case, white space and the type of string in the name do not matter', () => {
  const written = issue({ subject: [[['CN', 'Some Root', 'printable']]], ca: true, key: key('p256', 78) });
  const child = issue({ issuer: written, issuerName: [[['CN', 'SOME ROOT', 'utf8']]] });
  assert.is(
    kindAbove(
      publicRoots(() => [written.pem]),
      child,
    ),
    'public',
  );
  assert.is(kindAbove(caFile(read(written)), child), 'ca-file');
});

test('public roots are loaded when first asked for, once', () => {
  let loads = 0;
  const roots = publicRoots(() => {
    loads += 1;
    return [root.pem];
  });
  assert.is(loads, 0);
  kindAbove(roots, intermediate);
  kindAbove(roots, leaf);
  assert.is(loads, 1);
});

test('every root of Node that signs itself is known by its name', () => {
  const roots = publicRoots();
  const some = rootCertificates.filter((_, at) => at % 10 === 0).map((pem) => readOne({ der: derOf(pem) }));
  assert.ok(some.length > 5);
  for (const certificate of some) assert.is(kindOf(roots, certificate), 'public', certificate.subject);
});

test('a public root is found by a name of up to 127 bytes', () => {
  for (const [length, kind] of [
    [1, 'public'],
    [127, 'public'],
    [128, null],
  ] as const) {
    const named = issue({ subject: `CN=${'r'.repeat(length)}`, ca: true, key: key('p256', 79) });
    const open = publicRoots(() => [named.pem]);
    assert.is(kindAbove(open, issue({ issuer: named })), kind, `${length}`);
  }
});

test('an issuer without a name, or that nobody knows, is not found', () => {
  const roots = publicRoots();
  assert.is(kindAbove(roots, issue({ issuerName: [] })), null);
  assert.is(kindAbove(roots, issue({ issuerName: 'CN=r' })), null);
  assert.is(kindAbove(roots, intermediate), null);
});

test('a string among the roots that is not a certificate is skipped', () => {
  const broken = pemBlock('CERTIFICATE', root.der.subarray(0, -5));
  assert.is(
    kindAbove(
      publicRoots(() => ['', broken, root.pem]),
      intermediate,
    ),
    'public',
  );
});

test.run();
