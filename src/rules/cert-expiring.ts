import { count, DAY, daysBetween } from '../text/amount.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Rule } from './rule.ts';
import { rfc } from './shared/sources.ts';
import { isValidAt } from './shared/validity.ts';
import { day, nameOf, pathOf } from './shared/words.ts';

export const certExpiring: Rule = {
  id: 'cert-expiring',
  severity: 'warning',
  stage: 'certificate',
  title: 'a certificate expires soon',
  means:
    'The leaf, or a certificate without which no way up is left, expires within the days given by --expires-within (30).',
  why: 'On that day agents and IDE plugins can no longer connect.',
  sources: [rfc(5280, '4.1.2.5')],
  bad: 'notAfter is 10 days away',
  good: 'notAfter is 80 days away',
  fix: 'Have it renewed now, while there is time.',
  appliesTo: [['crt']],
  check(target, { at, expiresWithin }) {
    const { chain } = target.material ?? {};
    if (!chain) return [];
    const limit = new Date(at.getTime() + expiresWithin * DAY);
    const lasts = (certificate: Certificate) => isValidAt(certificate, at) && certificate.notAfter >= limit;
    const isNeeded = (certificate: Certificate) =>
      certificate === chain.leaf || !chain.hasPath((each) => each === chain.leaf || lasts(each));
    return chain.members
      .filter((certificate) => isValidAt(certificate, at) && !lasts(certificate) && isNeeded(certificate))
      .map((certificate) => ({
        about: 'crt',
        message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} expires on ${day(certificate.notAfter)}, in ${count(daysBetween(at, certificate.notAfter), 'day')}. After that, agents and IDE plugins can no longer connect.`,
        help: 'Have it renewed by the CA that issued it, and encode the whole new chain.',
      }));
  },
};
