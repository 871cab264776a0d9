import { count, daysBetween } from '../text/amount.ts';
import { rule } from './rule.ts';
import { validityConsequence, validitySeverity } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';
import { day, nameOf } from './shared/words.ts';

export const certExpired = rule({
  id: 'cert-expired',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate has expired',
  means:
    'The time of the check is after notAfter. An error for the leaf, and where no other path to a root is valid; a warning for a certificate that is not needed, because another valid path is in the file or ends at a public root or one of --ca-file.',
  why: 'Clients refuse the connection.',
  sources: [
    rfc(5280, '4.1.2.5'),
    measured('nginx and OpenSSL load an expired certificate silently; clients refuse it'),
  ],
  bad: 'notAfter=Jan  1 00:00:00 2020 GMT',
  good: 'notAfter=Jan  1 00:00:00 2030 GMT',
  fix: 'Have the certificate renewed, and use the chain that comes with it.',
  needs: chain,
  check({ chain, options: { at }, path }) {
    return chain.members
      .filter(({ notAfter }) => notAfter < at)
      .map((certificate) => {
        const severity = validitySeverity(certificate, chain, at);
        const ago = count(daysBetween(certificate.notAfter, at), 'day');
        return {
          severity,
          message: `In ${path('crt')}, ${nameOf(certificate)} expired on ${day(certificate.notAfter)}, ${ago} before ${day(at)}. ${validityConsequence(severity)}`,
          help:
            severity === 'error'
              ? 'Have it renewed by the CA that issued it, and encode the whole new chain.'
              : 'Remove this certificate from the file, and encode the rest again.',
        };
      });
  },
});
