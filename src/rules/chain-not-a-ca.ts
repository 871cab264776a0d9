import { count } from '../text/amount.ts';
import type { NotCaReason } from '../x509/chain/ca-checks.ts';
import type { Rule } from './rule.ts';
import { rfc } from './shared/sources.ts';
import { nameOf, pathOf } from './shared/words.ts';

export const chainNotACa: Rule = {
  id: 'chain-not-a-ca',
  severity: 'error',
  stage: 'chain',
  title: 'a certificate issues another but may not',
  means:
    'An issuing certificate is no CA, may not sign certificates, or its path length is exceeded. An old self-signed root of version 1 passes.',
  why: 'Clients refuse the chain: invalid CA certificate.',
  sources: [rfc(5280, '4.2.1.9'), rfc(5280, '6.1.4')],
  bad: 'basicConstraints = CA:FALSE',
  good: 'basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign',
  fix: 'Have the leaf issued by a real CA certificate.',
  appliesTo: [['crt']],
  check(target) {
    return (target.material?.chain?.notCa ?? []).map(({ certificate, issued, reason }) => ({
      about: 'crt' as const,
      message: `In ${pathOf(target, 'crt')}, ${nameOf(certificate)} issued ${nameOf(issued)}, but it may not: ${whyNotCa(reason)}. Clients would refuse the connection (invalid CA certificate).`,
      help: 'Have the chain issued anew by CA certificates that may do so.',
    }));
  },
};

/** Why a certificate may not issue another, as half a sentence. */
export function whyNotCa(reason: NotCaReason): string {
  switch (reason.kind) {
    case 'no-basic-constraints':
      return 'nothing in it says that it is a CA (no basic constraints)';
    case 'ca-false':
      return 'it says that it is no CA (CA:FALSE)';
    case 'key-usage':
      return 'its key usage does not allow it to sign certificates';
    default:
      return `it allows ${count(reason.allowed, 'intermediate')} below it, and ${reason.actual === 1 ? 'there is 1' : `there are ${reason.actual}`}`;
  }
}
