import { rule } from './rule.ts';
import { findingsFor } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { type CauseOf, causesOf } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';
import { list, nameOf } from './shared/words.ts';

/** OIDs that people may meet, by name. */
const NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.4.1.11129.2.4.3': 'the poison of a precertificate, which no server may use',
  '1.3.6.1.5.5.7.1.14': 'proxyCertInfo',
};

export const certCriticalExtension = rule({
  id: 'cert-critical-extension',
  severity: 'error',
  refusedBy: ['openssl', 'java', 'browser'],
  stage: 'certificate',
  title: 'a critical extension or name constraint makes clients refuse',
  means:
    'A certificate of the chain has a critical extension that TLS clients do not know, or a CA has name constraints that exclude a name of a certificate below it (DNS, IP, directory, e-mail, URI), or too many to compare, or it requires a policy that the chain does not have.',
  why: 'A client must refuse a critical extension that it does not know, and a name that a CA above may not issue.',
  sources: [
    rfc(5280, '4.2'),
    rfc(5280, '4.2.1.10'),
    rfc(5280, '4.2.1.11'),
    measured('Java refuses a path whose required policy is missing; OpenSSL does not ask'),
  ],
  bad: '1.2.3.4 = critical, DER:0500',
  good: '1.2.3.4 = DER:0500',
  fix: 'Have the certificate reissued without the extension, or by a CA that may issue for this name.',
  needs: chain,
  followsUse: true,
  check: ({ chainRefusals, placeOf }) =>
    findingsFor(
      causesOf(chainRefusals(), 'critical-extension', 'excluded-names', 'too-many-names', 'no-policy'),
      (cause, who) => {
        const { what, help } = reason(cause);
        return {
          message: `${placeOf(cause.certificate)} ${what}. On install, everything would start, and then ${who} would refuse the connection.`,
          help,
        };
      },
    ),
});

function reason(
  cause: CauseOf<'critical-extension' | 'excluded-names' | 'too-many-names' | 'no-policy'>['cause'],
): {
  what: string;
  help: string;
} {
  switch (cause.kind) {
    case 'critical-extension':
      return {
        what: `has a critical extension that TLS clients do not know: ${list(cause.oids.map((oid) => NAMES[oid] ?? oid))}`,
        help: 'Have it reissued without that extension, or with the extension not critical.',
      };
    case 'excluded-names':
      return {
        what: `may not issue for ${list(cause.names)}: its name constraints exclude a name of ${nameOf(cause.below)}`,
        help: 'Have that certificate reissued for names that this CA may issue, or by another CA.',
      };
    case 'too-many-names':
      return {
        what: `has more name constraints than clients compare with the names of ${nameOf(cause.below)}`,
        help: 'Have that certificate reissued with fewer names, or by another CA.',
      };
    default:
      return {
        what: 'requires an explicit certificate policy, and the chain has none that it accepts',
        help: 'Have the chain reissued with the certificate policies that this CA requires, or by another CA.',
      };
  }
}
