import { count } from '../text/amount.ts';
import type { Certificate } from '../x509/certificate.ts';
import { type Context, rule } from './rule.ts';
import { renamedIssuer } from './shared/damage.ts';
import { mismatchOf } from './shared/keys.ts';
import { type ChainFacts, chain } from './shared/needs.ts';
import { causesOf, consumersOf, misleadingIn, whoOf } from './shared/refusals.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { list, subjectOf } from './shared/words.ts';

export const chainExtra = rule({
  id: 'chain-extra',
  severity: 'warning',
  refusedBy: [],
  stage: 'chain',
  title: 'certificates that have no part in the chain, or too many',
  means:
    "Certificates in the file have no part in the leaf's chain, or are duplicates. An error where the file has more certificates than Java takes.",
  why: 'They are sent with every handshake for nothing, and the next person cannot tell which one counts.',
  sources: [
    LIGHTRUN_PAGE,
    measured('a duplicate leaf is accepted by all'),
    measured('Java 11 to 25 refuse more than 10 certificates'),
  ],
  bad: 'cat my-cert.crt my-cert.crt intermediate.crt root.crt | base64 -w 0',
  good: 'cat my-cert.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Remove them, and encode the rest again.',
  needs: chain,
  check(facts) {
    const { chain, chainRefusals, material, path } = facts;
    const unrelated = unrelatedIn(facts);
    const duplicates = chain.duplicates.map(({ certificate }) => certificate);
    const total = unrelated.length + duplicates.length;
    const [tooMany] = causesOf(chainRefusals(), 'too-many');
    if (total === 0 && !tooMany) return null;
    const parts = [
      ...(unrelated.length > 0
        ? [`${count(unrelated.length, 'certificate')} with no part in the chain: ${places(unrelated)}`]
        : []),
      ...(duplicates.length > 0
        ? [`${count(duplicates.length, 'duplicate certificate')}: ${places(duplicates)}`]
        : []),
    ];
    const holds = `${path('crt')} holds`;
    const waste = `${holds} ${parts.join('; and ')}. ${total === 1 ? 'It is' : 'They are'} sent with every connection for nothing.`;
    const help = `Remove ${total === 1 ? 'it' : 'them'}.`;
    if (!tooMany) return { message: waste, help };
    const { cause, by } = tooMany;
    const sent = count(material.certificates.length, 'certificate');
    return {
      severity: 'error',
      refusedBy: consumersOf(by),
      message: `${total > 0 ? `${waste} All in all they are ${sent}` : `${holds} ${sent}`}; ${whoOf(by)} take at most ${cause.allowed}, and would refuse the connection.`,
      help: `Keep the leaf, the intermediates of one path and its root, at most ${cause.allowed} in all.`,
    };
  },
});

/** Those that no other rule explains. */
function unrelatedIn({ chain, leaf, target, chainRefusals }: Context & ChainFacts): Certificate[] {
  if (chain.unrelated.length === 0) return [];
  // `key-mismatch` says that the key belongs to one of them.
  if (chain.unrelated.some((each) => mismatchOf(target)?.owned.includes(each))) return [];
  // `chain-incomplete` says that one of the certificates was changed.
  if (renamedIssuer(chain) !== null) return [];
  // `chain-order` reports those before the leaf, and one that misleads clients.
  const misleading = misleadingIn(chainRefusals());
  return chain.unrelated.filter(
    (each) => !misleading.includes(each) && (chain.isInOrder || each.index > leaf.index),
  );
}

function places(certificates: readonly Certificate[]): string {
  return list(certificates.map((certificate) => `${certificate.index + 1} (${subjectOf(certificate)})`));
}
