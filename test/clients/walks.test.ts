/** How each client walks the certificates of a file, and where the order of the file misleads it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { chainRefusals } from '../../src/clients/clients.ts';
import { type KnownRoots, rootsOf } from '../../src/x509/roots.ts';
import { build, NO_ROOTS } from '../support/chain.ts';
import { permutations } from '../support/permutations.ts';
import { chain, type Issued, type IssueOptions, issue, key } from '../support/pki.ts';
import { read } from '../support/read.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date();
const days = (count: number): Date => new Date(NOW.getTime() + count * DAY);
const past = { notBefore: days(-99), notAfter: days(-9) };

const own = chain({ depth: 3, tag: 'walks' });
const [leaf, lower, upper, root] = own.all as [Issued, Issued, Issued, Issued];
const old = issue({ subject: 'CN=Old', ca: true, key: key('p256', 90) });
/** Another certificate with the name and key of the leaf's issuer. */
const again = (changes: IssueOptions): Issued =>
  issue({ subject: lower.subject, key: lower.privateKey, issuer: upper, ca: true, ...changes });
const cross = again({ issuer: old });
const noCa = again({ ca: false });
const signing = again({ ca: false, keyUsage: ['keyCertSign'] });
const expired = again(past);

/** Each refusal in a line: the consumers, the cause, and the place of the certificate in the file, from 1. */
function refusals(file: readonly Issued[], roots: KnownRoots = NO_ROOTS): string[] {
  const found = build(file, { roots, at: NOW });
  return chainRefusals(found, NOW).map(({ cause, by }) => {
    const kind = cause.kind === 'order' ? `order, ${cause.because.kind}` : cause.kind;
    return `${by.map(({ consumer }) => consumer).join()}: ${kind} ${cause.certificate.index + 1}`;
  });
}

const ALL = 'openssl,java,browser';

const FILES: [what: string, file: Issued[], refusals: string[]][] = [
  ['an ordinary chain', own.all, []],
  ['a chain without its root', [leaf, lower, upper], []],
  ['a leaf alone', [leaf], [`${ALL}: no-issuer 1`]],
  [
    'a self-signed leaf for clients',
    [issue({ eku: ['clientAuth'] })],
    ['openssl,browser: not-for-servers 1'],
  ],
  [
    'a cross-signed form first, its issuer missing',
    [leaf, cross, lower, upper, root],
    ['openssl,browser: order, no-issuer 2'],
  ],
  ['the same last', [leaf, lower, upper, root, cross], []],
  ['a cross-signed form first, its issuer in the file', [leaf, cross, old, lower, upper, root], []],
  ['a form that is not a CA first', [leaf, noCa, lower, upper, root], ['openssl: order, not-a-ca 2']],
  ['the same last', [leaf, lower, upper, root, noCa], []],
  [
    'one that is not a CA but may sign',
    [leaf, signing, lower, upper, root],
    ['openssl,browser: order, not-a-ca 2'],
  ],
  ['an expired form first', [leaf, expired, lower, upper, root], ['browser: order, expired 2']],
  ['the same last', [leaf, lower, upper, root, expired], []],
  ['only an expired form', [leaf, expired, upper, root], [`${ALL}: expired 2`]],
  [
    'an expired form, and one whose issuer is missing',
    [leaf, expired, cross, upper, root],
    [`${ALL}: expired 2`],
  ],
];
for (const [what, file, wanted] of FILES) {
  test(`${what}: ${wanted.join('; ') || 'accepted'}`, () => assert.equal(refusals(file), wanted));
}

test('two forms of an intermediate, each with its own flaw: both are to blame', () => {
  const constrained = again({ nameConstraints: { excluded: ['example.com'] } });
  for (const forms of permutations([expired, constrained])) {
    const file = [leaf, ...forms, upper, root];
    const place = (form: Issued) => file.indexOf(form) + 1;
    assert.equal(
      refusals(file).toSorted(),
      [`${ALL}: excluded-names ${place(constrained)}`, `${ALL}: expired ${place(expired)}`].toSorted(),
    );
  }
});

test('a flaw on the only path is to blame, one beside it is not', () => {
  const expiredLeaf = issue({ issuer: lower, ...past });
  assert.equal(refusals([expiredLeaf, lower, upper, root, expired]), [`${ALL}: expired 1`]);
});

test('a root that has expired: Java does not mind', () => {
  const rootThatWas = issue({ subject: 'CN=Was', ca: true, key: key('p256', 91), ...past });
  const end = issue({ issuer: rootThatWas });
  assert.equal(refusals([end, rootThatWas]), ['openssl,browser: expired 2']);
  assert.equal(refusals([end], rootsOf('ca-file', read(rootThatWas))), ['openssl,browser: expired 1']);
  assert.equal(
    refusals([end, rootThatWas], rootsOf('ca-file', read(rootThatWas))),
    ['openssl,browser: expired 2'],
    'named in --ca-file, too',
  );
  assert.equal(
    refusals([end, root, rootThatWas]),
    [`${ALL}: expired 3`],
    'where the names do not chain, it does',
  );
});

