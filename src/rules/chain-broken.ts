import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import type { RawFinding, Rule } from './rule.ts';
import { measured, rfc } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { nameOf, pathOf, publicName } from './shared/words.ts';

export const chainBroken: Rule = {
  id: 'chain-broken',
  severity: 'error',
  stage: 'chain',
  title: 'an issuer by name, but not by signature or key identifier',
  means:
    'A certificate with the name of the issuer is in the file, but the signature does not verify with its key; or it does, and the authority key identifier names another certificate.',
  why: 'Clients refuse the chain: certificate signature failure, or no issuer found. Often a CA was renewed with a new key under its old name, and the file holds the other one.',
  sources: [
    rfc(5280, '6.1.3'),
    rfc(5280, '4.2.1.1'),
    measured('OpenSSL clients find no issuer where the authority key identifier does not fit'),
  ],
  bad: 'cat leaf.crt intermediate-2026.crt root.crt   # issued by intermediate-2024',
  good: 'cat leaf.crt intermediate-2024.crt root.crt',
  fix: 'Get the certificate of the issuer that has the right key.',
  appliesTo: [['crt']],
  check(target) {
    const { chain } = target.material ?? {};
    if (!chain) return [];
    const broken = chain.broken.map(({ certificate, issuers, gaveUp }) => {
      const [issuer] = issuers;
      const who = issuer && issuer !== certificate ? nameOf(issuer) : 'its own key';
      const many = gaveUp ? ' There are more certificates of that name than were tried.' : '';
      return {
        about: 'crt' as const,
        message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} names ${publicName(certificate.issuer)} as its issuer, but its signature does not verify with ${who}.${many} Clients would refuse the connection (certificate signature failure).`,
        help: helpFor(certificate, issuers),
      };
    });
    return [...broken, ...chain.misnamed.map((link) => misnamed(target, link))];
  },
};

function misnamed(target: Target, { certificate, issuer }: Chain['misnamed'][number]): RawFinding {
  const isItself = certificate === issuer;
  const signed = isItself ? 'is self-signed' : `was signed by ${nameOf(issuer)}`;
  return {
    about: 'crt',
    message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} ${signed}, but its authority key identifier names another certificate: ${differenceOf(certificate, issuer)}. OpenSSL clients would find no issuer, and refuse the connection (unable to get local issuer certificate).`,
    help: isItself
      ? 'Have it made anew, with no authority key identifier or with its own; openssl req -x509 does so.'
      : [
          `Get that other certificate of ${publicName(certificate.issuer)} from the CA, and put it in the place of certificate ${issuer.index + 1}. Is there none? Then have certificate ${certificate.index + 1} issued anew.`,
          'The first of these shows what is named, the second what a certificate of that CA has:',
          `  openssl x509 -in FILE_OF_CERTIFICATE_${certificate.index + 1} -noout -ext authorityKeyIdentifier`,
          '  openssl x509 -in FILE_OF_THE_CA -noout -issuer -serial -ext subjectKeyIdentifier',
        ].join('\n'),
  };
}

function differenceOf(certificate: Certificate, issuer: Certificate): string {
  const { authorityKeyId } = certificate;
  const { subjectKeyId } = issuer;
  return authorityKeyId !== null && subjectKeyId !== null && authorityKeyId !== subjectKeyId
    ? `one with the key identifier ${publicName(authorityKeyId)}, and this has ${publicName(subjectKeyId)}`
    : 'one with another serial number or issuer';
}

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
