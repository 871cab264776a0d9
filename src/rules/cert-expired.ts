import { count, daysBetween } from '../text/amount.ts';
import type { Rule } from './rule.ts';
import { measured, rfc } from './shared/sources.ts';
import { consequence, severityOf } from './shared/validity.ts';
import { day, nameOf, pathOf } from './shared/words.ts';

export const certExpired: Rule = {
  id: 'cert-expired',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate has expired',
  means:
    'The time of the check is after the end of validity. An error on every way from the leaf up; a warning on a certificate that is not needed, because another valid way is in the file or ends at a public root or one of --ca-file.',
  why: 'Clients refuse the connection.',
  sources: [
    rfc(5280, '4.1.2.5'),
    measured('nginx and OpenSSL load an expired certificate without a word; clients refuse it'),
  ],
  bad: 'notAfter=Jan  1 00:00:00 2020 GMT',
  good: 'notAfter=Jan  1 00:00:00 2030 GMT',
  fix: 'Have the certificate renewed, and take over the chain that comes with it.',
  appliesTo: [['crt']],
  check(target, { at }) {
    const { chain } = target.material ?? {};
    if (!chain) return [];
    return chain.members
      .filter(({ notAfter }) => notAfter < at)
      .map((certificate) => {
        const severity = severityOf(certificate, chain, at);
        const ago = count(daysBetween(certificate.notAfter, at), 'day');
        return {
          about: 'crt',
          severity,
          message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} expired on ${day(certificate.notAfter)}, ${ago} before ${day(at)}. ${consequence(severity)}`,
          help:
            severity === 'error'
              ? 'Have it renewed by the CA that issued it, and encode the whole new chain.'
              : 'Take this certificate out of the file, and encode the rest anew.',
        };
      });
  },
};
