import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../../src/errors.ts';
import type { Chain } from '../../../src/x509/chain/chain.ts';
import { type KnownRoots, rootsOf } from '../../../src/x509/roots.ts';
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

test('with cross-signed certificates any whole path in order is right', () => {
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
  for (const [file, isInOrder] of orders) {
    const found = build(file);
    assert.is(
      found.isInOrder,
      isInOrder,
      places(file, [server, issuing, newRoot, crossSigned, oldRoot]).join(),
    );
    assert.equal(found.unrelated, []);
    assert.is(found.members.length, file.length);
  }
});

test('the shortest path to a root of the file', () => {
  const all = [server, issuing, newRoot, crossSigned, oldRoot];
  for (const file of permutations(all)) assert.equal(places(build(file).path, all), [0, 1, 2]);
  const found = build([server, issuing, crossSigned, oldRoot]);
  assert.equal(places(found.path, all), [0, 1, 3, 4]);
  assert.equal(found.roles, ['leaf', 'intermediate', 'intermediate', 'root']);
});

const ends = ({ paths }: Chain['inFile'], all: readonly Issued[]) =>
  [...paths].map(({ certificates, end }) => [...places(certificates, all), end]);

test('all paths, the shortest to an anchor first, each with what it ends in', () => {
  const all = [server, issuing, newRoot, crossSigned, oldRoot];
  const { inFile } = build(all);
  assert.equal(ends(inFile, all), [
    [0, 1, 2, 'anchor'],
    [0, 1, 3, 4, 'anchor'],
  ]);
  assert.equal(ends(inFile, all).length, 2, 'read again from the start');
  assert.equal(places(inFile.anchors, all), [2, 4]);
  assert.equal(ends(build([server, issuing, crossSigned]).inFile, all), [[0, 1, 3, 'missing']]);
  const damaged = issue({ issuer: issuing, corruptSignature: true });
  assert.equal(ends(build([damaged, issuing]).inFile, [damaged, issuing]), [[0, 'broken']]);
  assert.equal(ends(build([selfSigned]).inFile, [selfSigned]), [[0, 'anchor']]);
});

test('a path ends at a known root, whatever the file holds above it', () => {
  const all = [server, issuing, newRoot, crossSigned, oldRoot];
  const { withKnownRoots } = build([server, issuing, crossSigned, oldRoot], {
    roots: rootsOf('ca-file', read(newRoot)),
  });
  assert.equal(ends(withKnownRoots(), all), [
    [0, 1, 2, 'anchor'],
    [0, 1, 3, 4, 'anchor'],
  ]);
  const inner = build([server, issuing, newRoot], { roots: rootsOf('ca-file', read(issuing)) });
  assert.equal(ends(inner.withKnownRoots(), all), [[0, 1, 'anchor']]);
});

/** Levels of two CAs each, every one signed by both of the next level: 2 ** levels paths. */
function mesh(levels: number, change: IssueOptions = {}): Issued[] {
  let above = [issue({ subject: 'CN=Top', ca: true, key: key('p256', 200), ...change })];
  const all = [...above];
  for (let level = 0; level < levels; level += 1) {
    const keyKind = key('p256', 201 + level);
    above = [0, 1].map((copy) =>
      issue({
        subject: `CN=Level ${level}`,
        ca: true,
        key: keyKind,
        issuer: above[copy % above.length] as Issued,
      }),
    );
    all.unshift(...above);
  }
  return [issue({ issuer: above[0] as Issued }), ...all];
}

test('a mesh of 2 ** 20 paths is fine where one of them is, and too costly to check where none is', () => {
  const started = performance.now();
  assert.is(build(mesh(20)).path.length, 22);
  const expired = { notBefore: new Date('2010-01-01'), notAfter: new Date('2020-01-01') };
  const old = build(mesh(10, expired));
  assert.is(old.path.length, 12, '1,024 paths are listed');
  assert.throws(
    () => build(mesh(11, expired)),
    (error: unknown) => error instanceof LintError,
  );
  assert.ok(performance.now() - started < 5000);
});

test('a missing root that is known is named', () => {
  const roots = rootsOf('ca-file', read(root));
  const found = build([leaf, lower, upper], { roots });
  assert.ok(found.top.kind === 'missing');
  assert.is(found.top.known, 'ca-file');
});

test('a cross-signed form of a known root is known itself', () => {
  const found = build([server, issuing, crossSigned], { roots: rootsOf('ca-file', read(newRoot)) });
  assert.ok(found.top.kind === 'missing');
  assert.is(found.top.certificate.subject, 'CN=New Root,O=Test');
  assert.is(found.top.known, 'ca-file');
});

test('known roots are not asked for while the file has a valid path to its root', () => {
  const roots: KnownRoots = {
    issuersNamedBy() {
      throw new Error('asked');
    },
    kindOf: () => null,
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
        assert.is(found.isInOrder, true);
      }
    }
  });
}

test('a renewed CA with the same name and key: either will do, the one valid longer is the path', () => {
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
    assert.is(found.isInOrder, true);
  }
});

test('a key rollover: a root signed by the older key of its own name', () => {
  const older = issue({ subject: 'CN=CA', ca: true, key: key('p256', 60) });
  const newWithOld = issue({ subject: 'CN=CA', ca: true, key: key('p256', 61), issuer: older });
  const found = build([issue({ issuer: newWithOld }), newWithOld, older]);
  assert.equal(found.roles, ['leaf', 'intermediate', 'root']);
  assert.is(found.isInOrder, true);
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
  assert.is(found.isInOrder, true);
  assert.is(build([end, twoByOne, oneByTwo]).isInOrder, false);
  const withRoot = build([end, oneByTwo, twoByOne, one]);
  assert.is(withRoot.top.kind, 'root');
  const alone = build([oneByTwo, twoByOne]);
  assert.equal(alone.roles, ['leaf', 'intermediate']);
  assert.is(alone.top.kind, 'loop');
});

test('a path over CAs that may issue is better than a shorter one', () => {
  const fake = issue({
    subject: 'CN=New Root,O=Test',
    ca: false,
    key: key('p256', 50),
    san: null,
    notAfter: new Date('2100-01-01T00:00:00Z'),
  });
  const lasting = issue({ subject: 'CN=Old Root,O=Test', ca: true, key: key('p256', 51) });
  const found = build([server, issuing, fake, crossSigned, lasting]);
  assert.equal(places(found.path, [server, issuing, crossSigned, lasting]), [0, 1, 2, 3]);
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
  }
  assert.equal(places(build([leaf, renamed, upper, root]).path, [leaf, renamed, upper, root]), [0, 1, 2, 3]);
});

test('of several certificates of one CA the path takes one with room for those below', () => {
  const last = new Date('2100-01-01T00:00:00Z');
  const narrow = copyOf(upper, root, { pathLength: 0, notAfter: last });
  const found = build([leaf, lower, narrow, upper, root]);
  assert.equal(places(found.path, ordinary.all), [0, 1, 2, 3]);
});

test('a valid path is better than one that no client accepts, whatever its length', () => {
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

test.run();
