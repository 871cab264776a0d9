import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../../src/errors.ts';
import { Budget } from '../../../src/x509/budget.ts';
import type { Certificate } from '../../../src/x509/certificate.ts';
import { buildChain, type Chain } from '../../../src/x509/chain/chain.ts';
import { findIssuers, signatureChecks } from '../../../src/x509/chain/issuers.ts';
import { build, NO_ROOTS, places } from '../../support/chain.ts';
import { chain, type Issued, issue, key } from '../../support/pki.ts';
import { read } from '../../support/read.ts';

const ordinary = chain({ depth: 3 });
const [leaf, lower, upper, root] = ordinary.all as [Issued, Issued, Issued, Issued];
test('a broken signature: the chain goes on by name', () => {
  const damaged = issue({
    subject: 'CN=Damaged,O=Test',
    issuer: root,
    ca: true,
    key: key('p256', 90),
    corruptSignature: true,
  });
  const end = issue({ issuer: damaged });
  const found = build([end, damaged, root]);
  assert.equal(places(found.path, [end, damaged, root]), [0, 1, 2]);
  assert.equal(found.roles, ['leaf', 'intermediate', 'root']);
  assert.ok(found.top.kind === 'broken' && found.top.certificate === found.path[1]);
  assert.is(found.broken.length, 1);
  assert.is(found.broken[0]?.certificate, found.path[1]);
  assert.equal(found.broken[0]?.issuers, [found.path[2]]);
  assert.is(found.isInOrder, true);
  assert.is(build([end, root, damaged]).isInOrder, false);
});

test('an issuer of the right name and the wrong key is a broken link', () => {
  const impostor = issue({ subject: lower.subject, issuer: upper, ca: true, key: key('p256', 91) });
  const found = build([leaf, impostor, upper, root]);
  assert.is(found.top.kind, 'broken');
  assert.equal(places(found.path, [leaf, impostor, upper, root]), [0, 1, 2, 3]);
  assert.equal(found.unrelated, []);
});

test('a self-issued certificate whose own signature does not verify is broken', () => {
  const bad = issue({ subject: 'CN=Bad', ca: true, key: key('p256', 92), corruptSignature: true });
  const found = build([issue({ issuer: bad }), bad]);
  assert.ok(found.top.kind === 'broken' && found.top.certificate === found.path[1]);
  assert.equal(found.roles, ['leaf', 'root']);
  const alone = build([issue({ corruptSignature: true })]);
  assert.is(alone.top.kind, 'broken');
  assert.is(alone.broken.length, 1);
});

test('a broken copy takes nothing away where a whole path exists', () => {
  const newRoot = issue({ subject: 'CN=New Root,O=Test', ca: true, key: key('p256', 50) });
  const oldRoot = issue({ subject: 'CN=Old Root,O=Test', ca: true, key: key('p256', 51) });
  const spare = issue({
    subject: 'CN=New Root,O=Test',
    ca: true,
    key: key('p256', 50),
    issuer: oldRoot,
    corruptSignature: true,
  });
  const issuing = issue({ subject: 'CN=Issuing,O=Test', ca: true, key: key('p256', 52), issuer: newRoot });
  const server = issue({ issuer: issuing });
  const found = build([server, issuing, newRoot, spare, oldRoot]);
  assert.is(found.top.kind, 'root');
  assert.equal(found.broken, []);
  assert.equal(found.unrelated, []);
});

const timed = (certificates: readonly Certificate[]): { found: Chain; took: number } => {
  const started = performance.now();
  const found = buildChain(certificates, null, { roots: NO_ROOTS, at: new Date() });
  return { found, took: performance.now() - started };
};

