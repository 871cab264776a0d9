import { rule } from './rule.ts';
import { chain } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';
import { nameOf } from './shared/words.ts';

const WEAK = new Set(['md2', 'md4', 'md5', 'sha1']);

export const certWeakSignature = rule({
  id: 'cert-weak-signature',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate is signed with MD5 or SHA-1',
  means:
    "A certificate of the chain is signed with MD5 or SHA-1. A self-signed certificate's own signature does not count, since nobody relies on it.",
  why: 'OpenSSL refuses to load it (ca md too weak), and clients refuse the connection.',
  sources: [rfc(9155, '2'), measured('OpenSSL 3 refuses SHA-1 signatures at its default security level')],
  bad: 'Signature Algorithm: sha1WithRSAEncryption',
  good: 'Signature Algorithm: sha256WithRSAEncryption',
  fix: 'Have the certificate reissued, signed with SHA-256 or better.',
  needs: chain,
  check: ({ chain, path }) =>
    chain.members
      .filter(({ signature, selfIssued }) => WEAK.has(signature.hash ?? '') && !selfIssued)
      .map((certificate) => ({
        message: `In ${path('crt')}, ${nameOf(certificate)} is signed with ${certificate.signature.algorithm}, which is broken. On install, OpenSSL would refuse it (ca md too weak), and so would clients.`,
        help: 'Have it reissued, signed with SHA-256 or better.',
      })),
});
