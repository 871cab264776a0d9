import type { Certificate } from '../x509/certificate.ts';
import { excludedNames } from '../x509/name-constraints.ts';
import type { Rule } from './rule.ts';
import { rfc } from './shared/sources.ts';
import { list, nameOf, pathOf } from './shared/words.ts';

/** OIDs that people may meet, by name. */
const NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.4.1.11129.2.4.3': 'the poison of a precertificate, which must never be used by a server',
  '1.3.6.1.5.5.7.1.14': 'proxyCertInfo',
};

export const certCriticalExtension: Rule = {
  id: 'cert-critical-extension',
  severity: 'error',
  stage: 'certificate',
  title: 'a critical extension or name constraint makes clients refuse',
  means:
    'A certificate of the chain has a critical extension that TLS clients do not know, or a CA above the leaf has name constraints that exclude one of its names.',
  why: 'A client must refuse what is marked critical and what it does not know, and a name that a CA above may not issue.',
  sources: [rfc(5280, '4.2'), rfc(5280, '4.2.1.10')],
  bad: '1.2.3.4 = critical, DER:0500',
  good: '1.2.3.4 = DER:0500',
  fix: 'Have the certificate issued anew without the extension, or by a CA that may issue for this name.',
  appliesTo: [['crt']],
  check(target) {
    const { chain } = target.material ?? {};
    if (!chain) return [];
    const isAvoidable = chain.hasPath((each) => each === chain.leaf || isAcceptable(each, chain.leaf));
    return chain.members.flatMap((certificate) => {
      const reason = fault(certificate, chain.leaf);
      if (reason === null || (isAvoidable && certificate !== chain.leaf)) return [];
      return [
        {
          about: 'crt' as const,
          message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} ${reason.what}. On install, everything would start, and clients would refuse the connection.`,
          help: reason.help,
        },
      ];
    });
  },
};

/** Whether nothing critical in it makes clients refuse it, or it and the leaf. */
export function isAcceptable(certificate: Certificate, leaf: Certificate): boolean {
  return fault(certificate, leaf) === null;
}

function fault(certificate: Certificate, leaf: Certificate): { what: string; help: string } | null {
  const [first] = certificate.unknownCritical;
  if (first !== undefined) {
    const names = certificate.unknownCritical.map((oid) => NAMES[oid] ?? oid);
    return {
      what: `has a critical extension that TLS clients do not know: ${list(names)}`,
      help: 'Have it issued anew without that extension, or with it marked as not critical.',
    };
  }
  if (certificate === leaf || certificate.nameConstraints === null) return null;
  const excluded = excludedNames(certificate.nameConstraints, leaf);
  if (excluded.length === 0) return null;
  return {
    what: `may not issue for ${list(excluded)}: its name constraints exclude that, and the leaf bears it`,
    help: 'Have the leaf issued for names that this CA may issue, or by another CA.',
  };
}
