import type { Chain } from '../material/chain.ts';
import type { Material } from '../material/material.ts';
import { encodeCommand } from './commands.ts';
import type { Rule } from './rule.ts';
import { LIGHTRUN_PAGE, measured, rfc } from './sources.ts';
import { pathOf, subjectOf } from './words.ts';

const MOST_SHOWN = 8;

export const chainOrder: Rule = {
  id: 'chain-order',
  severity: 'error',
  stage: 'chain',
  title: 'the certificates are not in the order leaf → intermediate → root',
  means:
    'The leaf does not come first, or the certificates behind it do not each issue the one before. With cross-signed certificates any one valid way in order is right.',
  why: 'Where the leaf is not first, nginx refuses to start, and the pin is worked out from the wrong certificate. The page forbids every other order.',
  sources: [
    LIGHTRUN_PAGE,
    rfc(5246, '7.4.2'),
    measured('root first: nginx refuses (key values mismatch), and the root is pinned'),
  ],
  bad: 'cat root.crt intermediate.crt leaf.crt | base64 -w 0',
  good: 'cat leaf.crt intermediate.crt root.crt | base64 -w 0',
  mend: 'Put them in the order that is shown, and encode the file anew.',
  judges: [['crt']],
  check(target) {
    const { material } = target;
    const chain = material?.chain;
    if (!chain || chain.inOrder) return [];
    const isPinWrong = material.certificates[0] !== chain.leaf;
    const present = shorten(material.certificates.map(({ index }) => String(chain.roles[index])));
    const consequence = isPinWrong
      ? 'On install, the router would not start (key values mismatch), and clients would be told to pin the wrong key.'
      : 'Some clients accept that, others do not.';
    return [
      {
        about: 'crt',
        message: `The certificates in ${pathOf(target, 'crt')} are in the wrong order: ${present.join(', ')}. ${consequence}`,
        help: [
          'The right order:',
          ...rightOrder(chain, material),
          'Join the files in that order, and encode the result:',
          `  ${encodeCommand('crt')}`,
        ].join('\n'),
      },
    ];
  },
};

function rightOrder(chain: Chain, { certificates }: Material): string[] {
  const width = String(certificates.length).length;
  const stranded = chain.top.kind === 'missing' ? chain.top.stranded : [];
  const lines = [...chain.path, ...stranded].map((certificate, index) => {
    const role = String(chain.roles[certificate.index]).padEnd('intermediate'.length);
    const number = String(index + 1).padStart(width);
    return `  ${number}. ${role}  ${subjectOf(certificate)}  (now ${certificate.index + 1})`;
  });
  return shorten(lines).map((line) => (line.startsWith(' ') ? line : `  ${line}`));
}

function shorten(texts: readonly string[]): string[] {
  if (texts.length <= MOST_SHOWN) return [...texts];
  return [...texts.slice(0, MOST_SHOWN), `and ${texts.length - MOST_SHOWN} more`];
}
