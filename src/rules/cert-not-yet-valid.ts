import type { Rule } from './rule.ts';
import { rfc } from './shared/sources.ts';
import { consequence, severityOf } from './shared/validity.ts';
import { day, nameOf, pathOf } from './shared/words.ts';

export const certNotYetValid: Rule = {
  id: 'cert-not-yet-valid',
  severity: 'error',
  stage: 'certificate',
  title: 'a certificate is not valid yet',
  means: 'The time of the check is before the begin of validity; errors and warnings as for cert-expired.',
  why: 'Clients refuse the connection until then.',
  sources: [rfc(5280, '4.1.2.5')],
  bad: 'notBefore=Jan  1 00:00:00 2040 GMT',
  good: 'notBefore=Jan  1 00:00:00 2026 GMT',
  fix: 'Wait, or have it issued with an earlier begin; and look at the clock of this machine.',
  appliesTo: [['crt']],
  check(target, { at }) {
    const { chain } = target.material ?? {};
    if (!chain) return [];
    return chain.members
      .filter(({ notBefore }) => at < notBefore)
      .map((certificate) => {
        const severity = severityOf(certificate, chain, at);
        return {
          about: 'crt',
          severity,
          message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} is valid only from ${certificate.notBefore.toISOString()}; judged was ${at.toISOString()}. ${consequence(severity)}`,
          help: `Install it after ${day(certificate.notBefore)}, or have it issued anew. If that date is past, set the clock of this machine right.`,
        };
      });
  },
};
