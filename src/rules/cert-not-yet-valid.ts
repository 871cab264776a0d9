import { rule } from './rule.ts';
import { validityFindings } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { rfc } from './shared/sources.ts';
import { day } from './shared/words.ts';

export const certNotYetValid = rule({
  id: 'cert-not-yet-valid',
  severity: 'error',
  refusedBy: ['openssl', 'java', 'browser'],
  stage: 'certificate',
  title: 'a certificate is not valid yet',
  means: 'The time of the check is before notBefore; an error or a warning as for cert-expired.',
  why: 'Clients refuse the connection until then.',
  sources: [rfc(5280, '4.1.2.5')],
  bad: 'notBefore=Jan  1 00:00:00 2040 GMT',
  good: 'notBefore=Jan  1 00:00:00 2026 GMT',
  fix: 'Wait, or have it reissued with an earlier notBefore; also check the clock of this machine.',
  needs: chain,
  check(facts) {
    const { at } = facts.options;
    return validityFindings('not-yet-valid', facts, (certificate) => {
      const help = `Install it after ${day(certificate.notBefore)}, or have it reissued. If that date is past, correct the clock of this machine.`;
      return {
        what: `${facts.placeOf(certificate)} is not valid before ${certificate.notBefore.toISOString()}; it was checked for ${at.toISOString()}.`,
        renew: help,
        remove: help,
      };
    });
  },
});
