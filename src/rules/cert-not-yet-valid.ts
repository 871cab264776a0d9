import { rule } from './rule.ts';
import { validityConsequence, validitySeverity } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { rfc } from './shared/sources.ts';
import { day, nameOf } from './shared/words.ts';

export const certNotYetValid = rule({
  id: 'cert-not-yet-valid',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate is not valid yet',
  means: 'The time of the check is before notBefore; an error or a warning as for cert-expired.',
  why: 'Clients refuse the connection until then.',
  sources: [rfc(5280, '4.1.2.5')],
  bad: 'notBefore=Jan  1 00:00:00 2040 GMT',
  good: 'notBefore=Jan  1 00:00:00 2026 GMT',
  fix: 'Wait, or have it reissued with an earlier notBefore; also check the clock of this machine.',
  needs: chain,
  check({ chain, options: { at }, path }) {
    return chain.members
      .filter(({ notBefore }) => at < notBefore)
      .map((certificate) => {
        const severity = validitySeverity(certificate, chain, at);
        return {
          severity,
          message: `In ${path('crt')}, ${nameOf(certificate)} is not valid before ${certificate.notBefore.toISOString()}; it was checked for ${at.toISOString()}. ${validityConsequence(severity)}`,
          help: `Install it after ${day(certificate.notBefore)}, or have it reissued. If that date is past, correct the clock of this machine.`,
        };
      });
  },
});
