import { rootCertificates } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { caFile, either, publicRoots } from '../../src/x509/roots.ts';
import { chain, type Issued, issue, key, pemBlock } from '../support/pki.ts';
import { read, readOne } from '../support/read.ts';

const { leaf, root, intermediates } = chain({ depth: 2 });
const intermediate = intermediates[0] as Issued;
const impostor = issue({ subject: root.subject, ca: true, key: key('p256', 77) });
const derOf = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

test('the issuer is found by name and signature', () => {
  for (const roots of [caFile(read(impostor, root)), publicRoots(() => [impostor.pem, root.pem])]) {
    assert.ok(roots.issuerOf(readOne(intermediate)));
    assert.is(roots.issuerOf(readOne(leaf)), null);
  }
});

test('a root of the same name with another key is not the issuer', () => {
  assert.is(caFile(read(impostor)).issuerOf(readOne(intermediate)), null);
  assert.is(publicRoots(() => [impostor.pem]).issuerOf(readOne(intermediate)), null);
});

test('each names its kind, and the first known counts', () => {
  const known = caFile(read(root));
  const open = publicRoots(() => [root.pem]);
  assert.is(known.issuerOf(readOne(intermediate)), 'ca-file');
  assert.is(open.issuerOf(readOne(intermediate)), 'public');
  assert.is(either(known, open).issuerOf(readOne(intermediate)), 'ca-file');
  assert.is(either(caFile([]), open).issuerOf(readOne(intermediate)), 'public');
  assert.is(
    either(
      caFile([]),
      publicRoots(() => []),
    ).issuerOf(readOne(intermediate)),
    null,
  );
});

test('an intermediate in the CA file counts as it stands', () => {
  assert.is(caFile(read(intermediate)).issuerOf(readOne(leaf)), 'ca-file');
});

test('case, white space and the type of string in the name do not matter', () => {
  const written = issue({ subject: [[['CN', 'Some Root', 'printable']]], ca: true, key: key('p256', 78) });
  const child = issue({ issuer: written, issuerName: [[['CN', 'SOME ROOT', 'utf8']]] });
  assert.is(publicRoots(() => [written.pem]).issuerOf(readOne(child)), 'public');
  assert.is(caFile(read(written)).issuerOf(readOne(child)), 'ca-file');
});

test('public roots are loaded when first asked for, once', () => {
  let loads = 0;
  const roots = publicRoots(() => {
    loads += 1;
    return [root.pem];
  });
  assert.is(loads, 0);
  roots.issuerOf(readOne(intermediate));
  roots.issuerOf(readOne(leaf));
  assert.is(loads, 1);
});

test('every root of Node that signs itself is known by its name', () => {
  const roots = publicRoots();
  const some = rootCertificates.filter((_, at) => at % 10 === 0).map((pem) => readOne({ der: derOf(pem) }));
  assert.ok(some.length > 5);
  for (const certificate of some) assert.is(roots.issuerOf(certificate), 'public', certificate.subject);
});

test('of roots with one name the first eight are tried', () => {
  const impostors = Array.from({ length: 8 }, (_, at) =>
    issue({ subject: root.subject, ca: true, key: key('p256', 60 + at) }),
  );
  for (const [before, kind] of [
    [7, 'public'],
    [8, null],
  ] as const) {
    const roots = [...impostors.slice(0, before), root];
    const open = publicRoots(() => roots.map(({ pem }) => pem));
    assert.is(open.issuerOf(readOne(intermediate)), kind);
    assert.is(caFile(read(...roots)).issuerOf(readOne(intermediate)), kind && 'ca-file');
  }
});

test('a public root is found by a name of up to 127 bytes', () => {
  for (const [length, kind] of [
    [1, 'public'],
    [127, 'public'],
    [128, null],
  ] as const) {
    const named = issue({ subject: `CN=${'r'.repeat(length)}`, ca: true, key: key('p256', 79) });
    const child = readOne(issue({ issuer: named }));
    assert.is(publicRoots(() => [named.pem]).issuerOf(child), kind, `${length}`);
  }
});

test('an issuer without a name, or that nobody knows, is not found', () => {
  const roots = publicRoots();
  assert.is(roots.issuerOf(readOne(issue({ issuerName: [] }))), null);
  assert.is(roots.issuerOf(readOne(issue({ issuerName: 'CN=r' }))), null);
  assert.is(roots.issuerOf(readOne(intermediate)), null);
});

test('a text among the roots that is no certificate is passed over', () => {
  const broken = pemBlock('CERTIFICATE', root.der.subarray(0, -5));
  assert.is(publicRoots(() => ['', broken, root.pem]).issuerOf(readOne(intermediate)), 'public');
});

test.run();
