import { count, DAY } from '../text/amount.ts';
import { rule } from './rule.ts';
import { serverChain } from './shared/needs.ts';

/** Apple counts both ends (RFC 5280 section 4.1.2.5), so to the second. */
const MAX_DAYS = 825;
const SECOND = 1000;
const SINCE = Date.UTC(2019, 6, 1);

export const certValidityLong = rule({
  id: 'cert-validity-long',
  severity: 'warning',
  refusedBy: ['browser'],
  stage: 'certificate',
  title: 'the leaf is valid for longer than Apple accepts',
  means: `The leaf was issued on or after 2019-07-01, and is valid for more than ${MAX_DAYS} days.`,
  why: 'Clients on macOS, iOS and iPadOS refuse it, also where a private CA issued it.',
  sources: ['Apple Support, HT210176: requirements for trusted certificates'],
  bad: 'openssl req -x509 -days 3650 …',
  good: 'openssl req -x509 -days 365 …',
  fix: `Have it reissued for at most ${MAX_DAYS} days.`,
  needs: serverChain,
  check({ leaf: { notBefore, notAfter }, path }) {
    const validity = notAfter.getTime() - notBefore.getTime() + SECOND;
    if (notBefore.getTime() < SINCE || validity <= MAX_DAYS * DAY) return null;
    return {
      message: `The leaf in ${path('crt')} is valid for ${count(Math.floor(validity / DAY), 'day')}. Safari and other clients on macOS and iOS refuse more than ${MAX_DAYS} days.`,
      help: `Have it reissued for at most ${MAX_DAYS} days.`,
    };
  },
});
