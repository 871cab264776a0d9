import type { Certificate } from '../material/certificate.ts';
import type { Rule } from './rule.ts';
import { rfc } from './sources.ts';
import { nameOf, pathOf, publicName } from './words.ts';

export const chainBroken: Rule = {
  id: 'chain-broken',
  severity: 'error',
  stage: 'chain',
  title: 'an issuer by name, but not by signature',
  means:
    'A certificate with the name of the issuer is in the file, but the signature does not verify with its key.',
  why: 'Clients refuse the chain: certificate signature failure. Often a CA was renewed with a new key under its old name, and the file holds the other one.',
  sources: [rfc(5280, '6.1.3')],
  bad: 'cat leaf.crt intermediate-2026.crt root.crt   # issued by intermediate-2024',
  good: 'cat leaf.crt intermediate-2024.crt root.crt',
  mend: 'Get the certificate of the issuer that has the right key.',
  judges: [['crt']],
  check(target) {
    return (target.material?.chain?.broken ?? []).map(({ certificate, issuers, gaveUp }) => {
      const [issuer] = issuers;
      const who = issuer && issuer !== certificate ? nameOf(issuer) : 'its own key';
      const many = gaveUp ? ' There are more certificates of that name than were tried.' : '';
      return {
        about: 'crt' as const,
        message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} names ${publicName(certificate.issuer)} as its issuer, but its signature does not verify with ${who}.${many} Clients would refuse the connection (certificate signature failure).`,
        help: helpFor(certificate, issuers),
      };
    });
  },
};

function helpFor(certificate: Certificate, issuers: readonly Certificate[]): string {
  const isThatKey = issuers.some(
    ({ subjectKeyId }) => subjectKeyId !== null && subjectKeyId === certificate.authorityKeyId,
  );
  if (certificate.selfIssued || isThatKey) {
    return `Certificate ${certificate.index + 1} was changed after it was signed. Take it from where it came once more, and encode the chain anew.`;
  }
  return [
    'The issuer probably has several certificates of that name. Get the one whose key signed this certificate: its subject key identifier is what this shows as authority key identifier.',
    '  openssl x509 -in FILE_OF_THAT_CERTIFICATE -noout -ext authorityKeyIdentifier',
  ].join('\n');
}
