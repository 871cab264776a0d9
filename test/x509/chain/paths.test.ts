import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { KnownRoots } from '../../../src/x509/chain/chain.ts';
import { caFile } from '../../../src/x509/roots.ts';
import { build, places } from '../../support/chain.ts';
import { permutations } from '../../support/permutations.ts';
import { chain, type Issued, type IssueOptions, issue, key } from '../../support/pki.ts';
import { read } from '../../support/read.ts';

const ordinary = chain({ depth: 3 });
const [leaf, lower, upper, root] = ordinary.all as [Issued, Issued, Issued, Issued];
const selfSigned = chain({ depth: 0, tag: 'self' }).leaf;

const newRoot = issue({ subject: 'CN=New Root,O=Test', ca: true, key: key('p256', 50) });
const oldRoot = issue({
  subject: 'CN=Old Root,O=Test',
  ca: true,
  key: key('p256', 51),
  notAfter: new Date('2020-01-01T00:00:00Z'),
  notBefore: new Date('2010-01-01T00:00:00Z'),
});
const crossSigned = issue({ subject: 'CN=New Root,O=Test', ca: true, key: key('p256', 50), issuer: oldRoot });
const issuing = issue({ subject: 'CN=Issuing,O=Test', ca: true, key: key('p256', 52), issuer: newRoot });
const server = issue({ issuer: issuing });

test('with cross-signed certificates any whole way in order is right', () => {
  const orders: [Issued[], boolean][] = [
    [[server, issuing, newRoot], true],
    [[server, issuing, crossSigned, oldRoot], true],
    [[server, issuing, newRoot, crossSigned, oldRoot], true],
    [[server, issuing, crossSigned, oldRoot, newRoot], true],
    [[server, crossSigned, issuing, newRoot, oldRoot], true],
    [[server, oldRoot, crossSigned, issuing, newRoot], true],
    [[server, crossSigned, issuing, oldRoot], false],
    [[server, newRoot, oldRoot, crossSigned, issuing], false],
    [[issuing, server, newRoot], false],
    [[newRoot, server, issuing, crossSigned, oldRoot], false],
  ];
  for (const [file, inOrder] of orders) {
    const found = build(file);
    assert.is(found.inOrder, inOrder, places(file, [server, issuing, newRoot, crossSigned, oldRoot]).join());
    assert.equal(found.unrelated, []);
    assert.is(found.members.length, file.length);
  }
});

test('the shortest way to a root of the file is the path', () => {
  const all = [server, issuing, newRoot, crossSigned, oldRoot];
  for (const file of permutations(all)) assert.equal(places(build(file).path, all), [0, 1, 2]);
  const found = build([server, issuing, crossSigned, oldRoot]);
  assert.equal(places(found.path, all), [0, 1, 3, 4]);
  assert.equal(found.roles, ['leaf', 'intermediate', 'intermediate', 'root']);
});

test('a way stands on usable certificates alone', () => {
  const at = new Date();
  const valid = (certificate: { notAfter: Date }) => certificate.notAfter > at;
  assert.is(build([server, issuing, newRoot, crossSigned, oldRoot]).hasPath(valid), true);
  assert.is(build([server, issuing, crossSigned, oldRoot]).hasPath(valid), false);
  assert.is(
    build([server, issuing, crossSigned]).hasPath(valid),
    true,
    'the file ends before the expired root',
  );
  assert.is(
    build([server, issuing, newRoot]).hasPath(() => false),
    false,
  );
  assert.is(build([selfSigned]).hasPath(valid), true);
  assert.is(
    build([selfSigned]).hasPath(() => false),
    false,
  );
});

test('a way ends at a known root, whatever the file holds above it', () => {
  const roots = caFile(read(newRoot));
  const found = build([server, issuing, crossSigned, oldRoot], { roots });
  assert.is(
    found.hasPath((certificate) => certificate.subject !== 'CN=Old Root,O=Test'),
    true,
  );
  assert.is(
    found.hasPath((certificate) => certificate.subject !== 'CN=Issuing,O=Test'),
    false,
  );
});

