import { count } from '../text/amount.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isMismatch } from './key-mismatch.ts';
import type { Rule } from './rule.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { misledAt } from './shared/usable.ts';
import { list, pathOf, subjectOf } from './shared/words.ts';

export const chainExtra: Rule = {
  id: 'chain-extra',
  severity: 'warning',
  stage: 'chain',
  title: 'certificates that have no part in the chain',
  means: 'Certificates in the file have no part in the chain of the leaf, or stand twice.',
  why: 'They are sent with every handshake for nothing, and the next person cannot tell which one counts.',
  sources: [LIGHTRUN_PAGE, measured('a leaf that stands twice is accepted by all')],
  bad: 'cat leaf.crt leaf.crt intermediate.crt root.crt | base64 -w 0',
  good: 'cat leaf.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Take them out, and encode the rest anew.',
  appliesTo: [['crt']],
  check(target, { at }) {
    const { chain, owned } = target.material ?? {};
    if (!chain) return [];
    // The key then belongs to one of them: that is the mistake, and the rule on keys names it.
    const isExplained =
      isMismatch(target) && chain.unrelated.some((certificate) => owned?.includes(certificate));
    // Those in front of the leaf are the business of the order, and so is one that leads clients astray.
    const isBehind = ({ index }: Certificate) => chain.standsInOrder || index > chain.leaf.index;
    const misleading = chain.unrelated.length > 0 ? misledAt(chain, at)?.fault.certificate : undefined;
    const unrelated = isExplained
      ? []
      : chain.unrelated.filter((each) => isBehind(each) && each !== misleading);
    const duplicates = chain.duplicates.map(({ certificate }) => certificate);
    if (unrelated.length + duplicates.length === 0) return [];
    const parts = [
      unrelated.length > 0
        ? `${count(unrelated.length, 'certificate')} without a part in the chain: ${list(unrelated.map(placeOf))}`
        : '',
      duplicates.length > 0
        ? `${count(duplicates.length, 'certificate')} that stood before already: ${list(duplicates.map(placeOf))}`
        : '',
    ].filter((part) => part !== '');
    return [
      {
        about: 'crt',
        message: `${pathOf(target, 'crt')} holds ${parts.join('; and ')}. ${unrelated.length + duplicates.length === 1 ? 'It is' : 'They are'} sent with every connection for nothing.`,
        help: `Take ${unrelated.length + duplicates.length === 1 ? 'it' : 'them'} out of the PEM file, and encode the rest anew.`,
      },
    ];
  },
};

function placeOf(certificate: Parameters<typeof subjectOf>[0]): string {
  return `${certificate.index + 1} (${subjectOf(certificate)})`;
}
