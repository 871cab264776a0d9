import type { Certificate } from '../x509/certificate.ts';
import { excludedNames } from '../x509/name-constraints.ts';
import { rule } from './rule.ts';
import { isAcceptable } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { rfc } from './shared/sources.ts';
import { list, nameOf } from './shared/words.ts';

/** OIDs that people may meet, by name. */
const NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.4.1.11129.2.4.3': 'the poison of a precertificate, which no server may use',
  '1.3.6.1.5.5.7.1.14': 'proxyCertInfo',
};

export const certCriticalExtension = rule({
  id: 'cert-critical-extension',
  severity: 'error',
  stage: 'certificate',
  title: 'a critical extension or name constraint makes clients refuse',
  means:
    'A certificate of the chain has a critical extension that TLS clients do not know, or a CA above the leaf has name constraints that exclude one of its names.',
  why: 'A client must refuse a critical extension that it does not know, and a name that a CA above may not issue.',
  sources: [rfc(5280, '4.2'), rfc(5280, '4.2.1.10')],
  bad: '1.2.3.4 = critical, DER:0500',
  good: '1.2.3.4 = DER:0500',
  fix: 'Have the certificate reissued without the extension, or by a CA that may issue for this name.',
  needs: chain,
  check({ chain, leaf, path }) {
    const refused = chain.members.filter((each) => !isAcceptable(each, leaf));
    const isAvoidable =
      refused.length > 0 && chain.hasPath((each) => each === leaf || isAcceptable(each, leaf));
    return refused
      .filter((certificate) => certificate === leaf || !isAvoidable)
      .map((certificate) => {
        const { what, help } = reason(certificate, leaf);
        return {
          message: `In ${path('crt')}, ${nameOf(certificate)} ${what}. On install, everything would start, and clients would refuse the connection.`,
          help,
        };
      });
  },
});

function reason(certificate: Certificate, leaf: Certificate): { what: string; help: string } {
  const { unknownCritical, nameConstraints } = certificate;
  if (unknownCritical.length > 0) {
    const names = unknownCritical.map((oid) => NAMES[oid] ?? oid);
    return {
      what: `has a critical extension that TLS clients do not know: ${list(names)}`,
      help: 'Have it reissued without that extension, or with the extension not critical.',
    };
  }
  const excluded = nameConstraints === null ? [] : excludedNames(nameConstraints, leaf);
  return {
    what: `may not issue for ${list(excluded)}: its name constraints exclude a name of the leaf`,
    help: 'Have the leaf reissued for names that this CA may issue, or by another CA.',
  };
}
