import type { Certificate } from '../material/certificate.ts';
import type { KeyUsage } from '../material/extensions.ts';
import { isServerMissing } from './key-mismatch.ts';
import type { Rule } from './rule.ts';
import { measured, rfc } from './sources.ts';
import { list, nameOf, pathOf } from './words.ts';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const SERVING: readonly KeyUsage[] = ['digitalSignature', 'keyAgreement', 'keyEncipherment'];

const PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'any purpose (anyExtendedKeyUsage)',
  '1.3.6.1.5.5.7.3.2': 'client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail protection',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
};

export const certNotForServers: Rule = {
  id: 'cert-not-for-servers',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate that may not be used by a server',
  means:
    'The extended key usage of the leaf or an intermediate lacks server authentication (any purpose does not do), or the key usage of the leaf allows neither signature, nor key agreement, nor encipherment.',
  why: 'Everything starts, and clients refuse the certificate: unsupported certificate purpose.',
  sources: [
    rfc(5280, '4.2.1.12'),
    rfc(5280, '4.2.1.3'),
    measured('OpenSSL clients refuse anyExtendedKeyUsage without serverAuth'),
  ],
  bad: 'extendedKeyUsage = clientAuth',
  good: 'extendedKeyUsage = serverAuth',
  mend: 'Have the certificate issued anew for a server (TLS web server authentication).',
  judges: [['crt']],
  check(target) {
    if (isServerMissing(target)) return [];
    const { chain } = target.material ?? {};
    if (!chain) return [];
    return chain.members
      .filter(
        (certificate) => certificate === chain.leaf || chain.roles[certificate.index] === 'intermediate',
      )
      .flatMap((certificate) => {
        const reason = fault(certificate, certificate === chain.leaf);
        return reason === null ? [] : [{ certificate, reason }];
      })
      .map(({ certificate, reason }) => ({
        about: 'crt',
        message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} may not be used by a server: ${reason}. On install, everything would start, and clients would refuse the certificate (unsupported certificate purpose).`,
        help: 'Have it issued anew for a server; the request or the profile of the CA must say:\n  extendedKeyUsage = serverAuth\n  keyUsage = critical, digitalSignature, keyEncipherment',
      }));
  },
};

function fault({ extendedKeyUsage, keyUsage }: Certificate, isLeaf: boolean): string | null {
  if (extendedKeyUsage && !extendedKeyUsage.includes(SERVER_AUTH)) {
    const purposes = list(extendedKeyUsage.map((oid) => PURPOSES[oid] ?? oid));
    return `its extended key usage allows ${purposes || 'nothing'}, but not server authentication`;
  }
  if (isLeaf && keyUsage && !SERVING.some((usage) => keyUsage.includes(usage))) {
    return `its key usage allows ${list(keyUsage) || 'nothing'}, but neither digitalSignature nor keyAgreement nor keyEncipherment`;
  }
  return null;
}
