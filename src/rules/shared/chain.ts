import type { Refusal } from '../../clients/refusal.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { Chain } from '../../x509/chain/chain.ts';
import type { Context, RuleFinding } from '../rule.ts';
import type { ChainFacts } from './needs.ts';
import { causesOf, consumersOf, misleadingIn, whoOf, whoRefuses } from './refusals.ts';

/** Of a certificate that no client needs, the beginning of a sentence. */
export const NOT_NEEDED = 'There is another path to a root, so it is not needed';

/**
 * What is to be said of certificates that are not valid at the time of the check: an error where that takes a client its
 * only path, else a warning. Known roots that clients need count too.
 * @param wording the first sentence, and what to do in either case
 */
export function validityFindings(
  kind: 'expired' | 'not-yet-valid',
  { chain, chainRefusals, options: { at } }: Context & ChainFacts,
  wording: (certificate: Certificate) => { what: string; renew: string; remove: string },
): RuleFinding[] {
  const refusals = chainRefusals();
  const refused = new Map(causesOf(refusals, kind).map((each) => [each.cause.certificate, each]));
  const isWrong = ({ notBefore, notAfter }: Certificate) =>
    kind === 'expired' ? notAfter < at : at < notBefore;
  // `chain-order` reports one that misleads clients.
  const explained = misleadingIn(refusals);
  const certificates = [...new Set([...chain.members.filter(isWrong), ...refused.keys()])];
  return certificates
    .filter((each) => refused.has(each) || !explained.includes(each))
    .map((certificate) => {
      const { what, renew, remove } = wording(certificate);
      const refusal = refused.get(certificate);
      if (!refusal)
        return {
          certificates: [certificate],
          severity: 'warning',
          refusedBy: [],
          message: `${what} ${NOT_NEEDED}; an old client may still fail on it.`,
          help: remove,
        };
      return {
        certificates: [certificate],
        refusedBy: consumersOf(refusal.by),
        message: `${what} ${whoRefuses(refusal.by)} would refuse the connection.`,
        help: renew,
      };
    });
}

/** The findings of a rule for its causes: who refuses is named in each. */
export function findingsFor<C>(
  causes: readonly { cause: C; by: readonly Refusal[] }[],
  finding: (cause: C, who: string) => RuleFinding,
): RuleFinding[] {
  return causes.map(({ cause, by }) => ({ refusedBy: consumersOf(by), ...finding(cause, whoOf(by)) }));
}

type Missing = Extract<Chain['top'], { kind: 'missing' }>;

/** The certificate whose issuer is missing between leaf and root; null where at most the top is missing. */
export function missingLink({ leaf, top }: Chain): Missing | null {
  if (top.kind !== 'missing' || top.known !== null) return null;
  return top.certificate === leaf || top.disconnected.length > 0 ? top : null;
}
