import type { Rule } from './rule.ts';
import { measured, rfc } from './shared/sources.ts';
import { nameOf, pathOf } from './shared/words.ts';

const WEAK = new Set(['md2', 'md4', 'md5', 'sha1']);

export const certWeakSignature: Rule = {
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
  fix: 'Have the certificate issued anew, signed with SHA-256 or better.',
  appliesTo: [['crt']],
  check(target) {
    return (target.material?.chain?.members ?? [])
      .filter(({ signature, selfIssued }) => WEAK.has(signature.hash ?? '') && !selfIssued)
      .map((certificate) => ({
        about: 'crt',
        message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} is signed with ${certificate.signature.algorithm}, which is broken. On install, OpenSSL would refuse it (ca md too weak), and clients would too.`,
        help: 'Have it issued anew, signed with SHA-256 or better.',
      }));
  },
};
