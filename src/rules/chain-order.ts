import type { Consumer } from '../clients/refusal.ts';
import { capitalized } from '../text/display.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import { rule } from './rule.ts';
import { encodeOwn } from './shared/commands.ts';
import { mismatchOf } from './shared/keys.ts';
import { type ChainFacts, chain } from './shared/needs.ts';
import { causesOf, consumersOf, describeMisleading } from './shared/refusals.ts';
import { LIGHTRUN_PAGE, measured, rfc } from './shared/sources.ts';
import { nameOf, subjectOf } from './shared/words.ts';

const MAX_SHOWN = 8;

export const chainOrder = rule({
  id: 'chain-order',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go', 'java', 'browser'],
  stage: 'chain',
  title: 'the certificates are in the wrong order',
  means:
    'The leaf does not come first, or the certificates after it do not each issue the one before. With cross-signed certificates any one valid path in order is right, unless another certificate that matches as an issuer comes before the right one and leads a client to a dead end.',
  why: "Where the leaf is not first, nginx refuses to start, and the pin is computed from the wrong certificate. Lightrun's page forbids every other order.",
  sources: [
    LIGHTRUN_PAGE,
    rfc(5246, '7.4.2'),
    measured('root first: nginx refuses (key values mismatch), and the root is pinned'),
    measured(
      'of several issuers that match, OpenSSL takes the first valid one, VS Code the first, and Java the list as it is where its names chain',
    ),
  ],
  bad: 'cat root.crt intermediate.crt my-cert.crt | base64 -w 0',
  good: 'cat my-cert.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'helm lightrun-cert lint --fix values.yaml puts them in the right order.',
  needs: chain,
  check(facts) {
    const { chain, leaf, chainRefusals, material, path } = facts;
    // A CA with its own key in the place of the server: `key-mismatch` says so.
    const [first] = material.certificates;
    if (first && mismatchOf(facts.target)?.owned.includes(first)) return null;
    const misled = causesOf(chainRefusals(), 'order');
    if (chain.isInOrder && misled.length === 0) return null;
    // Where the leaf comes later, nothing starts, and no client gets that far.
    const [misleading] = material.certificates[0] === leaf ? misled : [];
    const rightPath = rightPathOf(chain);
    // As in `lint --fix`: other members of the chain follow.
    const order = [...new Set([...rightPath, ...chain.members])];
    const present = shorten(material.certificates.map(({ index }) => String(chain.roles[index])));
    const what = misleading ? describeMisleading(misleading, rightPath) : describeOrder(facts, rightPath);
    return {
      refusedBy: misleading ? misled.flatMap(({ by }) => consumersOf(by)) : refusedInOrder(facts),
      message: `The certificates in ${path('crt')} are in the wrong order: ${present.join(', ')}.${what}`,
      help: ['The right order:', ...listed(order, facts)].join('\n'),
      commands: encodeOwn(facts, 'crt'),
    };
  },
});

/** nginx and Ingress controllers load the first certificate with the key. */
function refusedInOrder({ leaf, material }: ChainFacts): readonly Consumer[] {
  return material.certificates[0] === leaf ? [] : ['openssl', 'nginx', 'go', 'java', 'browser'];
}

/** The best path to a root, and what is disconnected above it. */
function rightPathOf({ path, top }: Chain): Certificate[] {
  return [...path, ...(top.kind === 'missing' ? top.disconnected : [])];
}

function describeOrder({ leaf, material }: ChainFacts, rightPath: readonly Certificate[]): string {
  const consequence =
    material.certificates[0] === leaf
      ? "Java and OpenSSL accept that; Lightrun's page forbids it, and stricter clients refuse it."
      : 'On install, the router would not start (key values mismatch), and clients would be told to pin the wrong key.';
  return `${firstInversion(rightPath)} ${consequence}`;
}

/** Which two certificates are in the wrong order, where the roles alone do not show it. */
function firstInversion(order: readonly Certificate[]): string {
  const at = order.findIndex(
    ({ index }, place) => index > (order[place + 1]?.index ?? Number.POSITIVE_INFINITY),
  );
  const [issued, issuer] = order.slice(at, at + 2);
  return at > 0 && issued && issuer
    ? ` ${capitalized(nameOf(issuer))} comes before ${nameOf(issued)}, which it issued.`
    : '';
}

function listed(order: readonly Certificate[], { chain, material }: ChainFacts): string[] {
  const width = String(material.certificates.length).length;
  const lines = order.map((certificate, index) => {
    const role = String(chain.roles[certificate.index]).padEnd('intermediate'.length);
    const number = String(index + 1).padStart(width);
    return `  ${number}. ${role}  ${subjectOf(certificate)}  (now ${certificate.index + 1})`;
  });
  const left = chain.unrelated.map(
    (certificate) => `  left out: ${subjectOf(certificate)}  (now ${certificate.index + 1})`,
  );
  return shorten([...lines, ...left]).map((line) => (line.startsWith(' ') ? line : `  ${line}`));
}

function shorten(lines: readonly string[]): string[] {
  if (lines.length <= MAX_SHOWN) return [...lines];
  return [...lines.slice(0, MAX_SHOWN), `and ${lines.length - MAX_SHOWN} more`];
}
