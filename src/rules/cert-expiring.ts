import { count, DAY, daysBetween } from '../text/amount.ts';
import { rule } from './rule.ts';
import { chain } from './shared/needs.ts';
import { causesOf } from './shared/refusals.ts';
import { rfc } from './shared/sources.ts';
import { day } from './shared/words.ts';

export const certExpiring = rule({
  id: 'cert-expiring',
  severity: 'warning',
  refusedBy: [],
  stage: 'certificate',
  title: 'a certificate expires soon',
  means:
    'The leaf, or a certificate without which there is no path to a root, expires within the days given by --expires-within (30).',
  why: 'After that date, agents and IDE plugins can no longer connect.',
  sources: [rfc(5280, '4.1.2.5')],
  bad: 'notAfter is 10 days away',
  good: 'notAfter is 80 days away',
  fix: 'Have it renewed now, while there is time.',
  needs: chain,
  check({ chain, chainRefusals, leaf, options: { at, expiresWithin }, placeOf }) {
    const limit = new Date(at.getTime() + expiresWithin * DAY);
    if (chain.members.every((each) => each.notAfter >= limit)) return null;
    const needed = new Set(causesOf(chainRefusals(limit), 'expired').map(({ cause }) => cause.certificate));
    return [leaf, ...needed]
      .filter(
        (each, place, all) => each.isValidAt(at) && each.notAfter < limit && all.indexOf(each) === place,
      )
      .map((certificate) => ({
        message: `${placeOf(certificate)} expires on ${day(certificate.notAfter)}, in ${count(daysBetween(at, certificate.notAfter), 'day')}. After that, agents and IDE plugins can no longer connect.`,
        help: 'Have it renewed by the CA that issued it, and use the whole chain that comes with it.',
      }));
  },
});
