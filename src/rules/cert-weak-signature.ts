import type { ChainRefusal } from '../clients/clients.ts';
import type { Consumer } from '../clients/refusal.ts';
import type { Certificate } from '../x509/certificate.ts';
import { rule } from './rule.ts';
import { findingsFor } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { causesOf, consumersOf } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';

const WEAK = new Set(['md2', 'md4', 'md5', 'sha1']);

export const certWeakSignature = rule({
  id: 'cert-weak-signature',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'java', 'browser'],
  stage: 'certificate',
  title: 'a certificate is signed with an algorithm that clients refuse',
  means:
    "A certificate of the chain is signed with MD5 or SHA-1, or with an algorithm that a client refuses, such as RSA with SHA-3. A self-signed certificate's own signature does not count, since nobody relies on it.",
  why: 'OpenSSL refuses to load it (ca md too weak), and clients refuse the connection.',
  sources: [
    rfc(9155, '2'),
    measured(
      'OpenSSL 3.0 does not load a certificate with a SHA-1 signature, whether it has a part in the chain or not; 3.5 does, and its clients refuse the connection',
    ),
  ],
  bad: 'Signature Algorithm: sha1WithRSAEncryption',
  good: 'Signature Algorithm: sha256WithRSAEncryption',
  fix: 'Have the certificate reissued, signed with SHA-256 or better.',
  needs: chain,
  followsUse: true,
  check: ({ chain, chainRefusals, placeOf }) => [
    // One that has no part in the chain is loaded all the same.
    ...chain.certificates.filter(isWeak).map((certificate) => ({
      refusedBy: refusedFor(certificate, chainRefusals()),
      message: `${placeOf(certificate)} is signed with ${certificate.signatureAlgorithm.algorithm}, which is broken. On install, OpenSSL would refuse it (ca md too weak), and so would clients.`,
      help: 'Have it reissued, signed with SHA-256 or better.',
    })),
    ...findingsFor(
      causesOf(chainRefusals(), 'signature').filter(({ cause }) => !isWeak(cause.certificate)),
      ({ certificate }, who) => ({
        message: `${placeOf(certificate)} is signed with ${certificate.signatureAlgorithm.algorithm}. On install, everything would start, and then ${who} would refuse the connection.`,
        help: 'Have it reissued, signed with SHA-256, SHA-384 or SHA-512.',
      }),
    ),
  ],
});

/** A self-signed certificate's own signature does not count. */
function isWeak({ signatureAlgorithm, selfIssued }: Certificate): boolean {
  return WEAK.has(signatureAlgorithm.hash ?? '') && !selfIssued;
}

/** OpenSSL loads none of them; clients follow where they need this certificate. */
function refusedFor(certificate: Certificate, refusals: readonly ChainRefusal[]): readonly Consumer[] {
  const own = causesOf(refusals, 'signature').filter(({ cause }) => cause.certificate === certificate);
  return [...new Set<Consumer>(['openssl', 'nginx', ...own.flatMap(({ by }) => consumersOf(by))])];
}
