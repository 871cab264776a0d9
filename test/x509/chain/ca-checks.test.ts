import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { build } from '../../support/chain.ts';
import { chain, type Issued, issue, key } from '../../support/pki.ts';

const { root } = chain();

test('who may not issue, and why', () => {
  const reasons = (file: Issued[]) =>
    build(file).notCa.map(({ certificate, issued, reason }) => [certificate.index, issued.index, reason]);
  const under = (options: Parameters<typeof issue>[0]) => {
    const top = issue({ subject: 'CN=Top', key: key('p256', 95), ca: true, ...options });
    return [issue({ issuer: top }), top];
  };
  assert.equal(reasons(under({})), []);
  assert.equal(reasons(under({ ca: false })), [[1, 0, { kind: 'ca-false' }]]);
  assert.equal(reasons(under({ ca: null })), [[1, 0, { kind: 'no-basic-constraints' }]]);
  assert.equal(reasons(under({ version: 1 })), []);
  assert.equal(reasons(under({ keyUsage: ['cRLSign'] })), [[1, 0, { kind: 'key-usage' }]]);
  assert.equal(reasons(under({ keyUsage: null })), []);
  const old = issue({ subject: 'CN=Old', key: key('p256', 96), issuer: root, version: 1 });
  assert.equal(
    reasons([issue({ issuer: old }), old, root]),
    [[1, 0, { kind: 'no-basic-constraints' }]],
    'version 1 and not self-signed',
  );
});

test('the path length counts intermediates that are not self-issued', () => {
  const deep = (pathLength: number) => {
    const { all } = chain({ depth: 4, tag: 'deep', root: { pathLength } });
    return build(all).notCa.map(({ certificate, reason }) => [certificate.index, reason]);
  };
  assert.equal(deep(3), []);
  assert.equal(deep(2), [[4, { kind: 'path-length', allowed: 2, actual: 3 }]]);
  assert.equal(deep(0), [[4, { kind: 'path-length', allowed: 0, actual: 3 }]]);
  assert.equal(build(chain({ depth: 2, intermediate: { pathLength: 0 } }).all).notCa, []);
  const older = issue({ subject: 'CN=CA', ca: true, key: key('p256', 60), pathLength: 0 });
  const newWithOld = issue({ subject: 'CN=CA', ca: true, key: key('p256', 61), issuer: older });
  assert.equal(build([issue({ issuer: newWithOld }), newWithOld, older]).notCa, []);
});

test.run();
