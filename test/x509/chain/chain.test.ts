import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildChain } from '../../../src/x509/chain/chain.ts';
import { build, NO_ROOTS, ownerOf, places } from '../../support/chain.ts';
import { permutations } from '../../support/permutations.ts';
import { chain, type Issued, issue } from '../../support/pki.ts';
import { tries } from '../../support/property.ts';
import { read } from '../../support/read.ts';

const ordinary = chain({ depth: 3 });
const [leaf, lower, upper, root] = ordinary.all as [Issued, Issued, Issued, Issued];
const other = chain({ depth: 2, tag: 'other', leaf: { subject: 'CN=other.example.com' } });

test('chains of every depth, in order', () => {
  for (const depth of [1, 2, 3, 4, 5]) {
    const { all } = chain({ depth });
    const found = build(all);
    assert.equal(places(found.path, all), [...all.keys()]);
    assert.equal(found.roles, ['leaf', ...Array(depth - 1).fill('intermediate'), 'root']);
    assert.is(found.isInOrder, true);
    assert.is(found.top.kind, 'root');
    assert.equal(found.members, found.path);
    assert.equal([found.broken, found.duplicates, found.unrelated], [[], [], []]);
  }
});

test('every order of four has the same path, and one is in order', () => {
  for (const file of permutations(ordinary.all)) {
    const found = build(file, { keyOf: leaf });
    assert.equal(places(found.path, ordinary.all), [0, 1, 2, 3]);
    assert.is(
      found.isInOrder,
      file.every((each, at) => each === ordinary.all[at]),
    );
    assert.is(found.leaf.subject, 'CN=lightrun.example.com');
    assert.is(found.top.kind, 'root');
  }
});

test('the right leaf is found without the key, too', () => {
  for (const file of permutations(ordinary.all)) assert.equal(places([build(file).leaf], [leaf]), [0]);
});

test('without its root the chain ends at the missing issuer', () => {
  const found = build([leaf, lower, upper]);
  assert.equal(found.roles, ['leaf', 'intermediate', 'intermediate']);
  assert.is(found.isInOrder, true);
  assert.ok(found.top.kind === 'missing');
  assert.is(found.top.certificate, found.path[2]);
  assert.is(found.top.known, null);
  assert.equal(found.top.disconnected, []);
});

test('a leaf alone', () => {
  const found = build([leaf]);
  assert.equal(found.roles, ['leaf']);
  assert.ok(found.top.kind === 'missing' && found.top.certificate === found.leaf);
  assert.is(found.isInOrder, true);
});

test('a self-signed certificate alone is the leaf, CA or not', () => {
  for (const ca of [true, false, null]) {
    const found = build([issue({ ca, san: null })]);
    assert.equal(found.roles, ['leaf']);
    assert.equal(found.top, { kind: 'self-signed-leaf' });
    assert.is(found.isInOrder, true);
  }
});

test('a self-signed CA first with names of servers is the leaf', () => {
  const first = issue({ ca: true, san: ['lightrun.example.com'], subject: 'CN=x' });
  const found = build([first, other.leaf]);
  assert.equal(found.roles, ['leaf', 'extra']);
});

test('a root first that issues nothing in the file is not the leaf', () => {
  assert.equal(build([other.root, leaf, lower, upper, root]).roles, [
    'extra',
    'leaf',
    'intermediate',
    'intermediate',
    'root',
  ]);
});

test('no certificate at all is a mistake of the caller', () => {
  assert.throws(
    () => build([]),
    (error: unknown) => error instanceof RangeError,
  );
});

test('copies are extra and do not disturb the order', () => {
  const found = build([leaf, lower, leaf, lower, upper, root, leaf]);
  assert.equal(found.roles, ['leaf', 'intermediate', 'extra', 'extra', 'intermediate', 'root', 'extra']);
  assert.equal(
    found.duplicates.map(({ certificate, first }) => [certificate.index, first.index]),
    [
      [2, 0],
      [3, 1],
      [6, 0],
    ],
  );
  assert.is(found.isInOrder, true);
  assert.equal(found.unrelated, []);
});

test('the first copy counts for the order', () => {
  assert.is(build([leaf, root, lower, upper, root]).isInOrder, false);
  assert.is(build([lower, leaf, lower, upper, root]).isInOrder, false);
});

test('unrelated certificates after the leaf are extra and do not disturb the order', () => {
  for (const file of [
    [other.leaf, leaf, lower, upper, root],
    [leaf, other.leaf, lower, upper, root],
    [leaf, lower, upper, root, other.leaf],
  ]) {
    const found = build(file, { keyOf: leaf });
    const first = file[0] as Issued;
    assert.is(found.isInOrder, true);
    assert.equal(places(found.unrelated, file).length, first === leaf ? 1 : 4);
  }
});

test('of two whole chains the one whose leaf comes first is it, whoever owns the key', () => {
  const file = [...ordinary.all, ...other.all];
  for (const keyOf of [leaf, other.leaf]) {
    const found = build(file, { keyOf });
    assert.equal(places(found.path, file), [0, 1, 2, 3]);
    assert.equal(places(found.unrelated, file), [4, 5, 6]);
    assert.is(found.isInOrder, true);
  }
});

test('of two chains without a leaf first the private key decides', () => {
  const file = [...ordinary.all.toReversed(), ...other.all.toReversed()];
  assert.equal(places(build(file, { keyOf: leaf }).path, ordinary.all), [0, 1, 2, 3]);
  assert.equal(places(build(file, { keyOf: other.leaf }).path, other.all), [0, 1, 2]);
});

test('any order of any part of a forest: the same path, in order exactly when the leaf is first and the rest follows', () => {
  const forest = [...ordinary.all, ...other.all.slice(1)];
  const certificates = read(...forest);
  fc.assert(
    fc.property(fc.shuffledSubarray([...forest.keys()], { minLength: forest.length }), (order) => {
      const file = order.map((at, index) =>
        (certificates[at] as (typeof certificates)[number]).withIndex(index),
      );
      const found = buildChain(file, ownerOf(leaf.privateKey), { roots: NO_ROOTS, at: new Date() });
      assert.equal(places(found.path, forest), [0, 1, 2, 3]);
      const chainOnly = order.filter((at) => at < 4);
      assert.is(found.isInOrder, order[0] === 0 && chainOnly.join() === '0,1,2,3');
      assert.is(found.unrelated.length, 2);
    }),
    tries(50),
  );
});

test.run();
