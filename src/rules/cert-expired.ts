import { count, daysBetween } from '../text/amount.ts';
import { rule } from './rule.ts';
import { validityFindings } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { measured, rfc } from './shared/sources.ts';
import { day } from './shared/words.ts';

export const certExpired = rule({
  id: 'cert-expired',
  severity: 'error',
  refusedBy: ['openssl', 'java', 'browser'],
  stage: 'certificate',
  title: 'a certificate has expired',
  means:
    'The time of the check is after notAfter. An error where that takes a client its only path to a root, known roots included; a warning for a certificate that is not needed.',
  why: 'Clients refuse the connection.',
  sources: [
    rfc(5280, '4.1.2.5'),
    measured('nginx and OpenSSL load an expired certificate silently; clients refuse it'),
  ],
  bad: 'notAfter=Jan  1 00:00:00 2020 GMT',
  good: 'notAfter=Jan  1 00:00:00 2030 GMT',
  fix: 'Have the certificate renewed, and use the chain that comes with it.',
  needs: chain,
  check(facts) {
    const { at } = facts.options;
    return validityFindings('expired', facts, (certificate) => ({
      what: `${facts.placeOf(certificate)} expired on ${day(certificate.notAfter)}, ${count(daysBetween(certificate.notAfter, at), 'day')} before ${day(at)}.`,
      renew: 'Have it renewed by the CA that issued it, and use the whole chain that comes with it.',
      remove: 'Remove this certificate from the file.',
    }));
  },
});