test('a missing root that is known is named', () => {
  const roots = caFile(read(root));
  const found = build([leaf, lower, upper], { roots });
  assert.ok(found.top.kind === 'missing');
  assert.is(found.top.known, 'ca-file');
});

test('a cross-signed form of a known root is known itself', () => {
  const found = build([server, issuing, crossSigned], { roots: caFile(read(newRoot)) });
  assert.ok(found.top.kind === 'missing');
  assert.is(found.top.certificate.subject, 'CN=New Root,O=Test');
  assert.is(found.top.known, 'ca-file');
});

test('known roots are not asked for while the file holds a root', () => {
  const roots: KnownRoots = {
    issuerOf() {
      throw new Error('asked');
    },
  };
  assert.is(build(ordinary.all, { roots }).top.kind, 'root');
  assert.is(build([selfSigned], { roots }).top.kind, 'self-signed-leaf');
});

for (const skid of [true, false]) {
  test(`a renewed CA with the same name and a new key, ${skid ? 'with' : 'without'} key identifiers`, () => {
    const ids = skid ? {} : { skid, akid: false };
    const old = issue({ subject: 'CN=CA', ca: true, key: key('p256', 60), ...ids });
    const renewed = issue({ subject: 'CN=CA', ca: true, key: key('p256', 61), ...ids });
    for (const issuer of [old, renewed]) {
      const end = issue({ issuer, ...ids });
      for (const file of [
        [end, old, renewed],
        [end, renewed, old],
      ]) {
        const found = build(file);
        assert.equal(places(found.path, file), [0, file.indexOf(issuer)]);
        assert.is(found.unrelated.length, 1);
        assert.equal(found.broken, []);
        assert.is(found.inOrder, true);
      }
    }
  });
}

test('a renewed CA with the same name and key: either will do, the one valid longer is the path', () => {
  const at = new Date('2030-01-01T00:00:00Z');
  const old = issue({
    subject: 'CN=CA',
    ca: true,
    key: key('p256', 60),
    notAfter: new Date('2029-01-01T00:00:00Z'),
  });
  const renewed = issue({
    subject: 'CN=CA',
    ca: true,
    key: key('p256', 60),
    notAfter: new Date('2039-01-01T00:00:00Z'),
  });
  const end = issue({ issuer: old });
  for (const file of [
    [end, old, renewed],
    [end, renewed, old],
  ]) {
    const found = build(file);
    assert.equal(places(found.path, [end, renewed]), [0, 1]);
    assert.equal(found.unrelated, []);
    assert.is(found.inOrder, true);
    assert.is(
      found.hasPath((each) => each === found.leaf || each.notAfter > at),
      true,
    );
    assert.is(
      found.hasPath((each) => each === found.leaf || each.notAfter < at),
      true,
    );
  }
});

test('a key rollover: a root signed by the older key of its own name', () => {
  const older = issue({ subject: 'CN=CA', ca: true, key: key('p256', 60) });
  const newWithOld = issue({ subject: 'CN=CA', ca: true, key: key('p256', 61), issuer: older });
  const found = build([issue({ issuer: newWithOld }), newWithOld, older]);
  assert.equal(found.roles, ['leaf', 'intermediate', 'root']);
  assert.is(found.inOrder, true);
  assert.equal(found.broken, []);
});

