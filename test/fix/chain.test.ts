import { rootCertificates } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, withRoot } from '../../src/fix/chain.ts';
import { type Certificate, readCertificate } from '../../src/x509/certificate.ts';
import { readPem } from '../../src/x509/pem.ts';
import { isCertificateBlock } from '../../src/x509/pem-label.ts';
import { publicRootOf, publicRoots } from '../../src/x509/roots.ts';
import { chain, issue, key } from '../support/pki.ts';

const { leaf, all, pem } = chain({ depth: 3 });
const ROOTS = publicRoots();

function parsed(text: string): Certificate[] {
  return readPem(Buffer.from(text))
    .blocks.filter(isCertificateBlock)
    .flatMap((block, index) => {
      const read = readCertificate(block, index);
      return read.ok ? [read.certificate] : [];
    });
}

const reversed = [...all].reverse().map((each) => each.pem);

test('the chain of the private key, in order', () => {
  const { pair, top } = assemble(parsed(reversed.join('')), leaf.privateKey, {
    roots: ROOTS,
    at: new Date(),
  });
  assert.is(pair.crt, pem);
  assert.is(top?.kind, 'root');
});

test('a private key of no certificate: all stay in the order given, for the rules to report', () => {
  const { pair, top } = assemble(parsed(reversed.join('')), key('p256', 50), {
    roots: ROOTS,
    at: new Date(),
  });
  assert.is(pair.crt, reversed.join(''));
  assert.is(top, null);
});

test('a missing intermediate: what belongs above it comes last', () => {
  const [first, , third, fourth] = all.map((each) => each.pem);
  const { pair, unrelated } = assemble(parsed(`${fourth}${third}${first}`), leaf.privateKey, {
    roots: ROOTS,
    at: new Date(),
  });
  assert.is(pair.crt, `${first}${third}${fourth}`);
  assert.equal(unrelated, []);
});

test('a root is added to a chain without one', () => {
  const [root] = parsed(all.at(-1)?.pem ?? '');
  const without = assemble(parsed(reversed.slice(1).join('')), leaf.privateKey, {
    roots: ROOTS,
    at: new Date(),
  });
  assert.is(without.top?.kind, 'missing');
  assert.is(withRoot(without, root as Certificate).pair.crt, pem);
});

test('the public root of a certificate is found by name and signature, and no other', () => {
  const [root] = parsed(rootCertificates[0] ?? '') as [Certificate];
  assert.is(publicRootOf(root)?.fingerprintSha256, root.fingerprintSha256);
  const [stranger] = parsed(issue({ subject: 'CN=x', issuerName: 'CN=ISRG Root X1' }).pem);
  for (const certificate of [stranger, ...parsed(pem)]) {
    assert.is(publicRootOf(certificate as Certificate), null);
  }
});

test.run();
