import { rule } from './rule.ts';
import { findingsFor } from './shared/chain.ts';
import { chain } from './shared/needs.ts';
import { causesOf, whyNotCa } from './shared/refusals.ts';
import { rfc } from './shared/sources.ts';
import { nameOf } from './shared/words.ts';

export const chainNotACa = rule({
  id: 'chain-not-a-ca',
  severity: 'error',
  refusedBy: ['openssl', 'java', 'browser'],
  stage: 'chain',
  title: 'a certificate issues another but may not',
  means:
    'An issuing certificate is not a CA, may not sign certificates, or its path length is exceeded. An old self-signed root of version 1 is accepted.',
  why: 'Clients refuse the chain: invalid CA certificate.',
  sources: [rfc(5280, '4.2.1.9'), rfc(5280, '6.1.4')],
  bad: 'basicConstraints = CA:FALSE',
  good: 'basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign',
  fix: 'Have the leaf issued by a real CA certificate.',
  needs: chain,
  check: ({ chainRefusals, placeOf }) =>
    findingsFor(causesOf(chainRefusals(), 'not-a-ca'), ({ certificate, issued, reason }, who) => ({
      message: `${placeOf(certificate)} issued ${nameOf(issued)}, but it may not: ${whyNotCa(reason)}. On install, everything would start, and then ${who} would refuse the connection (invalid CA certificate).`,
      help: 'Have the chain reissued by CA certificates that may issue it.',
    })),
});
