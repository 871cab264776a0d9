import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Certificate } from '../../../src/x509/certificate.ts';
import type { Chain, KnownRoots } from '../../../src/x509/chain/chain.ts';
import { caFile } from '../../../src/x509/roots.ts';
import { build, places } from '../../support/chain.ts';
import { permutations } from '../../support/permutations.ts';
import { chain, type Issued, type IssueOptions, issue, key } from '../../support/pki.ts';
import { read } from '../../support/read.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date();
const days = (count: number): Date => new Date(NOW.getTime() + count * DAY);

const own = chain({ depth: 3, tag: 'astray' });
const [leaf, lower, upper, root] = own.all as [Issued, Issued, Issued, Issued];
const old = issue({ subject: 'CN=Old', ca: true, key: key('p256', 90) });
/** Another certificate for the name and key of the leaf's issuer. */
const again = (changes: IssueOptions): Issued =>
  issue({ subject: lower.subject, key: lower.privateKey, issuer: upper, ca: true, ...changes });
const cross = again({ issuer: old });
const noCa = again({ ca: false });
const forClients = again({ eku: ['clientAuth'] });
const withNoRoom = issue({
  subject: upper.subject,
  key: upper.privateKey,
  issuer: root,
  ca: true,
  pathLength: 0,
});

const isValid = ({ notBefore, notAfter }: Certificate): boolean => notBefore <= NOW && NOW <= notAfter;
const misled = (found: Chain) =>
  found.misled({ isValid, isUsable: (each) => isValid(each) && each.extendedKeyUsage === null });

/** What becomes of clients: `arrive`, or the fault and the place in the file of the certificate it is about. */
function outcome(file: readonly Issued[], roots?: KnownRoots): string {
  const found = misled(build(file, roots ? { roots } : {}));
  return found ? `${found.fault.kind} ${found.fault.certificate.index}` : 'arrive';
}

const FILES: [what: string, file: Issued[], outcome: string][] = [
  ['an ordinary chain', own.all, 'arrive'],
  ['a chain without its root', [leaf, lower, upper], 'arrive'],
  ['a leaf alone', [leaf], 'arrive'],
  ['cross-signed, and its issuer missing', [leaf, cross, lower, upper, root], 'missing 1'],
  ['the same behind', [leaf, lower, cross, upper, root], 'arrive'],
  ['cross-signed, and its issuer there', [leaf, cross, old, lower, upper, root], 'arrive'],
  ['a copy that is no CA', [leaf, noCa, lower, upper, root], 'not-a-ca 1'],
  ['the same behind', [leaf, lower, upper, root, noCa], 'arrive'],
  ['a copy that is not usable', [leaf, forClients, lower, upper, root], 'unusable 1'],
  ['a copy without room for those below', [leaf, lower, withNoRoom, upper, root], 'not-a-ca 2'],
  [
    'a copy of the root, which clients have themselves',
    [leaf, lower, upper, rootThat({ ca: false }), root],
    'arrive',
  ],
  ['two ways, and each ends with the file', [leaf, cross, lower, upper], 'arrive'],
  ['a chain whose only way is not usable', [leaf, forClients, upper, root], 'arrive'],
];
for (const [what, file, wanted] of FILES) {
  test(`${what}: ${wanted}`, () => assert.is(outcome(file), wanted));
}

function rootThat(changes: IssueOptions): Issued {
  return issue({ subject: root.subject, key: root.privateKey, ca: true, ...changes });
}

test('of several issuers that fit the first valid one is taken, else the one valid longest', () => {
  const expired = again({ notBefore: days(-99), notAfter: days(-9) });
  assert.is(outcome([leaf, expired, lower, upper, root]), 'arrive');
  const older = again({ issuer: old, notBefore: days(-99), notAfter: days(-10) });
  const upperOnly = [leaf, older, expired, upper, root];
  assert.equal(places(build(upperOnly).path, upperOnly), [0, 2, 3, 4]);
  assert.is(outcome(upperOnly), 'arrive', 'neither is usable, and no order mends that');
});