test('Java validates the list where its names chain, and builds a path where they do not', () => {
  const oldRoot = issue({ subject: 'CN=Root', ca: true, key: key('p256', 92) });
  const newRoot = issue({ subject: 'CN=Root', ca: true, key: key('p256', 93) });
  const issuing = issue({ subject: 'CN=Issuing', ca: true, key: key('p256', 94), issuer: oldRoot });
  const end = issue({ issuer: issuing });
  assert.equal(refusals([end, issuing, newRoot, oldRoot]), ['java: order, broken-signature 2']);
  assert.equal(refusals([end, issuing, oldRoot, newRoot]), []);
  const other = issue({ subject: 'CN=Other', ca: true, key: key('p256', 95) });
  assert.equal(refusals([end, issuing, other, newRoot, oldRoot]), []);
});

test('a root of the file that has expired is not trusted beside one that is valid', () => {
  const authority = issue({ subject: 'CN=Twice', ca: true, key: key('p256', 96), issuer: root });
  const itself = issue({ subject: 'CN=Twice', ca: true, key: key('p256', 96), ...past });
  const end = issue({ issuer: authority });
  assert.equal(refusals([end, authority, itself, root]), []);
  assert.equal(refusals([end, itself]), ['openssl,browser: expired 2']);
  const known = rootsOf('ca-file', read(itself));
  assert.equal(refusals([end, authority, root], known), [], 'the root of the file is enough');
  assert.equal(refusals([end, authority], known), ['openssl,browser: expired 1'], 'named in --ca-file');
  assert.equal(refusals([end, authority, itself, root], known), ['openssl,browser: expired 3'], 'in both');
});

test('more than ten certificates: Java from 11 on looks at none', () => {
  const copies = (count: number) => Array.from({ length: count }, () => leaf);
  assert.equal(refusals([...own.all, ...copies(6)]), []);
  assert.equal(refusals([...own.all, ...copies(7)]), ['java: too-many 1']);
});

test('a root that clients have ends the path', () => {
  const knows = (...known: Issued[]) => rootsOf('ca-file', read(...known));
  assert.equal(refusals([leaf, cross, lower, upper, root], knows(old)), []);
  assert.equal(refusals([leaf, noCa, lower, upper, root], knows(lower)), []);
  assert.equal(refusals([leaf], knows(lower)), []);
  assert.equal(refusals([leaf, cross, lower, upper], knows(root)), ['openssl,browser: order, no-issuer 2']);
});

for (const skid of [true, false]) {
  test(`another CA of the issuer's name, ${skid ? 'told apart by key identifiers' : 'without key identifiers'}`, () => {
    const ids: IssueOptions = skid ? {} : { skid, akid: false };
    const made = chain({ depth: 2, tag: 'same', leaf: ids, intermediate: ids, root: ids });
    const [end, issuer, anchor] = made.all as [Issued, Issued, Issued];
    const named = { subject: issuer.subject, issuer: anchor, ca: true, ...ids };
    const other = issue({ ...named, key: key('p256', 91) });
    const ofOtherKind = issue({ ...named, key: key('rsa2048', 91) });
    assert.equal(
      refusals([end, other, issuer, anchor]),
      skid ? [] : ['openssl,browser: order, broken-signature 1'],
    );
    assert.equal(refusals([end, issuer, other, anchor]), []);
    assert.equal(refusals([end, ofOtherKind, issuer, anchor]), []);
  });
}

test('whatever the order after the leaf, the best path in front is accepted', () => {
  for (const rest of permutations([lower, upper, cross, noCa])) {
    const file = [leaf, ...rest, root];
    const { path, members } = build(file, { at: NOW });
    const right = [...new Set([...path, ...members])].map(({ index }) => file[index] as Issued);
    assert.equal(refusals(right), []);
  }
});

test('a broken signature and a circle are that, whatever the order', () => {
  const forged = again({ corruptSignature: true });
  assert.equal(refusals([leaf, forged, upper, root]), [`${ALL}: broken-signature 2`]);
  const one = issue({ subject: 'CN=One', ca: true, key: key('p256', 92) });
  const two = issue({ subject: 'CN=Two', ca: true, key: key('p256', 93), issuer: one });
  const oneByTwo = issue({ subject: 'CN=One', ca: true, key: key('p256', 92), issuer: two });
  assert.equal(refusals([issue({ issuer: one }), oneByTwo, two]), []);
});

test('hundreds of copies in front: little time', () => {
  const copies = Array.from({ length: 200 }, () => again({ ca: false }));
  const started = performance.now();
  assert.equal(refusals([leaf, ...copies, lower, upper, root]), [
    'openssl: order, not-a-ca 2',
    'java: too-many 1',
  ]);
  assert.ok(performance.now() - started < 2000);
});

test.run();