test('a chain of a thousand: linear', () => {
  const pool = [key('p256', 0), key('p256', 1), key('p256', 2), key('p256', 3)];
  const long = (count: number): Issued[] => {
    let issuer: Issued | undefined;
    const all: Issued[] = [];
    for (let level = count - 1; level >= 0; level -= 1) {
      const made = issue({
        subject: `CN=Level ${level}`,
        key: pool[level % pool.length] as (typeof pool)[number],
        ca: level > 0,
        ...(issuer ? { issuer } : {}),
      });
      all.unshift(made);
      issuer = made;
    }
    return all;
  };
  const certificates = read(...long(1000));
  const half = timed(certificates.slice(500)).took;
  const { found, took } = timed(certificates);
  assert.is(found.path.length, 1000);
  assert.is(found.isInOrder, true);
  assert.ok(took < 5000, `${took} ms`);
  assert.ok(took < 4 * half + 100, `${half} ms for 500, ${took} ms for 1000`);
});

test('hundreds of CAs of one name with different keys: too costly, but found by a key identifier', () => {
  const same = Array.from({ length: 300 }, (_, at) =>
    issue({ subject: 'CN=Same', key: key('p256', 1000 + at), ca: true }),
  );
  const issuer = same.at(-1) as Issued;
  const certificates = read(...same, issue({ issuer, akid: false }), issue({ issuer }));
  const started = performance.now();
  assert.throws(
    () => timed(certificates.toSpliced(-1)),
    (error: unknown) => error instanceof LintError,
  );
  assert.ok(performance.now() - started < 5000);
  const named = timed(certificates.toSpliced(-2, 1)).found;
  assert.equal([named.top.kind, named.path[1]?.index], ['root', 299]);
});

test('keys of one name that are tried for one signature: 8, and no more', () => {
  const same = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      issue({ subject: 'CN=Same', key: key('p256', 1100 + at), ca: true, skid: false }),
    );
  const file = (count: number) => {
    const cas = same(count);
    return [issue({ issuer: cas.at(-1) as Issued, akid: false }), ...cas];
  };
  assert.is(build(file(8)).path.length, 2);
  assert.throws(
    () => build(file(9)),
    (error: unknown) => error instanceof LintError,
  );
});

test('a self-signed certificate is its own issuer, and a copy of its key issues too', () => {
  const cross = issue({
    subject: root.subject,
    key: root.privateKey,
    ca: true,
    issuer: issue({ subject: 'CN=X', ca: true }),
  });
  const { inFile, certificates } = build([leaf, lower, upper, root, cross]);
  const [, , top, self, copy] = certificates as [
    Certificate,
    Certificate,
    Certificate,
    Certificate,
    Certificate,
  ];
  assert.equal(inFile.issuers.of(top), [self, copy]);
  assert.is(inFile.issuers.isSelfSigned(self), true);
  assert.is(inFile.issuers.isSelfSigned(copy), false);
  assert.equal(inFile.issuers.of(copy), []);
  assert.equal(inFile.issuers.namedBy(top), [self, copy]);
});

test('a signature costs more by a larger key: 1,000 a certificate are free, the budget pays for the rest', () => {
  for (const [kind, cost] of [
    ['p256', 300],
    ['p384', 1012.5],
    ['ed25519', 300],
    ['rsa2048', 148],
  ] as const) {
    const issuer = issue({ subject: 'CN=CA', key: key(kind, 3), ca: true });
    const certificates = read(issue({ issuer }), issuer);
    for (const count of [0, 1]) {
      const least = Math.max(0, cost - 1_000 * count);
      const isPaid = (units: number) => {
        const isSignedBy = signatureChecks(count, new Budget(units));
        const { of } = findIssuers(certificates, null, isSignedBy);
        try {
          return of(certificates[0] as Certificate).length === 1;
        } catch (error) {
          assert.instance(error, LintError);
          return false;
        }
      };
      const units = least === 0 ? 0 : cost;
      assert.ok(isPaid(units), `${kind} ${count}`);
      if (units > 0) assert.not(isPaid(units - 0.5), `${kind} ${count}`);
    }
  }
});

test.run();
