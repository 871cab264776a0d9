import type { Certificate } from '../x509/certificate.ts';
import { type RuleFinding, rule } from './rule.ts';
import { missingLink } from './shared/chain.ts';
import { encodeFiles, OWN_FILES } from './shared/commands.ts';
import { renamedIssuer } from './shared/damage.ts';
import { serverChain } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { nameOf, publicName, subjectOf } from './shared/words.ts';

export const chainNoRoot = rule({
  id: 'chain-no-root',
  severity: 'warning',
  refusedBy: [],
  stage: 'chain',
  title: 'the root is not in the chain',
  means:
    'As far as the file shows, only the top of the chain is missing. The message says whether that root is a public one.',
  why: "Clients that trust the root accept it; Lightrun's page asks for the whole chain up to the root.",
  sources: [
    LIGHTRUN_PAGE,
    measured('leaf and intermediate without the root are accepted by Java 17 and OpenSSL 3'),
  ],
  bad: 'cat my-cert.crt intermediate.crt | base64 -w 0',
  good: 'cat my-cert.crt intermediate.crt root.crt | base64 -w 0',
  fix: 'Add the root at the end.',
  needs: serverChain,
  check({ chain, ...context }) {
    const { path, options } = context;
    const { top } = chain;
    if (top.kind === 'loop') {
      return {
        message: `The chain in ${path('crt')} has no root: its CA certificates issue each other in a circle, beginning with ${nameOf(top.certificate)}. Only clients that already trust one of them accept it.`,
        help: 'Replace one of the two with the self-signed root of your CA, at the end of the file.',
      };
    }
    if (top.kind !== 'missing' || missingLink(chain) || renamedIssuer(chain)) return null;
    if (top.isCrossSigned)
      return top.certificate.isValidAt(options.at) ? crossSigned(top.certificate, path('crt')) : null;
    const root = publicName(top.certificate.issuer);
    return {
      message: `The chain in ${path('crt')} ends with ${nameOf(top.certificate)}; its issuer is not in it: ${root}. ${KNOWN[top.known ?? 'none'].replace('--ca-file', options.invocation.caFileFlag)}`,
      help: `Add the certificate of ${root} at the end of the file.`,
      commands: encodeFiles(
        context,
        top.known === 'public' ? { 'add-root': true } : { add: [OWN_FILES.root] },
      ),
    };
  },
});

function crossSigned(certificate: Certificate, path: string): RuleFinding {
  return {
    message: `The chain in ${path} ends with ${nameOf(certificate)}, which is a known root cross-signed by another CA. Clients know the root itself, so connections work; Lightrun's page asks for the chain up to the root.`,
    help: `Put the self-signed certificate of ${subjectOf(certificate)} in its place.`,
  };
}

const KNOWN = {
  public: 'That is a public root, so clients know it, and connections work.',
  'ca-file': 'That is a root of --ca-file, so clients that are given it accept the chain.',
  secret: 'That is the ca.crt of the same Secret, so clients that are given it accept the chain.',
  none: 'It is not a public root, so every client must be given it.',
} as const;
