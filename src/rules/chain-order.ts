import { capitalized } from '../text/display.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Chain } from '../x509/chain/chain.ts';
import type { Material } from '../x509/material.ts';
import type { Rule } from './rule.ts';
import { encodeChain, encodeCommand } from './shared/commands.ts';
import { describeMisled } from './shared/misleading-issuer.ts';
import { LIGHTRUN_PAGE, measured, rfc } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { isUsableAt, misledAt } from './shared/usable.ts';
import { nameOf, pathOf, subjectOf } from './shared/words.ts';

const MOST_SHOWN = 8;

export const chainOrder: Rule = {
  id: 'chain-order',
  severity: 'error',
  stage: 'chain',
  title: 'the certificates are not in the order leaf → intermediate → root',
  means:
    'The leaf does not come first, or the certificates behind it do not each issue the one before. With cross-signed certificates any one valid way in order is right, unless another certificate that fits as an issuer stands in front of the right one and leads OpenSSL clients astray.',
  why: 'Where the leaf is not first, nginx refuses to start, and the pin is worked out from the wrong certificate. The page forbids every other order.',
  sources: [
    LIGHTRUN_PAGE,
    rfc(5246, '7.4.2'),
    measured('root first: nginx refuses (key values mismatch), and the root is pinned'),
    measured('of several issuers that fit OpenSSL clients take the first that is valid, and look no further'),
  ],
  bad: 'cat root.crt intermediate.crt leaf.crt | base64 -w 0',
  good: 'cat leaf.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Put them in the order that is shown, and encode the file anew.',
  appliesTo: [['crt']],
  check(target, { at }) {
    const { material } = target;
    const chain = material?.chain;
    if (!chain) return [];
    const misled = chain.standsInOrder ? misledAt(chain, at) : null;
    if (chain.standsInOrder && !misled) return [];
    const way = rightPath(chain, at);
    // As `lint --fix` puts them: what else belongs to the chain stands behind.
    const order = [...new Set([...way, ...chain.members])];
    const present = shorten(material.certificates.map(({ index }) => String(chain.roles[index])));
    const what = misled ? describeMisled(misled, way, at) : wrong(chain, material, way);
    return [
      {
        about: 'crt',
        message: `The certificates in ${pathOf(target, 'crt')} are in the wrong order: ${present.join(', ')}.${what}`,
        help: ['The right order:', ...listed(order, chain, material), ...joinAnew(target, order)].join('\n'),
      },
    ];
  },
};

/** The best way up, and what is stranded above it. */
function rightPath(chain: Chain, at: Date): Certificate[] {
  const disconnected = chain.top.kind === 'missing' ? chain.top.disconnected : [];
  return [...chain.pathOn((each) => isUsableAt(each, chain, at)), ...disconnected];
}

function wrong(chain: Chain, { certificates }: Material, way: readonly Certificate[]): string {
  const consequence =
    certificates[0] === chain.leaf
      ? "Java and OpenSSL cope with that; Lightrun's page forbids it, and stricter clients refuse it."
      : 'On install, the router would not start (key values mismatch), and clients would be told to pin the wrong key.';
  return `${firstInversion(way)} ${consequence}`;
}

/** Which two certificates stand the wrong way round, where the roles alone do not tell. */
function firstInversion(order: readonly Certificate[]): string {
  const at = order.findIndex(
    ({ index }, place) => index > (order[place + 1]?.index ?? Number.POSITIVE_INFINITY),
  );
  const [issued, issuer] = order.slice(at, at + 2);
  return at > 0 && issued && issuer
    ? ` ${capitalized(nameOf(issuer))} stands before ${nameOf(issued)}, which it issued.`
    : '';
}

function listed(order: readonly Certificate[], chain: Chain, { certificates }: Material): string[] {
  const width = String(certificates.length).length;
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

/** How to do it where each certificate has a file, and where all stand in one. */
function joinAnew(target: Target, order: readonly Certificate[]): string[] {
  const files = order.map(({ index }) => `cert-${index + 1}.pem`);
  if (files.length > MOST_SHOWN)
    return ['Join the files in that order, and encode the result:', `  ${encodeCommand(target, 'crt')}`];
  return [
    'Join the files in that order, and encode the result. Are they all in one file, in the present order? Then:',
    `  awk '/-----BEGIN/{n++} n{print > ("cert-" n ".pem")}' fullchain.crt`,
    `  ${encodeChain(target, files)}`,
  ];
}

function shorten(texts: readonly string[]): string[] {
  if (texts.length <= MOST_SHOWN) return [...texts];
  return [...texts.slice(0, MOST_SHOWN), `and ${texts.length - MOST_SHOWN} more`];
}
