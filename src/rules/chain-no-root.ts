import type { Certificate } from '../x509/certificate.ts';
import { missingLink } from './chain-incomplete.ts';
import type { RawFinding, Rule } from './rule.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { isValidAt } from './shared/validity.ts';
import { nameOf, pathOf, publicName, subjectOf } from './shared/words.ts';

export const chainNoRoot: Rule = {
  id: 'chain-no-root',
  severity: 'warning',
  stage: 'chain',
  title: 'the root is not in the chain',
  means:
    'All that is missing, as far as the file tells, is the top of the chain. Whether that root is a public one is said.',
  why: "Clients that trust the root accept it; Lightrun's page asks for the whole chain up to the root.",
  sources: [
    LIGHTRUN_PAGE,
    measured('leaf and intermediate without the root are accepted by Java 17 and OpenSSL 3'),
  ],
  bad: 'cat leaf.crt intermediate.crt | base64 -w 0',
  good: 'cat leaf.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Add the root at the end.',
  appliesTo: [['crt']],
  check(target, { at }) {
    const { chain } = target.material ?? {};
    if (!chain || missingLink(chain)) return [];
    const { top } = chain;
    if (top.kind === 'loop') {
      return [
        {
          about: 'crt',
          message: `The chain in ${pathOf(target, 'crt')} has no root: its CA certificates issue each other in a circle, beginning with ${nameOf(top.certificate)}. Only clients that know one of them from elsewhere accept it.`,
          help: 'Add the self-signed root of your CA at the end, in place of one of the two.',
        },
      ];
    }
    if (top.kind !== 'missing') return [];
    if (top.isCrossSigned)
      return isValidAt(top.certificate, at) ? [crossSigned(target, top.certificate)] : [];
    const root = publicName(top.certificate.issuer);
    return [
      {
        about: 'crt',
        message: `The chain in ${pathOf(target, 'crt')} ends with ${nameOf(top.certificate)}; its issuer is not in it: ${root}. ${KNOWN[top.known ?? 'none']}`,
        help: `Add the certificate of ${root} at the end of the file, and encode it anew.`,
      },
    ];
  },
};

function crossSigned(target: Target, certificate: Certificate): RawFinding {
  const root = subjectOf(certificate);
  return {
    about: 'crt',
    message: `The chain in ${pathOf(target, 'crt')} ends with ${nameOf(certificate)}, which is a copy of a known root, signed by another CA. Clients know the root itself, so connections work; Lightrun's page asks for the chain up to the root.`,
    help: `Put the self-signed certificate of ${root} in its place, and encode the file anew.`,
  };
}

const KNOWN = {
  public: 'That is a public root, so clients know it, and connections work.',
  'ca-file': 'That is a root of --ca-file, so clients that are given it accept the chain.',
  none: 'It is no public root, so every client must be given it.',
} as const;
