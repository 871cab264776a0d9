import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type KnownRoots, rootsOf } from '../../../src/x509/roots.ts';
import { build, places } from '../../support/chain.ts';
import { chain, type Issued, issue, key } from '../../support/pki.ts';
import { read } from '../../support/read.ts';

const ordinary = chain({ depth: 3 });
const [leaf, lower, upper, root] = ordinary.all as [Issued, Issued, Issued, Issued];
const other = chain({ depth: 2, tag: 'other', leaf: { subject: 'CN=other.example.com' } });
const selfSigned = chain({ depth: 0, tag: 'self' }).leaf;

test('a link missing between: the CA certificates above the gap are disconnected', () => {
  for (const [file, end, disconnected] of [
    [[leaf, root], leaf, [root]],
    [[leaf, upper, root], leaf, [upper, root]],
    [[leaf, lower, root], lower, [root]],
  ] as [Issued[], Issued, Issued[]][]) {
    const found = build(file);
    assert.ok(found.top.kind === 'missing');
    assert.equal(places([found.top.certificate], [end]), [0]);
    assert.equal(places(found.top.disconnected, disconnected), [...disconnected.keys()]);
    assert.equal(found.unrelated, []);
    assert.equal(
      found.roles,
      file.map((each) => (each === leaf ? 'leaf' : each === root ? 'root' : 'intermediate')),
    );
    assert.is(found.isInOrder, true);
  }
});

test('disconnected certificates belong after the chain, the root last', () => {
  assert.is(build([root, leaf]).isInOrder, false);
  assert.is(build([leaf, root, upper]).isInOrder, false);
  assert.is(build([leaf, root, lower]).isInOrder, false);
});

test('CA certificates that cannot belong above the gap are not disconnected', () => {
  const stranger = issue({ subject: 'CN=Stranger,O=Someone Else', ca: true, key: key('p256', 80) });
  const child = issue({ subject: 'CN=Child,O=Test', issuer: lower, ca: true, key: key('p256', 81) });
  const anonymous = issue({ subject: 'CN=Anonymous', ca: true, key: key('p256', 82) });
  const disconnectedIn = (file: Issued[], roots?: KnownRoots) => {
    const { top } = build(file, roots ? { roots } : {});
    return top.kind === 'missing' ? places(top.disconnected, file) : null;
  };
  assert.equal(disconnectedIn([leaf, stranger]), [], 'another organization');
  assert.equal(disconnectedIn([leaf, anonymous]), [1], 'no organization');
  assert.equal(
    disconnectedIn([leaf, other.leaf, other.intermediates[0] as Issued, other.root]),
    [],
    'the chain of another leaf',
  );
  assert.equal(disconnectedIn([leaf, lower, child]), [], 'issued by a member');
  assert.equal(
    disconnectedIn([leaf, lower, upper, anonymous], rootsOf('ca-file', read(root))),
    [],
    'the missing issuer is known',
  );
  assert.equal(disconnectedIn([leaf, selfSigned]), [], 'a server');
});

test('a root that names hosts, as Vault makes it, is disconnected too', () => {
  const vault = (keyUsage: readonly ['keyCertSign'] | null) =>
    issue({ subject: 'CN=example.com', ca: true, san: ['example.com'], key: key('p256', 83), keyUsage });
  for (const [keyUsage, wanted] of [
    [['keyCertSign'], [1]],
    [null, []],
  ] as const) {
    const file = [leaf, vault(keyUsage)];
    const { top } = build(file);
    assert.ok(top.kind === 'missing');
    assert.equal(places(top.disconnected, file), wanted);
  }
});

test.run();