test('a root of another way that has expired is no end', () => {
  const expired = issue({
    subject: 'CN=Old',
    ca: true,
    key: key('p256', 90),
    notBefore: days(-99),
    notAfter: days(-9),
  });
  const file = [leaf, cross, expired, lower, upper, root];
  assert.is(outcome(file), 'unusable 2');
  assert.equal(places(build(file).path, file), [0, 3, 4, 5]);
  assert.is(outcome([leaf, lower, upper, root, cross, expired]), 'arrive');
});

test('a root that is known to clients is an end', () => {
  assert.is(outcome([leaf, cross, lower, upper, root], caFile(read(old))), 'arrive');
  assert.is(outcome([leaf, noCa, lower, upper, root], caFile(read(lower))), 'arrive');
  assert.is(outcome([leaf, cross, lower, upper], caFile(read(root))), 'missing 1');
});

for (const skid of [true, false]) {
  test(`another CA of the issuer's name, ${skid ? 'told apart by key identifiers' : 'without key identifiers'}`, () => {
    const ids: IssueOptions = skid ? {} : { skid, akid: false };
    const made = chain({ depth: 2, tag: 'same', leaf: ids, intermediate: ids, root: ids });
    const [end, issuer, anchor] = made.all as [Issued, Issued, Issued];
    const other = issue({ subject: issuer.subject, key: key('p256', 91), issuer: anchor, ca: true, ...ids });
    const ofOtherKind = issue({
      subject: issuer.subject,
      key: key('rsa2048', 91),
      issuer: anchor,
      ca: true,
      ...ids,
    });
    assert.is(outcome([end, other, issuer, anchor]), skid ? 'arrive' : 'other-key 1');
    assert.is(outcome([end, issuer, other, anchor]), 'arrive');
    assert.is(outcome([end, ofOtherKind, issuer, anchor]), 'arrive');
  });
}

test('astray is not in order, and the path in front of all others is', () => {
  for (const extra of [cross, noCa, forClients]) {
    const file = [leaf, extra, lower, upper, root];
    const found = build(file);
    assert.equal([found.standsInOrder, found.inOrder], [true, false]);
    const right = [...places(found.path, file), 1].map((at) => file[at] as Issued);
    assert.equal(right, [leaf, lower, upper, root, extra]);
    assert.is(build(right).inOrder, true);
    assert.is(outcome(right), 'arrive');
  }
});

test('whatever the order behind the leaf, the path in front brings clients to the root', () => {
  for (const rest of permutations([lower, upper, cross, noCa])) {
    const file = [leaf, ...rest, root];
    const { path, members } = build(file);
    const right = [...new Set([...path, ...members])].map(({ index }) => file[index] as Issued);
    assert.is(outcome(right), 'arrive');
    assert.is(build(right).inOrder, true);
  }
});

test('no client is astray below a broken signature, in a circle, or above a self-signed leaf', () => {
  const forged = again({ corruptSignature: true });
  assert.is(misled(build([leaf, forged, upper, root])), null);
  const self = issue({ ca: true, san: ['lightrun.example.com'] });
  assert.is(misled(build([self, root])), null);
  const one = issue({ subject: 'CN=One', ca: true, key: key('p256', 92) });
  const two = issue({ subject: 'CN=Two', ca: true, key: key('p256', 93), issuer: one });
  const oneByTwo = issue({ subject: 'CN=One', ca: true, key: key('p256', 92), issuer: two });
  const found = build([issue({ issuer: one }), oneByTwo, two]);
  assert.is(found.top.kind, 'loop');
  assert.is(misled(found), null);
});

test('hundreds of copies in front: every one is looked at, in little time', () => {
  const copies = Array.from({ length: 200 }, () => again({ ca: false }));
  const found = build([leaf, ...copies, lower, upper, root]);
  const started = performance.now();
  assert.is(misled(found)?.fault.certificate.index, 1);
  assert.ok(performance.now() - started < 1000);
});

test.run();