test('a loop of two CAs', () => {
  const one = issue({ subject: 'CN=One', ca: true, key: key('p256', 70) });
  const two = issue({ subject: 'CN=Two', ca: true, key: key('p256', 71) });
  const oneByTwo = issue({ subject: 'CN=One', ca: true, key: key('p256', 70), issuer: two });
  const twoByOne = issue({ subject: 'CN=Two', ca: true, key: key('p256', 71), issuer: one });
  const end = issue({ issuer: one });
  const found = build([end, oneByTwo, twoByOne]);
  assert.ok(found.top.kind === 'loop' && found.top.certificate === found.path[2]);
  assert.equal(
    found.path.map(({ subject }) => subject),
    ['CN=lightrun.example.com', 'CN=One', 'CN=Two'],
  );
  assert.is(found.inOrder, true);
  assert.is(build([end, twoByOne, oneByTwo]).inOrder, false);
  assert.is(
    found.hasPath(() => true),
    false,
  );
  const withRoot = build([end, oneByTwo, twoByOne, one]);
  assert.is(withRoot.top.kind, 'root');
  const alone = build([oneByTwo, twoByOne]);
  assert.equal(alone.roles, ['leaf', 'intermediate']);
  assert.is(alone.top.kind, 'loop');
});

test('a way over certificates that may issue is better than a shorter one', () => {
  const fake = issue({
    subject: 'CN=New Root,O=Test',
    ca: false,
    key: key('p256', 50),
    san: null,
    notAfter: new Date('2100-01-01T00:00:00Z'),
  });
  const found = build([server, issuing, fake, crossSigned, oldRoot]);
  assert.equal(places(found.path, [server, issuing, crossSigned, oldRoot]), [0, 1, 2, 3]);
  assert.equal(found.notCa, []);
});

/** Certificates of one CA that differ in a few things; all last equally long. */
const copyOf = (of: Issued, issuer: Issued, changes: IssueOptions): Issued =>
  issue({ subject: of.subject, key: of.privateKey, issuer, ca: true, ...changes });

test('of several certificates of one CA the path takes the one that the key identifier names', () => {
  const renamed = copyOf(lower, upper, {
    skid: Buffer.alloc(20, 9),
    notAfter: new Date('2100-01-01T00:00:00Z'),
  });
  for (const file of [
    [leaf, renamed, lower, upper, root],
    [leaf, lower, renamed, upper, root],
  ]) {
    const found = build(file);
    assert.equal(places(found.path, ordinary.all), [0, 1, 2, 3]);
    assert.equal(found.misnamed, []);
  }
  assert.equal(places(build([leaf, renamed, upper, root]).path, [leaf, renamed, upper, root]), [0, 1, 2, 3]);
});

test('of several certificates of one CA the path takes one with room for those below', () => {
  const last = new Date('2100-01-01T00:00:00Z');
  const narrow = copyOf(upper, root, { pathLength: 0, notAfter: last });
  const found = build([leaf, lower, narrow, upper, root]);
  assert.equal(places(found.path, ordinary.all), [0, 1, 2, 3]);
  assert.equal(found.notCa, []);
});

test('a way that clients may accept is better than one they never do, whatever its length', () => {
  const ago = { notBefore: new Date('2010-01-01T00:00:00Z'), notAfter: new Date('2020-01-01T00:00:00Z') };
  const unfit: IssueOptions[] = [
    ago,
    { eku: ['clientAuth'] },
    { extensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.from('0500', 'hex') }] },
    { nameConstraints: { excluded: ['example.com'] } },
  ];
  for (const changes of unfit) {
    const short = copyOf(lower, root, { notAfter: new Date('2100-01-01T00:00:00Z'), ...changes });
    assert.equal(places(build([leaf, short, lower, upper, root]).path, ordinary.all), [0, 1, 2, 3]);
    assert.equal(places(build([leaf, short, root]).path, [leaf, short, root]), [0, 1, 2]);
  }
});

test('the path on certificates that the caller finds usable, and the path itself where there is none', () => {
  const found = build([server, issuing, newRoot, crossSigned]);
  const without = (subject: string) => found.pathOn((each) => each.subject !== subject);
  assert.equal(without('CN=Nobody'), found.path);
  assert.equal(without('CN=Issuing,O=Test'), found.path);
  const both = build([leaf, lower, copyOf(lower, root, {}), upper, root]);
  assert.is(both.path.length, 3);
  assert.is(both.pathOn((each) => each !== both.path[1]).length, 4);
});

test.run();
