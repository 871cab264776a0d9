import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { KnownRoots } from '../../../src/x509/chain/chain.ts';
import { caFile } from '../../../src/x509/roots.ts';
import { build, places } from '../../support/chain.ts';
import { chain, type Issued, issue, key } from '../../support/pki.ts';
import { read } from '../../support/read.ts';

const ordinary = chain({ depth: 3 });
const [leaf, lower, upper, root] = ordinary.all as [Issued, Issued, Issued, Issued];
const other = chain({ depth: 2, tag: 'other', leaf: { subject: 'CN=other.example.com' } });
const selfSigned = chain({ depth: 0, tag: 'self' }).leaf;

test('a link missing between: the CA certificates above the gap are stranded', () => {
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
    assert.is(found.inOrder, true);
  }
});

test('stranded certificates belong behind the chain, the root last', () => {
  assert.is(build([root, leaf]).inOrder, false);
  assert.is(build([leaf, root, upper]).inOrder, false);
  assert.is(build([leaf, root, lower]).inOrder, false);
});

test('CA certificates that cannot belong above the gap are not stranded', () => {
  const stranger = issue({ subject: 'CN=Stranger,O=Someone Else', ca: true, key: key('p256', 80) });
  const child = issue({ subject: 'CN=Child,O=Test', issuer: lower, ca: true, key: key('p256', 81) });
  const anonymous = issue({ subject: 'CN=Anonymous', ca: true, key: key('p256', 82) });
  const strandedIn = (file: Issued[], roots?: KnownRoots) => {
    const { top } = build(file, roots ? { roots } : {});
    return top.kind === 'missing' ? places(top.disconnected, file) : null;
  };
  assert.equal(strandedIn([leaf, stranger]), [], 'another organization');
  assert.equal(strandedIn([leaf, anonymous]), [1], 'no organization');
  assert.equal(
    strandedIn([leaf, other.leaf, other.intermediates[0] as Issued, other.root]),
    [],
    'the chain of another leaf',
  );
  assert.equal(strandedIn([leaf, lower, child]), [], 'issued by a member');
  assert.equal(
    strandedIn([leaf, lower, upper, anonymous], caFile(read(root))),
    [],
    'the missing issuer is known',
  );
  assert.equal(strandedIn([leaf, selfSigned]), [], 'a server');
});

test.run();
